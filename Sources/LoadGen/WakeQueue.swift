/// Virtual users that wait for an instant, the earliest first: a binary heap that keeps its memory.
struct WakeQueue {
    private struct Entry {
        var due: UInt64
        var user: VirtualUser
    }

    private var heap: [Entry] = []

    init(capacity: Int) {
        heap.reserveCapacity(capacity)
    }

    var earliest: UInt64? { heap.first?.due }

    mutating func removeAll() { heap.removeAll(keepingCapacity: true) }

    mutating func insert(_ user: VirtualUser, due: UInt64) {
        heap.append(Entry(due: due, user: user))
        var place = heap.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            if !precedes(place, parent) { break }
            heap.swapAt(place, parent)
            place = parent
        }
    }

    /// Takes the earliest user that is due.
    mutating func popFirst(dueBy now: UInt64) -> VirtualUser? {
        guard let first = heap.first, first.due <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var place = 0
        while true {
            var least = place
            for child in (2 * place + 1)...(2 * place + 2) where child < heap.count && precedes(child, least) {
                least = child
            }
            if least == place { return first.user }
            heap.swapAt(place, least)
            place = least
        }
    }

    /// Those due at the same instant go in the order of their numbers.
    private func precedes(_ a: Int, _ b: Int) -> Bool {
        (heap[a].due, heap[a].user.index) < (heap[b].due, heap[b].user.index)
    }
}
