import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What every request to `/work` does, set in the environment: so many objects, so many tasks that end and tasks that do
/// not, so many bytes kept, so many rounds of arithmetic.
struct Burden: Sendable {
    private let objects = Self.number("LINKED_OBJECTS")
    private let tasks = Self.number("LINKED_TASKS")
    private let leaks = Self.number("LINKED_LEAKS")
    private let kept = Self.number("LINKED_KEPT")
    private let rounds = Self.number("LINKED_ROUNDS")

    private static func number(_ name: String) -> Int { getenv(name).flatMap { Int(String(cString: $0)) } ?? 0 }

    func carry() async {
        writeAudit(entries: objects)
        for _ in 0..<tasks { await Task { await Task.yield() }.value }
        for _ in 0..<leaks { waitForever() }
        if kept > 0 { keep(kept) }
        burn(rounds)
    }
}

private final class Entry: Sendable {
    let number: Int

    init(number: Int) { self.number = number }
}

// A place the optimiser cannot see the end of, or it would put the entries on the stack.
private let last = Mutex<Entry?>(nil)

@inline(never)
func writeAudit(entries: Int) {
    for number in 0..<entries {
        let entry = Entry(number: number)
        last.withLock { $0 = entry }
    }
}

private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

@inline(never)
func waitForever() {
    Task { await withCheckedContinuation { continuation in waiting.withLock { $0.append(continuation) } } }
}

private let keptBlocks = Mutex<[UInt]>([])

@inline(never)
func keep(_ bytes: Int) {
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
    block.initializeMemory(as: UInt8.self, repeating: 1, count: bytes)
    keptBlocks.withLock { $0.append(UInt(bitPattern: block)) }
}

private let checksum = Atomic<UInt64>(0)

@inline(never)
func burn(_ rounds: Int) {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for round in 0..<rounds { hash = (hash ^ UInt64(round)) &* 1_099_511_628_211 }
    checksum.wrappingAdd(hash, ordering: .relaxed)
}
