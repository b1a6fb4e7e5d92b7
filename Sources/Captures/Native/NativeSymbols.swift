import Profiles

/// Names for the addresses of services; the files they lie in are read once for all rounds.
package actor NativeSymbols {
    private let symbolizer: Symbolizer

    package init() {
        symbolizer = Symbolizer { module in
            ExecutableFile(module.path).map { file in { file.read(from: $0, count: $1) } }
        }
    }

    /// The profile with names, as pprof.
    func pprof(_ profile: AddressProfile) throws(CaptureError) -> [UInt8] {
        do throws(ProfileError) {
            return try ProfileWriter.pprof(profile, symbols: symbolizer.symbols(for: profile))
        } catch {
            throw .unreadable(url: "the probe's profile", reason: error.message)
        }
    }
}
