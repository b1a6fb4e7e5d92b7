package import Recordings
package import Verdicts

/// A run on disk, with the stored baseline it was judged against, if it was.
package struct StoredRun: Sendable {
    package let folder: RunFolder
    package let recording: Recording
    /// A copy of the baseline's recording, and the folder its profiles were in at the time.
    private let baseline: Recording?
    package let baselineFolder: RunFolder

    package init(folder: RunFolder) throws(GateError) {
        self.folder = folder
        recording = try folder.readRecording()
        guard let stored = recording.storedBaseline else {
            baseline = nil
            baselineFolder = folder
            return
        }
        baseline = try folder.readBaseline()
        baselineFolder = (try? RunFolder(existing: stored)) ?? folder
    }

    package var comparison: Comparison {
        guard let baseline else { return Comparison(recording) }
        return Comparison(candidate: .init(recording, .candidate), baseline: .init(baseline, .candidate))
    }
}
