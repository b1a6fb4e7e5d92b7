import Synchronization

private let notified = Atomic<Int>(0)

/// Starts exactly this many tasks, one after the other has ended (`HB_EXTRA_TASKS`).
@inline(never)
func notifyAuditors(count: Int) async {
    for auditor in 0..<count {
        await Task { notify(auditor) }.value
    }
}

@inline(never)
private func notify(_ auditor: Int) {
    notified.wrappingAdd(auditor, ordering: .relaxed)
}
