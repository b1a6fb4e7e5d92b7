/// A queue of fixed capacity.
struct Ring<Element> {
    private var slots: [Element?]
    private var head = 0
    private(set) var count = 0

    init(capacity: Int) {
        slots = [Element?](repeating: nil, count: max(1, capacity))
    }

    var isEmpty: Bool { count == 0 }
    var isFull: Bool { count == slots.count }

    /// Puts an element at the end; a full ring refuses it.
    @inline(__always)
    mutating func append(_ element: Element) -> Bool {
        guard !isFull else { return false }
        var index = head + count
        if index >= slots.count { index -= slots.count }
        slots[index] = element
        count += 1
        return true
    }

    /// Takes the oldest element.
    @inline(__always)
    mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = slots[head]
        slots[head] = nil
        head += 1
        if head == slots.count { head = 0 }
        count -= 1
        return element
    }
}
