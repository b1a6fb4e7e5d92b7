import Profiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How long it takes to name the addresses of a large profile and to write it, for `ci/bench-symbols`.
///
///     symbol-bench time EXECUTABLE STACKS DEPTH    stacks over addresses spread evenly over the executable's code
///     symbol-bench names EXECUTABLE COUNT          what so many of its addresses are called
@main
enum SymbolBench {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 3, let first = Int(arguments[2]), first > 0 else {
            fail("see the source for the usage")
        }
        guard let module = module(arguments[1]) else { fail("no code in \(arguments[1])") }
        switch (arguments[0], arguments.count > 3 ? Int(arguments[3]) : nil) {
        case ("time", let depth?) where depth > 0: time(module, stacks: first, depth: depth)
        case ("names", _): names(module, first)
        default: fail("see the source for the usage")
        }
    }

    private static func time(_ module: AddressProfile.Module, stacks: Int, depth: Int) {
        let profile = profile(module, stacks: stacks, depth: depth)
        var symbols = Symbols()
        let naming = ContinuousClock().measure { symbols = Symbolizer(open: reader).symbols(for: profile) }
        for problem in symbols.problems { print("\(problem.module): \(problem.reason)") }
        var written: [UInt8] = []
        let writing = ContinuousClock().measure {
            do throws(ProfileError) { written = try ProfileWriter.pprof(profile, symbols: symbols) } catch {
                fail(error.message)
            }
        }
        let addresses = Set(profile.samples.flatMap(\.frames))
        let lines = symbols.places.values.count { $0.line > 0 }
        print("stacks \(stacks) of \(depth), different addresses \(addresses.count)")
        print("named \(symbols.places.count), with a line \(lines)")
        print("naming \(naming.milliseconds) ms, writing \(writing.milliseconds) ms, \(written.count) bytes")
    }

    private static func names(_ module: AddressProfile.Module, _ count: Int) {
        let size = module.addresses.upperBound - module.addresses.lowerBound
        let addresses = (0..<UInt64(count)).map { module.addresses.lowerBound + size / UInt64(count) * $0 }
        let symbols = Symbolizer(open: reader).symbols(for: Set(addresses), in: [module])
        for address in addresses {
            guard let place = symbols.places[address] else { continue }
            let function = place.function
            let owner = NativeFunction.isRuntime(function.name, path: function.file) ? "runtime" : "own"
            print(
                "\(owner)\t\(function.name)\t\(function.file):\(function.line)\t\(place.line)\t\(function.linkerName)")
        }
    }

    /// Stacks that differ in their leaves and share their roots, as real ones do.
    private static func profile(_ module: AddressProfile.Module, stacks: Int, depth: Int) -> AddressProfile {
        let size = module.addresses.upperBound - module.addresses.lowerBound
        var state: UInt64 = 1
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let places = (0..<20_000).map { _ in module.addresses.lowerBound + next(size) }
        let samples = (0..<stacks).map { stack in
            let frames = (0..<depth).map { level in
                AddressProfile.Frame.address(places[Int(next(UInt64(places.count)) >> UInt64(level * 10 / depth))])
            }
            return AddressProfile.Sample(frames: frames, values: [Int64(stack), 64 * Int64(stack)])
        }
        return AddressProfile(
            sampleTypes: [.init(type: "alloc_objects", unit: "count"), .init(type: "alloc_space", unit: "bytes")],
            samples: samples, modules: [module])
    }

    // MARK: Files

    /// The code as it would be mapped at an arbitrary address.
    private static func module(_ path: String) -> AddressProfile.Module? {
        let probe = AddressProfile.Module(path: path, buildID: "", addresses: 0..<1, fileOffset: 0)
        guard let read = reader(probe), let file = ELFFile(read), let text = file.section(named: ".text") else {
            return nil
        }
        let start: UInt64 = 0x5500_0000_0000
        return AddressProfile.Module(
            path: path, buildID: file.buildID() ?? "", addresses: start..<(start + text.size), fileOffset: text.offset)
    }

    private static func reader(_ module: AddressProfile.Module) -> ELFFile.Reader? {
        let file = open(module.path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        let size = UInt64(clamping: lseek(file, 0, SEEK_END))
        return { offset, count in
            guard offset <= size, UInt64(count) <= size - offset else { return nil }
            return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = max(pread(file, buffer.baseAddress, count, off_t(offset)), 0)
            }
        }
    }

    private static func fail(_ message: String) -> Never {
        let text = Array("symbol-bench: \(message)\n".utf8)
        _ = write(STDERR_FILENO, text, text.count)
        exit(1)
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
