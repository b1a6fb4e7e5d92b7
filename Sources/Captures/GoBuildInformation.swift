/// What Go's linker wrote of a build into the executable, in the form it has since Go 1.18.
///
/// The layout is that of `debug/buildinfo`: 14 bytes of magic, the size of a pointer, flags; at byte 32 the version and
/// then the module's information, each with its length in front as a varint.
struct GoBuildInformation {
    let version: String
    /// Settings of the build that change how fast a program is.
    let settings: [String]

    var text: String { ([version] + settings).joined(separator: " ") }

    private static let magic = Array("\u{FF} Go buildinf:".unicodeScalars.map { UInt8($0.value) })
    private static let inline: UInt8 = 2
    /// The module's information lies between two marks of this many bytes.
    private static let mark = 16
    private static let maximumSettings = 64

    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Self.magic), bytes.count > 32, bytes[15] & Self.inline != 0 else { return nil }
        var rest = bytes[32...]
        guard let name = Self.string(&rest), let version = PlainText.of(name),
            version.hasPrefix("go") || version.hasPrefix("devel")
        else { return nil }
        self.version = version
        let module = Self.string(&rest) ?? []
        guard module.count > 2 * Self.mark else {
            settings = []
            return
        }
        settings = module.dropFirst(Self.mark).dropLast(Self.mark).split(separator: UInt8(ascii: "\n"))
            .filter { $0.starts(with: "build\t".utf8) }.prefix(Self.maximumSettings)
            .compactMap { PlainText.of($0.dropFirst("build\t".utf8.count), limit: 4096) }
            .compactMap { Self.setting($0) }
    }

    /// A setting as it is named, or nil for one that says nothing about speed or is as always.
    private static func setting(_ line: String) -> String? {
        guard let equals = line.firstIndex(of: "=") else { return nil }
        let name = String(line[..<equals])
        let value = unquoted(line[line.index(after: equals)...])
        switch name {
        case "-tags", "-gcflags", "-asmflags": return value.isEmpty ? nil : shown(name, value)
        case "-ldflags":
            let flags = withoutValues(value)
            return flags.isEmpty ? nil : shown(name, flags)
        case "-race", "-msan", "-asan", "-cover": return value == "true" ? name : nil
        // Its value is a path, which is another in every checkout.
        case "-pgo": return value.isEmpty || value == "off" ? nil : name
        case "CGO_ENABLED": return value == "0" ? shown(name, value) : nil
        case "GOAMD64": return value == "v1" ? nil : shown(name, value)
        case "GOARM64": return value == "v8.0" ? nil : shown(name, value)
        case "GOEXPERIMENT": return value.isEmpty ? nil : shown(name, value)
        default: return nil
        }
    }

    private static func shown(_ name: String, _ value: String) -> String {
        let isOne = !value.contains(" ")
        let text = PlainText.of((isOne ? value : "\"\(value)\"").utf8) ?? ""
        return "\(name)=\(text)"
    }

    /// Linker flags without `-X`, which sets a string: most often the commit, so that no two builds would be alike.
    private static func withoutValues(_ flags: String) -> String {
        var result: [String] = []
        var isValue = false
        for word in words(flags) {
            defer { isValue = word == "-X" || word == "--X" }
            if isValue || ["-X", "--X"].contains(where: { word == $0 || word.hasPrefix($0 + "=") }) { continue }
            result.append(word)
        }
        return result.joined(separator: " ")
    }

    /// Words at spaces outside of quotes, as the go command splits flags.
    private static func words(_ text: String) -> [String] {
        var result: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            switch character {
            case quote: quote = nil
            case "'", "\"":
                if quote == nil {
                    quote = character
                    word = word ?? ""
                } else {
                    word?.append(character)
                }
            case " " where quote == nil:
                if let done = word { result.append(done) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        return word.map { result + [$0] } ?? result
    }

    /// A value that needs it is quoted as a Go string or between backquotes.
    private static func unquoted(_ value: Substring) -> String {
        guard value.count >= 2, let quote = value.first, value.last == quote, quote == "\"" || quote == "`" else {
            return String(value)
        }
        let inner = value.dropFirst().dropLast()
        guard quote == "\"" else { return String(inner) }
        var result = ""
        var isEscaped = false
        for character in inner {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }

    private static func string(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var length: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            length |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard length <= rest.count else { return nil }
                defer { rest = rest.dropFirst(Int(length)) }
                return rest.prefix(Int(length))
            }
        }
        return nil
    }
}
