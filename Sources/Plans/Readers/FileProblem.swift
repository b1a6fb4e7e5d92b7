/// Why a file that a plan names could not be read.
package struct FileProblem: Error, Sendable, Equatable {
    /// In words, without a final stop: `no such file`.
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}
