/// The functions of one profile, or of two, under one numbering.
///
/// A function is its name and the last component of its file: the two sides are often built in two checkouts, and the
/// same file then has two paths.
struct FunctionTable {
    /// The functions of a profile's locations as numbers of the table.
    struct Map {
        /// Location → where its entries begin; an entry is a line, or the bare address of a location without lines.
        var starts: [UInt32] = [0]
        var functions: [UInt32] = []
        var lines: [Int64] = []
    }

    private var table = InternTable()
    /// How to show each function, taken from the profile that was added last.
    private(set) var shown: [(function: String, file: String, startLine: Int)] = []

    var count: Int { shown.count }

    /// Numbers the functions of a profile.
    mutating func add(_ profile: Profile) -> Map {
        var seen = [Bool](repeating: false, count: count)
        let functions = (0..<UInt32(profile.functions.ids.count)).map { function in
            let name = profile.functionNameString(function)
            let file = profile.functions.files[Int(function)]
            let number = profile.strings.withBytes(name) { name in
                profile.strings.withBytes(file) { intern(UnsafeRawBufferPointer(name), UnsafeRawBufferPointer($0)) }
            }
            show(number, &seen) {
                let line = Int(profile.functions.startLines[Int(function)])
                return (profile.functionName(function), profile.strings[file], line)
            }
            return number
        }
        var map = Map()
        map.starts.reserveCapacity(profile.locations.count + 1)
        map.functions.reserveCapacity(profile.locations.lineFunctions.count)
        map.lines.reserveCapacity(profile.locations.lineFunctions.count)
        for location in 0..<profile.locations.count {
            let lines = profile.locations.lines(location)
            for line in lines {
                map.functions.append(functions[Int(profile.locations.lineFunctions[line])])
                map.lines.append(profile.locations.lineNumbers[line])
            }
            if lines.isEmpty {
                var frame = profile.unsymbolisedFrame(location)
                let number = frame.internParts { intern($0, $1) }
                show(number, &seen) { (frame.function, frame.file, 0) }
                map.functions.append(number)
                map.lines.append(0)
            }
            map.starts.append(UInt32(map.functions.count))
        }
        return map
    }

    private mutating func show(
        _ number: UInt32,
        _ seen: inout [Bool],
        _ what: () -> (function: String, file: String, startLine: Int)
    ) {
        let number = Int(number)
        if number == shown.count {
            shown.append(what())
            seen.append(true)
        } else if !seen[number] {
            shown[number] = what()
            seen[number] = true
        }
    }

    private mutating func intern(_ name: UnsafeRawBufferPointer, _ file: UnsafeRawBufferPointer) -> UInt32 {
        guard let slash = file.lastIndex(of: UInt8(ascii: "/")) else {
            return table.intern(name, file)
        }
        return table.intern(name, UnsafeRawBufferPointer(rebasing: file[(slash + 1)...]))
    }
}

extension Frame {
    fileprivate mutating func internParts<Result>(
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Result
    ) -> Result {
        var function = function
        var file = file
        return function.withUTF8 { function in
            file.withUTF8 { body(UnsafeRawBufferPointer(function), UnsafeRawBufferPointer($0)) }
        }
    }
}
