import Profiles

#if canImport(Glibc)
    import Glibc
#endif

/// The Swift runtime's own count of tasks, read from outside of a process, with no probe in it.
///
/// Every task gets a number when it is made, of whichever kind. Needs the symbols of the runtime, or of the executable
/// it is linked into; a fully static executable will do.
package struct NextTaskID: Sendable {
    package let pid: Int32
    private let address: UInt64
    private let memory: ProbeDescriptor

    private static let symbol = "_ZZN5swift9AsyncTask9setTaskIdEvE6NextId"
    private static let maximumSymbols = 1 << 28

    /// Looks for the counter in what the process has mapped.
    package init(pid: Int32) throws(ProbeError) {
        self.pid = pid
        // Open before anything is looked at: it stays with the program that runs now.
        do throws(ProbeError) {
            memory = try ProbeDescriptor(path: ProcessFolder.path(pid) + "/mem", writing: false)
        } catch .file(_, let reason) {
            throw kill(pid, 0) == 0 ? .memory(pid: pid, reason: reason) : .ended(pid: pid)
        }
        let modules = try ProcessMap.of(pid).modules()
        let library = modules.first { $0.path.hasSuffix("/libswift_Concurrency.so") }
        guard let module = library ?? modules.first else { throw .ended(pid: pid) }
        guard let file = MappedFile.reader(module.path).flatMap({ ELFFile($0) }),
            let value = Self.value(of: Self.symbol, in: file),
            let base = Self.base(of: module, file)
        else {
            throw .unavailable(
                .tasksCreated, reason: "\(module.path) has no symbol for the Swift runtime's count of tasks")
        }
        address = base &+ value
    }

    /// How many tasks were made until now, async lets included.
    package func count() throws(ProbeError) -> UInt64 {
        // The next number, beginning with one.
        guard let next = memory.read(UInt64.self, at: address), next > 0 else { throw .ended(pid: pid) }
        return next - 1
    }

    /// Where a name's datum lies in a file that is loaded at zero.
    static func value(of name: String, in file: ELFFile) -> UInt64? {
        guard let symbols = file.bytes(of: ".symtab", limit: maximumSymbols),
            let names = file.bytes(of: ".strtab", limit: maximumSymbols)
        else { return nil }
        let wanted = Array(name.utf8) + [0]
        return symbols.withUnsafeBytes { symbols in
            for start in stride(from: 0, to: symbols.count - 23, by: 24) {
                let place = Int(symbols.loadUnaligned(fromByteOffset: start, as: UInt32.self))
                guard place <= names.count - wanted.count, names[place] == wanted[0],
                    names[place..<place + wanted.count].elementsEqual(wanted)
                else { continue }
                return symbols.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
            }
            return nil
        }
    }

    /// What is to be added to a place in the file: where code was mapped, less where the file wants it.
    private static func base(of module: AddressProfile.Module, _ file: ELFFile) -> UInt64? {
        file.address(ofFileOffset: module.fileOffset).map { module.addresses.lowerBound &- $0 }
    }
}
