/// A document with one mistake, made from a right one.
struct Mistake: Sendable {
    var old: String
    var new: String

    init(_ old: String, _ new: String) {
        self.old = old
        self.new = new
    }

    /// The right document with the mistake in it; nil when what is to be replaced is not there exactly once.
    func document(from base: String) -> String? {
        guard let range = base.firstRange(of: old), base[range.upperBound...].firstRange(of: old) == nil else {
            return nil
        }
        return base.replacingCharacters(in: range, with: new)
    }

    /// The mistake as the golden files show it.
    var title: String {
        let text = new.isEmpty ? "without: \(old)" : new
        let shown = text.count <= 300 ? text : String(text.prefix(100)) + " …"
        var escaped = ""
        for scalar in shown.unicodeScalars {
            let isHidden = scalar != "\n" && [.control, .format].contains(scalar.properties.generalCategory)
            escaped += isHidden ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return escaped
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
