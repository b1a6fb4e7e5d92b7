/// One file's symbols and line numbers, read as far as somebody asked.
final class SymbolFile {
    /// Why a file names nothing.
    enum Refusal: Error, Equatable {
        case unreadable
        case notELF
        case otherMachine
        case otherBuild(found: String)
        case stripped

        var reason: String {
            switch self {
            case .unreadable: "the file cannot be read"
            case .notELF: "the file is no ELF file, or a damaged one"
            case .otherMachine: "the file is not for a 64-bit little-endian machine"
            case .otherBuild(let found): "the file is not the one that was mapped: its build id is now \(found)"
            case .stripped: "the file has no symbol table: it was stripped"
            }
        }
    }

    /// What is missing although it was asked for.
    var problems: [String] { [nameProblem, lineProblem].compactMap(\.self) }

    private let name: String
    private let file: ELFFile
    private let segments: [ELFFile.Segment]
    private let table: SymbolTable
    private var functions: [UInt64: Symbols.Function] = [:]
    private var lines = LineTable.Found()
    private var asked: Set<UInt64> = []
    private var askedBeginnings: Set<UInt64> = []
    /// Why some addresses have no name, said once one was asked about.
    private var nameProblem: String?
    /// Why there are no line numbers although the file has some.
    private var lineProblem: String?
    private var hasLines = true

    init(_ module: AddressProfile.Module, _ reader: ELFFile.Reader?) throws(Refusal) {
        guard let reader else { throw .unreadable }
        guard let file = ELFFile(reader) else { throw .notELF }
        guard file.isWide, !file.isBig else { throw .otherMachine }
        if !module.buildID.isEmpty {
            let found = file.buildID() ?? "none"
            guard found == module.buildID else { throw .otherBuild(found: found) }
        }
        guard let table = SymbolTable(file) else { throw .stripped }
        name = module.path.split(separator: "/").last.map(String.init) ?? module.path
        self.file = file
        self.table = table
        segments = file.segments()
    }

    /// Names addresses, given with the offset in the file of what was mapped at each.
    func name(_ wanted: [(address: UInt64, offset: UInt64)], in places: inout [UInt64: Symbols.Place]) {
        var found: [(address: UInt64, place: UInt64, symbol: SymbolTable.Symbol?)] = []
        for (address, offset) in wanted {
            guard let place = loaded(offset) else { continue }
            found.append((address, place, table.symbol(at: place)))
        }
        let wholes = wholes(of: found.compactMap(\.symbol))
        readLines(found.map(\.place), functions: (found.compactMap(\.symbol) + wholes.values).map(\.range))
        for (address, place, symbol) in found {
            guard let symbol else {
                if !table.isComplete { nameProblem = "it was stripped: only the functions it exports have names" }
                places[address] = Symbols.Place(function: nameless(place))
                continue
            }
            let function = function(symbol, whole: wholes[symbol.range.lowerBound] ?? symbol)
            // Code of another file was inlined here; its line says nothing about this function's file.
            let row = lines.rows[place].flatMap { $0.file == function.file ? $0 : nil }
            places[address] = Symbols.Place(function: function, line: function.file.isEmpty ? 0 : row?.line ?? 0)
        }
    }

    /// Where the linker placed a byte of the file.
    private func loaded(_ offset: UInt64) -> UInt64? {
        let holding = segments.filter { offset >= $0.offset && offset - $0.offset < $0.fileSize }
        guard let segment = holding.first(where: \.isExecutable) ?? holding.first else { return nil }
        return segment.address &+ (offset - segment.offset)
    }

    /// A place without a symbol, by its address in the file: that in the process is another in every run.
    private func nameless(_ place: UInt64) -> Symbols.Function {
        Symbols.Function(name: "\(name)+0x" + String(place, radix: 16), linkerName: "")
    }

    private func function(_ symbol: SymbolTable.Symbol, whole: SymbolTable.Symbol) -> Symbols.Function {
        if let known = functions[symbol.range.lowerBound] { return known }
        let linkerName = table.name(symbol)
        let beginning = lines.beginnings[whole.range.lowerBound] ?? lines.beginnings[symbol.range.lowerBound]
        let function = Symbols.Function(
            name: FunctionName.readable(linkerName), linkerName: linkerName, file: beginning?.file ?? "",
            line: beginning?.line ?? 0)
        functions[symbol.range.lowerBound] = function
        return function
    }

    /// The function that each of several symbols is a part of, by where the part begins.
    ///
    /// An asynchronous function is cut at its suspension points, and a closure has a forwarder; each part would name
    /// another line, or no file at all, as the beginning of the same function.
    private func wholes(of symbols: [SymbolTable.Symbol]) -> [UInt64: SymbolTable.Symbol] {
        var candidates: [UInt64: [String]] = [:]
        var result: [UInt64: SymbolTable.Symbol] = [:]
        for symbol in symbols where functions[symbol.range.lowerBound] == nil {
            let start = symbol.range.lowerBound
            guard result.updateValue(symbol, forKey: start) == nil else { continue }
            let names = SwiftName.wholes(ofPart: table.name(symbol))
            if !names.isEmpty { candidates[start] = names }
        }
        let found = table.find(Set(candidates.values.joined()))
        for (start, names) in candidates {
            if let whole = names.lazy.compactMap({ found[$0] }).first { result[start] = whole }
        }
        return result
    }

    private func readLines(_ addresses: [UInt64], functions: [Range<UInt64>]) {
        let missing = Set(addresses).subtracting(asked)
        let beginnings = Set(functions).filter { !askedBeginnings.contains($0.lowerBound) }
        guard hasLines, !missing.isEmpty || !beginnings.isEmpty else { return }
        asked.formUnion(missing)
        askedBeginnings.formUnion(beginnings.map(\.lowerBound))
        switch LineTable.find(Array(missing), functions: Array(beginnings), in: file) {
        case .found(let found):
            lines.rows.merge(found.rows) { first, _ in first }
            lines.beginnings.merge(found.beginnings) { first, _ in first }
        case .none: hasLines = false
        case .compressed: giveUpLines("its line numbers are compressed, which is not read")
        case .damaged: giveUpLines("its line numbers are damaged")
        }
    }

    private func giveUpLines(_ reason: String) {
        hasLines = false
        lineProblem = reason
    }
}
