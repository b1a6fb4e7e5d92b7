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

    private let name: String
    private let file: ELFFile
    private let segments: [ELFFile.Segment]
    private let table: SymbolTable
    private var functions: [UInt64: Symbols.Function] = [:]
    private var rows: [UInt64: LineTable.Row] = [:]
    private var asked: Set<UInt64> = []
    /// Why there are no line numbers although the file has some.
    private(set) var lineProblem: String?
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
        let starts = origins(of: found.compactMap(\.symbol))
        readLines(found.map(\.place) + starts.values)
        for (address, place, symbol) in found {
            guard let symbol else {
                places[address] = Symbols.Place(function: nameless(place))
                continue
            }
            let function = function(symbol, origin: starts[symbol.range.lowerBound] ?? symbol.range.lowerBound)
            // Code of another file was inlined here; its line says nothing about this function's file.
            let row = rows[place].flatMap { $0.file == function.file ? $0 : nil }
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

    private func function(_ symbol: SymbolTable.Symbol, origin: UInt64) -> Symbols.Function {
        if let known = functions[symbol.range.lowerBound] { return known }
        let linkerName = table.name(symbol)
        let row = rows[origin]
        let hasSource = row.map { !$0.file.isEmpty && $0.line > 0 } ?? false
        let function = Symbols.Function(
            name: FunctionName.readable(linkerName), linkerName: linkerName, file: hasSource ? row?.file ?? "" : "",
            line: hasSource ? row?.line ?? 0 : 0)
        functions[symbol.range.lowerBound] = function
        return function
    }

    /// Where the function that a symbol is a part of begins.
    ///
    /// An asynchronous function is cut at its suspension points, and a closure has a forwarder; each part would name
    /// another line, or no file at all, as the beginning of the same function.
    private func origins(of symbols: [SymbolTable.Symbol]) -> [UInt64: UInt64] {
        var candidates: [UInt64: [String]] = [:]
        var result: [UInt64: UInt64] = [:]
        for symbol in symbols where functions[symbol.range.lowerBound] == nil {
            let start = symbol.range.lowerBound
            guard result.updateValue(start, forKey: start) == nil else { continue }
            let wholes = SwiftName.wholes(ofPart: table.name(symbol))
            if !wholes.isEmpty { candidates[start] = wholes }
        }
        let found = table.find(Set(candidates.values.joined()))
        for (start, wholes) in candidates {
            if let whole = wholes.lazy.compactMap({ found[$0] }).first { result[start] = whole.range.lowerBound }
        }
        return result
    }

    private func readLines(_ addresses: [UInt64]) {
        let missing = Set(addresses).subtracting(asked)
        guard hasLines, !missing.isEmpty else { return }
        asked.formUnion(missing)
        switch LineTable.rows(of: Array(missing), in: file) {
        case .rows(let found): rows.merge(found) { first, _ in first }
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
