/// Numbers in one piece of memory, as many as were counted beforehand.
///
/// Safe to share: it is filled by the one decoder that made it and never changed afterwards. An array would check
/// bounds and uniqueness for each of the millions of numbers, and would first be filled with zeros.
final class Column<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>
    let capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(capacity: max(capacity, 1))
    }

    deinit {
        base.deallocate()
    }

    @inline(__always)
    func append(_ element: Element) {
        precondition(count < capacity)
        base[count] = element
        count &+= 1
    }

    /// A place to write at, kept by whoever writes much; ``finish(_:)`` says how far it came.
    struct Writer {
        fileprivate let base: UnsafeMutablePointer<Element>
        fileprivate let capacity: Int
        private(set) var count: Int

        fileprivate init(base: UnsafeMutablePointer<Element>, capacity: Int, count: Int) {
            self.base = base
            self.capacity = capacity
            self.count = count
        }

        @inline(__always)
        mutating func append(_ element: Element) {
            precondition(count < capacity)
            base[count] = element
            count &+= 1
        }
    }

    func writer() -> Writer {
        Writer(base: base, capacity: capacity, count: count)
    }

    func finish(_ writer: Writer) {
        precondition(writer.base == base)
        count = writer.count
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count)
        return base[index]
    }
}
