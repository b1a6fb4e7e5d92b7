extension JSONPath {
    static let maximumElements = 64
    static let maximumIndex = 1_000_000

    /// The path a text stands for, or nil: `$`, then `.name`, `['any name']` or `[0]`, each any number of times.
    package init?(_ text: String) {
        guard text.first == "$", text.utf8.count <= 1000 else { return nil }
        var rest = text.dropFirst()
        var elements: [Element] = []
        while let first = rest.first {
            rest = rest.dropFirst()
            let element: Element?
            switch first {
            case ".":
                let name = rest.prefix { !".[]'\" \t*".contains($0) }
                element = name.isEmpty ? nil : .key(String(name))
                rest = rest.dropFirst(name.count)
            case "[": element = Self.bracket(&rest)
            default: return nil
            }
            guard let element, elements.count < Self.maximumElements else { return nil }
            elements.append(element)
        }
        self.init(elements: elements, text: text)
    }

    /// The element between brackets, whose opening one is gone already.
    private static func bracket(_ rest: inout Substring) -> Element? {
        if let quote = rest.first, quote == "'" || quote == "\"" {
            let name = rest.dropFirst().prefix { $0 != quote }
            rest = rest.dropFirst(1 + name.count)
            guard rest.hasPrefix("\(quote)]") else { return nil }
            rest = rest.dropFirst(2)
            return .key(String(name))
        }
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        guard rest.first == "]", let index = Int(digits), index <= maximumIndex else { return nil }
        rest = rest.dropFirst()
        return .index(index)
    }
}
