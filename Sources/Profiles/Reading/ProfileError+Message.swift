extension ProfileError: CustomStringConvertible {
    package var description: String { message }

    /// The error as one sentence, safe to print: text out of the profile is quoted, escaped and cut.
    package var message: String {
        switch self {
        case .empty:
            "the profile is empty"
        case .notGzip:
            "the bytes do not begin like a gzip file"
        case .gzipTruncated(let offset):
            "the gzip stream ends too early, at byte \(offset)"
        case .gzipCorrupt(let offset):
            "the gzip stream is damaged near byte \(offset)"
        case .gzipTrailingBytes(let offset):
            "something that is not gzip follows the gzip stream at byte \(offset)"
        case .gzipLayers(let allowed):
            "the profile is compressed more than \(allowed) times over"
        case .limit(let name, let allowed):
            "the profile has more than \(allowed) \(name.rawValue)"
        case .truncated(let field, let offset):
            "the profile ends inside \(field), at byte \(offset)"
        case .varintTooLong(let offset):
            "the number at byte \(offset) is longer than ten bytes"
        case .unknownWireType(let type, let offset):
            "the field at byte \(offset) has the unknown wire type \(type)"
        case .wireType(let field, let expected, let found, let offset):
            "\(field) at byte \(offset) has wire type \(found) where \(expected) belongs"
        case .concatenated(let offset):
            "a second profile begins at byte \(offset): concatenated profiles cannot be read as one"
        case .noStringTable:
            "the profile has no string table"
        case .firstStringNotEmpty(let offset):
            "the first entry of the string table, at byte \(offset), is not empty"
        case .stringIndex(let field, let index, let count):
            "\(field) names string \(index), but the string table has \(count) entries"
        case .noSampleTypes(let samples):
            "the profile has \(samples) samples but does not say what their values are"
        case .valueCount(let sample, let expected, let found):
            "sample \(sample) has \(found) values where \(expected) belong"
        case .reservedID(let kind):
            "a \(kind.rawValue) has the reserved id 0"
        case .duplicateID(let kind, let id):
            "two \(kind.rawValue)s have the id \(id)"
        case .unknownLocation(let sample, let id):
            "sample \(sample) refers to location \(id), which the profile does not define"
        case .unknownFunction(let location, let id):
            "location \(location) refers to function \(id), which the profile does not define"
        case .sumTooLarge(let column):
            "the values of \(Self.quoted(column)) are too large to add up"
        case .noSuchSampleType(let name, let available):
            "the profile has no sample type \(Self.quoted(name)); it has \(Self.list(available))"
        case .sampleTypeMissingBefore(let name, let available):
            "the profile before has no sample type \(Self.quoted(name)); it has \(Self.list(available))"
        case .unitsDiffer(let type, let before, let after):
            "\(Self.quoted(type)) is in \(Self.quoted(before)) before and in \(Self.quoted(after)) after"
        case .noValues:
            "the profile has no sample types, so there is nothing to compare"
        case .notTasks(let types):
            "this is not a goroutine profile; its sample types are \(Self.list(types))"
        case .notATaskDump:
            "the text holds no goroutine: neither a goroutine profile nor a stack dump"
        case .memoryStatisticsMissing:
            "the heap profile does not end with the runtime's memory statistics; ask for heap?debug=1"
        case .memoryStatisticMissing(let name):
            "the runtime's memory statistics lack \(name)"
        case .memoryStatisticMalformed(let name, let text):
            "the runtime's memory statistics give \(Self.quoted(text)) for \(name), which cannot be read"
        }
    }

    private static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "none" }
        let shown = names.prefix(8).map(quoted).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }

    /// Text of unknown origin between quotation marks: printable ASCII as it is, all else escaped, at most 80 characters.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars.prefix(80) {
            result +=
                scalar == "\"" || scalar == "\\" || !(0x20..<0x7f).contains(scalar.value)
                ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return result + (text.unicodeScalars.count > 80 ? "…\"" : "\"")
    }
}
