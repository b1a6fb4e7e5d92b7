import Profiles

/// Which addresses of the runtime are of `Task.sleep`, by the names its functions have.
struct SleepFunctions {
    private let runtime: Range<UInt64>
    private let modules: [AddressProfile.Module]
    private let symbolizer = Symbolizer { MappedFile.reader($0.path) }
    private var known: [UInt64: Bool] = [:]

    init(runtime: Range<UInt64>, modules: [AddressProfile.Module]) {
        self.runtime = runtime
        self.modules = modules
    }

    /// False also where the runtime has no symbols: then nothing tells a sleeping task from another that waits.
    mutating func contains(_ address: UInt64?) -> Bool {
        guard let address, runtime.contains(address) else { return false }
        if let answer = known[address] { return answer }
        let place = symbolizer.symbols(for: [address], in: modules).places[address]
        let name = place?.function.linkerName ?? ""
        // Static methods of `Task` where `Success` and `Failure` are `Never`, named `sleep` or `_sleep`.
        let isSleep = name.hasPrefix("$sScTss5Never") && (name.contains("5sleep") || name.contains("6_sleep"))
        known[address] = isSleep
        return isSleep
    }
}
