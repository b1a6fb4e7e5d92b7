import Plans
package import Recordings
import Verdicts

/// What a calibration measured.
package struct CalibrationRun: Sendable {
    package var recording: Recording
    package var folder: RunFolder

    package init(recording: Recording, folder: RunFolder) {
        self.recording = recording
        self.folder = folder
    }
}

extension Gate {
    /// Measures one version against itself for a time; what was measured is on disk after every round.
    ///
    /// Without budgets in the request the recording holds the default ones of which the service has values. A
    /// measurement that fails half-way is a recording that says why.
    package static func calibrate(
        _ request: GateRequest, for time: Duration, listener: @escaping GateListener
    ) async throws(GateError) -> CalibrationRun {
        let refusals = Rules.refusals(
            budgets: request.budgets, rounds: request.plan.rounds, hasBaseline: true,
            isSearch: request.plan.search != nil, requests: { request.plan.expectedRequests(of: $0) })
        guard refusals.isEmpty else { throw .refused(refusals) }
        try request.mustBeStartable()
        let folder = try RunFolder(creating: request.folder)
        let began = ContinuousClock.now
        var recording = request.recording
        do {
            try await Sides.withSides(request, folder, listener) { sides in
                recording.sides = sides.descriptions
                listener(.measuring(sides: sides.descriptions, rounds: request.plan.rounds))
                try await Measurement(
                    sides: sides, request: request, folder: folder, listener: listener,
                    goal: .calibration(within: time)
                ).run(&recording)
            }
        } catch {
            recording.failure = sentence(error)
        }
        recording.seconds = (ContinuousClock.now - began) / .seconds(1)
        if request.budgets.all.isEmpty {
            recording.budgets = .init(
                file: DefaultBudgets.file, text: BudgetWriter.text(Calibration.defaults(for: recording)))
        }
        try folder.writeRecording(recording)
        return CalibrationRun(recording: recording, folder: folder)
    }
}
