/// The tables a written profile's samples refer to, filled in the order in which things are first referred to.
struct WrittenTables {
    /// What tells two functions apart.
    private struct FunctionKey: Hashable {
        let name: String
        let file: String
    }

    private struct Location {
        /// 0 = in no module.
        let mapping: UInt64
        let address: UInt64
        /// 0 = without a name.
        let function: UInt64
        let line: Int
    }

    private struct Function {
        let name: String
        let linkerName: String
        let file: String
        let line: Int
    }

    private let modules: [AddressProfile.Module]
    private let symbols: Symbols
    /// Modules by their first address, as numbers of `modules`.
    private let order: [Int]
    private var locations: [Location] = []
    private var locationNumbers: [AddressProfile.Frame: UInt32] = [:]
    private var functions: [Function] = []
    private var functionNumbers: [FunctionKey: UInt64] = [:]
    private var strings = [""]
    private var stringNumbers = ["": UInt64(0)]

    init(modules: [AddressProfile.Module], symbols: Symbols) {
        self.modules = modules
        self.symbols = symbols
        order = modules.indices.sorted {
            (modules[$0].addresses.lowerBound, $0) < (modules[$1].addresses.lowerBound, $1)
        }
    }

    /// The id of a location.
    mutating func location(_ frame: AddressProfile.Frame) -> UInt32 {
        if let number = locationNumbers[frame] { return number }
        switch frame {
        case .mark(let text):
            let function = function(Function(name: text, linkerName: "", file: "", line: 0))
            locations.append(Location(mapping: 0, address: 0, function: function, line: 0))
        case .address(let address):
            let module = module(of: address)
            let place = symbols.places[address]
            let number = place.map { place in
                let file = place.function.file.isEmpty ? module.map { modules[$0].path } ?? "" : place.function.file
                return function(
                    Function(
                        name: place.function.name, linkerName: place.function.linkerName, file: file,
                        line: place.function.line))
            }
            locations.append(
                Location(
                    mapping: module.map { UInt64($0) + 1 } ?? 0, address: address, function: number ?? 0,
                    line: place?.line ?? 0))
        }
        let number = UInt32(locations.count)
        locationNumbers[frame] = number
        return number
    }

    /// The number of a string.
    mutating func string(_ text: String) -> UInt64 {
        if let number = stringNumbers[text] { return number }
        let number = UInt64(strings.count)
        strings.append(text)
        stringNumbers[text] = number
        return number
    }

    /// The first of equal name and file speaks for all: the parts of an asynchronous function are one to the reader.
    private mutating func function(_ function: Function) -> UInt64 {
        let key = FunctionKey(name: function.name, file: function.file)
        if let number = functionNumbers[key] { return number }
        functions.append(function)
        functionNumbers[key] = UInt64(functions.count)
        return UInt64(functions.count)
    }

    private func module(of address: UInt64) -> Int? {
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if modules[order[middle]].addresses.lowerBound <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, modules[order[low - 1]].addresses.contains(address) else { return nil }
        return order[low - 1]
    }

    // MARK: Writing

    mutating func writeMappings(to message: inout ProtobufEncoder) {
        var named = [Bool](repeating: true, count: modules.count)
        var withFiles = [Bool](repeating: true, count: modules.count)
        var withLines = [Bool](repeating: true, count: modules.count)
        var used = [Bool](repeating: false, count: modules.count)
        for location in locations where location.mapping > 0 {
            let module = Int(location.mapping) - 1
            let place = symbols.places[location.address]
            used[module] = true
            if place == nil { named[module] = false }
            if place?.function.file.isEmpty ?? true { withFiles[module] = false }
            if place?.line ?? 0 == 0 { withLines[module] = false }
        }
        for (index, module) in modules.enumerated() {
            let (path, buildID) = (string(module.path), string(module.buildID))
            message.message(3) {
                $0.number(1, UInt64(index) + 1)
                $0.number(2, module.addresses.lowerBound)
                $0.number(3, module.addresses.upperBound)
                $0.number(4, module.fileOffset)
                $0.number(5, path)
                $0.number(6, buildID)
                guard used[index] else { return }
                $0.number(7, named[index] ? UInt64(1) : 0)
                $0.number(8, withFiles[index] ? UInt64(1) : 0)
                $0.number(9, withLines[index] ? UInt64(1) : 0)
            }
        }
    }

    func writeLocations(to message: inout ProtobufEncoder) {
        for (index, location) in locations.enumerated() {
            message.message(4) { written in
                written.number(1, UInt64(index) + 1)
                written.number(2, location.mapping)
                written.number(3, location.address)
                guard location.function > 0 else { return }
                written.message(4) {
                    $0.number(1, location.function)
                    $0.number(2, Int64(location.line))
                }
            }
        }
    }

    mutating func writeFunctions(to message: inout ProtobufEncoder) {
        for (index, function) in functions.enumerated() {
            let (name, linkerName, file) = (string(function.name), string(function.linkerName), string(function.file))
            message.message(5) {
                $0.number(1, UInt64(index) + 1)
                $0.number(2, name)
                $0.number(3, linkerName)
                $0.number(4, file)
                $0.number(5, Int64(function.line))
            }
        }
    }

    func writeStrings(to message: inout ProtobufEncoder) throws(ProfileError) {
        let limits = ProfileLimits.standard
        guard strings.count <= limits.strings else { throw .limit(.strings, allowed: limits.strings) }
        for text in strings {
            guard text.utf8.count <= limits.stringBytes else {
                throw .limit(.stringBytes, allowed: limits.stringBytes)
            }
            message.text(6, text)
        }
    }
}
