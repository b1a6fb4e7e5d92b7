/// What stands between a protocol and a type that conforms to it.
enum SwiftWitness {
    /// `protocol witness for P.next() in conformance T : P in M` is `T.next()`: most often the type's own function is
    /// inlined there, and then this is the only name it has.
    static func shortened(_ bytes: [UInt8]) -> String? {
        let rest = Array(bytes.dropFirst("protocol witness for ".utf8.count))
        let mark = Array("conformance ".utf8)
        let places = SwiftNameText.separators(rest)
        guard let place = places.last(where: { rest[($0 + 4)...].starts(with: mark) }) else { return nil }
        let start = place + 4 + mark.count
        // A module may be named like the words around it: the next separator can then share a space with the mark.
        guard let end = places.last(where: { $0 >= start }) else { return nil }
        let conformance = Array(rest[start..<end])
        let colon = Array(" : ".utf8)
        guard let middle = conformance.indices.last(where: { conformance[$0...].starts(with: colon) }) else {
            return nil
        }
        func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
        var type = text(SwiftNameText.part(Array(conformance[..<middle])))
        let adopted = text(SwiftNameText.part(Array(conformance[(middle + colon.count)...])))
        let module = text(rest[(end + 4)...])
        var requirement = text(SwiftNameText.entity(Array(rest[..<place])))
        let isStatic = requirement.hasPrefix("static ")
        if isStatic { requirement.removeFirst("static ".count) }
        guard requirement.hasPrefix(adopted + "."), !type.isEmpty else { return nil }
        let member = requirement.dropFirst(adopted.count + 1)
        // A type that an extension holds says so in front, where `static` would follow.
        let outside = "(extension in \(module)) "
        let isOutside = type.hasPrefix(outside)
        if isOutside { type.removeFirst(outside.count) }
        let name = (isStatic ? "static " : "") + type + "." + member
        return isOutside ? outside + name : SwiftNameText.outside(module, name)
    }
}
