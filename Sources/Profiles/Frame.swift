/// One function call in a stack.
package struct Frame: Sendable, Hashable, Codable {
    package let function: String
    package let file: String
    /// 0 where unknown.
    package let line: Int

    package init(function: String, file: String, line: Int) {
        self.function = function
        self.file = file
        self.line = line
    }
}
