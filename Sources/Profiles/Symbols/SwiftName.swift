internal import CDemangle

#if canImport(Glibc)
    internal import Glibc
#endif

/// Names of Swift functions.
package enum SwiftName {
    /// What no function's name is longer than, and what the runtime is not asked to demangle.
    private static let maximum = 8192

    /// The name as a developer reads it, such as `closure #1 in Web.Router.respond(to:)`; nil for what is no mangled
    /// name of Swift.
    ///
    /// Types, generics and what the compiler made of a function are left out, so that the parts of an asynchronous
    /// function, its specialisations and its forwarders all have the name that stands in the source. The module is the
    /// first component; where an extension of another module's type is meant, `(extension in Module)` stands before.
    package static func readable(_ linkerName: String) -> String? {
        let name = withoutParts(linkerName)
        guard isMangled(name), name.utf8.count <= maximum, let text = demangled(name) else { return nil }
        let short = SwiftNameText.shortened(text)
        // A global's initialiser is named without its module.
        let once = "one-time initialization function for "
        if short.hasPrefix(once), !short.contains("."), let module = firstModule(name) {
            return once + module + "." + short.dropFirst(once.count)
        }
        return short
    }

    /// The mangled name of a whole function from that of a part of it.
    static func withoutParts(_ linkerName: String) -> String {
        // No mangled name has a dot; what follows one is the optimiser's.
        var name = Array((isMangled(linkerName) ? linkerName.prefix { $0 != "." } : linkerName[...]).utf8)
        while let length = partSuffix(name) { name.removeLast(length) }
        return String(decoding: name, as: UTF8.self)
    }

    /// The mangled names of functions that a name may be a part of, or a forwarder to: the best guess first.
    static func wholes(ofPart linkerName: String) -> [String] {
        var result: [String] = []
        var name = Array(withoutParts(linkerName).utf8)
        while true {
            let text = String(decoding: name, as: UTF8.self)
            if text != linkerName { result.append(text) }
            guard isMangled(text) else { break }
            guard name.count > 4, forwarders.contains(where: { name.suffix(2).elementsEqual($0.utf8) }) else { break }
            name.removeLast(2)
            while let length = partSuffix(name) { name.removeLast(length) }
        }
        return result.reversed()
    }

    private static func isMangled(_ name: String) -> Bool {
        ["$s", "$S", "_$s", "_$S", "$e", "_T0"].contains { name.hasPrefix($0) }
    }

    /// What carries a closure's context, what C calls, and code that several functions share.
    private static let forwarders = ["TA", "To", "Tm"]

    /// `TY3_` and `TQ3_`: where the function goes on after it waited.
    private static func partSuffix(_ name: [UInt8]) -> Int? {
        guard name.last == UInt8(ascii: "_") else { return nil }
        let digits = name.dropLast().reversed().prefix { (0x30...0x39).contains($0) }.count
        let start = name.count - 1 - digits - 2
        guard digits > 0, start > 0, name[start] == UInt8(ascii: "T"),
            name[start + 1] == UInt8(ascii: "Y") || name[start + 1] == UInt8(ascii: "Q")
        else { return nil }
        return digits + 3
    }

    private static func demangled(_ name: String) -> String? {
        guard let text = swift_demangle(name, name.utf8.count, nil, nil, 0) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// The module a mangled name begins with, where it is spelt out.
    private static func firstModule(_ name: String) -> String? {
        let rest = name.drop { $0 == "_" }.dropFirst(2)
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard let length = Int(digits), length > 0, digits.first != "0" else { return nil }
        let module = rest.dropFirst(digits.count).prefix(length)
        return module.count == length ? String(module) : nil
    }
}
