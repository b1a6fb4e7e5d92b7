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
            load: load, scenario: scenario, target: arguments.endpoint, seed: 1
        ) { generator in
            try await generator.openConnections()
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
            "\"latencyP50\":\(micro(summary.total.latency, 0.5))",
            "\"latencyP99\":\(micro(summary.total.latency, 0.99))",
            "\"scheduling\":\"\(summary.schedulingClass)\"",
        ]
        return "{\(fields.joined(separator: ","))}"
    }

    /// User and system time of the whole process.
    private static func processorSeconds() -> Double {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
