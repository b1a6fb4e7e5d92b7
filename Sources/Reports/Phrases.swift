import Measures

/// A number of things: `1 round`, `8 rounds`.
func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}

/// Things as people list them: `8, 13 and 20`.
func listed(_ texts: [String]) -> String {
    guard let last = texts.last, texts.count > 1 else { return texts.first ?? "" }
    return texts.dropLast().joined(separator: ", ") + " and " + last
}

/// A probability: `0.0015`, `0.50`, `< 0.0001`.
func probabilityText(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return value < 0.0001 ? "< 0.0001" : Unit.fixed(value, value < 0.1 ? 4 : 2)
}

/// Seconds as people say them: `1 min 52 s`.
func durationText(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    if whole < 1 { return "under a second" }
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
}
