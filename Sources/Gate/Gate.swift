import Captures
import LoadGen
import Measures
package import Plans
import Recordings
package import Verdicts

/// The whole of a run: sides, rounds, verdict, explanation.
package enum Gate {
    /// Measures and judges; what was measured is on disk after every round.
    ///
    /// A run that fails half-way is an outcome too: its verdict is "failed", with what was measured until then.
    package static func run(
        _ request: GateRequest, listener: @escaping GateListener
    ) async throws(GateError)
        -> GateOutcome
    {
        let refusals = Rules.refusals(
            budgets: request.budgets, rounds: request.plan.rounds, hasBaseline: request.base != .none,
            isSearch: request.plan.search != nil, requests: { request.plan.expectedRequests(of: $0) })
        guard refusals.isEmpty else { throw .refused(refusals) }
        try request.mustMakeSense()
        let stored = try storedBaseline(request)
        let folder = try RunFolder(creating: request.folder)
        let began = ContinuousClock.now
        var recording = request.recording
        if let stored {
            recording.storedBaseline = Files.canonical(stored.folder.path)
            try folder.writeBaseline(stored.recording)
        }
        func comparison(_ recording: Recording) -> Comparison {
            guard let stored else { return Comparison(recording) }
            return Comparison(candidate: .init(recording, .candidate), baseline: .init(stored.recording, .candidate))
        }
        do {
            try await Sides.withSides(request, folder, listener) { sides in
                recording.sides = sides.descriptions
                listener(.measuring(sides: sides.descriptions, rounds: request.plan.rounds))
                let goal = Measurement.Goal.verdict(within: request.maximumTime) {
                    Judge.judge(comparison($0), budgets: request.budgets)
                }
                try await Measurement(
                    sides: sides, request: request, folder: folder, listener: listener, goal: goal
                ).run(&recording)
                let verdict = Judge.judge(comparison(recording), budgets: request.budgets)
                let explainer = Explainer(
                    plan: request.plan.explained(verdict), folder: folder, seed: request.seed, listener: listener)
                do {
                    recording.explanations = try await explainer.explain(verdict, sides)
                } catch {
                    // What was proven stays proven.
                    recording.unexplained = sentence(error)
                }
            }
        } catch {
            recording.failure = sentence(error)
        }
        recording.seconds = (ContinuousClock.now - began) / .seconds(1)
        try folder.writeRecording(recording)
        return judge(
            comparison(recording), budgets: request.budgets, folder: folder, baselineFolder: stored?.folder ?? folder)
    }

    /// Judges recordings and explains what regressed.
    package static func judge(
        _ comparison: Comparison, budgets: Budgets, folder: RunFolder, baselineFolder: RunFolder
    ) -> GateOutcome {
        let verdict = Judge.judge(comparison, budgets: budgets)
        let shelf = ProfileShelf(candidate: folder, baseline: baselineFolder)
        let attributions = Attributor(comparison: comparison, read: shelf.read).attribute(verdict)
        return GateOutcome(verdict: verdict, comparison: comparison, attributions: attributions, folder: folder)
    }

    private static func storedBaseline(
        _ request: GateRequest
    ) throws(GateError) -> (
        recording: Recording, folder: RunFolder
    )? {
        guard case .recording(let path) = request.base else { return nil }
        let folder = try RunFolder(existing: path)
        let recording = try folder.readRecording()
        if recording.ending == .calibrated {
            throw .usage("--baseline: \(path) is a calibration, which measured one version against itself")
        }
        guard recording.plan.asks(theSameAs: request.planDocument) else {
            throw .usage(
                "--baseline: \(path) was loaded by another plan than \(request.planFile), so nothing can be compared "
                    + "with it; measure the baseline anew with this plan")
        }
        return (recording, folder)
    }

    static func sentence(_ error: any Error) -> String {
        if error.isInterruption { return CaptureError.interrupted.message }
        return switch error {
        case let error as GateError: error.message
        case let error as CaptureError: error.message
        default: "\(error)"
        }
    }
}
