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
        let shown = new.isEmpty ? "without: \(old)" : new
        return shown.count <= 300 ? shown : String(shown.prefix(100)) + " …"
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
