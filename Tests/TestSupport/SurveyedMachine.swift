package import Recordings

/// Surveys as a machine might give them.
package enum SurveyedMachine {
    /// A machine on which nothing is to be changed.
    package static let quiet: MachineSurvey = {
        var survey = MachineSurvey(
            machine: Machine(
                cpu: "EPYC", architecture: "x86_64", cores: 4, memoryBytes: 8 << 30, kernel: "6.1",
                system: "Debian 12", cpuLimit: nil, memoryLimitBytes: nil, clockSource: "tsc"))
        survey.nativeProbe = .works
        survey.usableProcessors = 4
        survey.processorList = "0-3"
        survey.controlGroupVersion = 2
        survey.openFiles = 1024
        survey.openFilesHard = 1 << 20
        survey.ports = .init(first: 32_768, last: 60_999, taken: 10)
        survey.freeSpaceBytes = 20 << 30
        survey.sharedMemoryBytes = 64 << 20
        survey.clockReading = 25
        survey.timers = .init(latenesses: [Double](repeating: 50, count: 98) + [80, 120])
        survey.steadiness = steadiness(spread: 0.01)
        survey.environment = Environment(steal: 0, loadAverage: 0.2)
        survey.environment.pressure = 0.01
        survey.environment.throttled = 0
        survey.environment.frequency = 2600
        survey.environment.suspended = 0
        survey.governors = ["performance"]
        survey.boost = false
        survey.perfEventParanoid = 2
        survey.ptraceScope = 1
        survey.addressSpaceRandomization = 2
        return survey
    }()

    /// Sums that scatter by `spread`, and pieces by twice that.
    package static func steadiness(spread: Double, ofProcessorTime: Double? = nil) -> Steadiness? {
        let even = [Double](repeating: 0.005, count: 200)
        var steadiness = Steadiness(seconds: even, processorSeconds: even)
        steadiness?.spread = 2 * spread
        steadiness?.spreadOfSums = spread
        steadiness?.spreadOfProcessorTime = ofProcessorTime ?? spread
        steadiness?.slowest = 1.1
        return steadiness
    }
}
