extension Substring {
    /// Where a text stands first, compared byte by byte.
    func place(of text: String) -> Index? {
        let wanted = Array(text.utf8)
        return utf8.indices.first { utf8[$0...].starts(with: wanted) }
    }
}
