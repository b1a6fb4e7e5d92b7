/// Something in a plan or in the budgets that makes no sense, with its place.
///
/// Diagnostics are collected and shown all at once; nothing is measured while there is one.
package struct Diagnostic: Error, Sendable, Equatable {
    package var place: Place
    /// One sentence without its final stop.
    package var message: String
    /// What to write instead.
    package var hint: String?

    package init(place: Place, message: String, hint: String? = nil) {
        self.place = place
        self.message = message
        self.hint = hint
    }

    /// `perfgate.yml:12:5: load.rate: "500" has no unit; write "500/s"` in the form compilers use.
    package var text: String {
        let path = place.path.isEmpty ? "" : "\(place.path): "
        return "\(place.file):\(place.line):\(place.column): \(path)\(message)" + (hint.map { " (\($0))" } ?? "")
    }
}

/// All diagnostics of one reading.
package struct Diagnostics: Error, Sendable, Equatable {
    package var all: [Diagnostic]

    package init(_ all: [Diagnostic]) {
        self.all = all
    }
}
