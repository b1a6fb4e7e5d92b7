/// The diagnostics of one document while it is being read.
final class DiagnosticLog {
    let file: String
    private(set) var all: [Diagnostic] = []
    private var omitted = 0

    /// The most diagnostics that are kept of one document; the rest are counted.
    static let limit = 500

    init(file: String) {
        self.file = file
    }

    var isEmpty: Bool { all.isEmpty }

    func add(_ position: Position, path: String, _ message: String, hint: String? = nil) {
        guard all.count < Self.limit else {
            omitted += 1
            return
        }
        let place = Place(file: file, line: position.line, column: position.column, path: path)
        all.append(Diagnostic(place: place, message: message, hint: hint))
    }

    /// All of them, and how many more there were.
    var collected: Diagnostics {
        var result = all.inOrder
        if omitted > 0, let last = result.last {
            var place = last.place
            place.path = ""
            result.append(Diagnostic(place: place, message: "\(omitted) more problems are not shown"))
        }
        return Diagnostics(result)
    }
}

extension [Diagnostic] {
    /// Sorted by file, line and column; those of one place stay in the order they were found.
    var inOrder: [Diagnostic] {
        enumerated().sorted { left, right in
            let (a, b) = (left.element.place, right.element.place)
            return (a.file, a.line, a.column, left.offset) < (b.file, b.line, b.column, right.offset)
        }.map(\.element)
    }
}
