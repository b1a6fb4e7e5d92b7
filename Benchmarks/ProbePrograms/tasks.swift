// What making a task, running it and waiting for it costs: nanoseconds of processor time for each.
//
//   tasks COUNT
import Glibc

@inline(never) func value(_ number: Int) async -> Int { number }

func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

@main struct Program {
    static func main() async {
        guard CommandLine.arguments.count == 2, let count = Int(CommandLine.arguments[1]) else { exit(64) }
        var sum = 0
        for _ in 0..<count / 10 { sum += await Task { await value(1) }.value }
        let start = now()
        for _ in 0..<count { sum += await Task { await value(1) }.value }
        print((now() - start) / Double(count))
        guard sum == count + count / 10 else { exit(1) }
    }
}
