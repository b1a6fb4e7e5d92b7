import HTTPWire
import LoadGen
import Measures
import Plans

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Drives the load generator alone and prints what it cost as one line of JSON.
@main
enum LoadBench {
    static func main() async {
        do {
            let arguments = try Arguments(CommandLine.arguments.dropFirst())
            print(try await measure(arguments))
        } catch {
            let message = Array("load-bench: \(error)\n".utf8)
            _ = write(STDERR_FILENO, message, message.count)
            exit(1)
        }
    }

    private static func measure(_ arguments: Arguments) async throws -> String {
        let load = Load(
            executor: arguments.rate.map { .constantArrivalRate(perSecond: $0) }
                ?? .constantUsers(arguments.connections),
            connections: arguments.connections, warmup: .zero,
            work: .duration(.milliseconds(Int64(arguments.seconds * 1000))), timeout: .seconds(10)
        )
        let scenario = arguments.variables ? variables(arguments.target) : plain(arguments.target)
        return try await LoadGenerator.withGenerator(
            load: load, scenario: scenario, target: arguments.endpoint, connection: arguments.connection, seed: 1,
            options: LoadGeneratorOptions(wantsRealTime: !arguments.ordinary)
        ) { generator in
            try await generator.openConnections()
            if arguments.idle { return "{\"residentBytes\":\(resident("VmRSS:"))}" }
            let before = processorSeconds()
            let summary = try await generator.run(.steady(load.work))
            return line(summary, processorSeconds: processorSeconds() - before)
        }
    }

    private static func line(_ summary: LoadSummary, processorSeconds cpu: Double) -> String {
        let requests = summary.total.exchanges
        let seconds = Double(summary.elapsed) / 1e9
        func micro(_ histogram: Histogram, _ quantile: Double) -> String {
            histogram.value(at: quantile).map { "\(Double($0 / 100) / 10)" } ?? "null"
        }
        let fields = [
            "\"requests\":\(requests)",
            "\"failed\":\(summary.total.failed + summary.total.timedOut)",
            "\"dropped\":\(summary.dropped)",
            "\"requestsPerSecond\":\(seconds > 0 ? Double(requests) / seconds : 0)",
            "\"cpuSeconds\":\(cpu)",
            "\"cpuMicrosecondsPerRequest\":\(requests > 0 ? cpu * 1e6 / Double(requests) : 0)",
            "\"latenessP50\":\(micro(summary.lateness, 0.5))",
            "\"latenessP99\":\(micro(summary.lateness, 0.99))",
            "\"latenessMax\":\(micro(summary.lateness, 1))",
            "\"latencyP50\":\(micro(summary.total.latency, 0.5))",
            "\"latencyP99\":\(micro(summary.total.latency, 0.99))",
            "\"scheduling\":\"\(summary.schedulingClass)\"",
            "\"peakResidentBytes\":\(resident("VmHWM:"))",
        ]
        return "{\(fields.joined(separator: ","))}"
    }

    /// A figure of memory from the process's own status, in bytes; 0 where the system does not say.
    private static func resident(_ name: String) -> Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, CInt(line.count), file) != nil {
            let words = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.split { $0 == 0x20 || $0 == 0x09 }
            guard words.count > 1, String(decoding: words[0], as: UTF8.self) == name else { continue }
            return (Int(String(decoding: words[1], as: UTF8.self)) ?? 0) * 1024
        }
        return 0
    }

    /// User and system time of the whole process.
    private static func processorSeconds() -> Double {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
