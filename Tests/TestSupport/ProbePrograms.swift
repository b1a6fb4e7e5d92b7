/// What is run under the native probe in tests.
package enum ProbePrograms {
    /// A built fixture, or an absolute path as it is.
    package static func path(_ program: String) -> String {
        program.hasPrefix("/") ? program : Repository.root + "/.build/fixtures/probe-programs/" + program
    }

    /// The probe as users get it: what a compiler does for a release may change who seems to have called.
    package static let library = Repository.root + "/.build/release/libNativeProbe.so"
}
