package import Recordings

/// One fact about a machine that measuring depends on, and what to do about it.
package struct Advice: Sendable, Codable, Equatable {
    package enum Level: String, Sendable, Codable, Comparable {
        case ok
        /// Works; could be better.
        case note
        /// Figures suffer from it.
        case warning
        /// Nothing can be measured.
        case problem

        private var rank: Int {
            switch self {
            case .ok: 0
            case .note: 1
            case .warning: 2
            case .problem: 3
            }
        }

        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
    }

    package enum Group: String, Sendable, Codable, CaseIterable {
        case needed, machine, noise, permissions, room
    }

    package let group: Group
    package let topic: String
    package let level: Level
    /// What was found.
    package let value: String
    /// What to do, in whole sentences; nil where nothing is to be done.
    package let remedy: String?

    init(_ group: Group, _ topic: String, _ value: String, _ level: Level = .ok, _ remedy: String? = nil) {
        self.group = group
        self.topic = topic
        self.level = level
        self.value = value
        self.remedy = remedy
    }

    /// Everything a survey says, group by group.
    package static func all(for survey: MachineSurvey) -> [Advice] {
        needed(survey) + machine(survey) + noise(survey) + permissions(survey) + room(survey)
    }

    // MARK: what perfgate cannot do without

    private static func needed(_ survey: MachineSurvey) -> [Advice] {
        func ability(_ topic: String, _ ability: MachineSurvey.Ability, _ works: String, _ advice: String) -> Advice {
            ability.works
                ? Advice(.needed, topic, works)
                : Advice(.needed, topic, ability.reason ?? "refused", .problem, advice)
        }
        var result = [
            ability(
                "sockets", survey.loopback, "127.0.0.1 can be listened on and connected to",
                "Permit sockets on the loopback interface: the load goes through it."),
            ability(
                "programs", survey.programs, "/bin/sh starts programs",
                "Permit starting programs: perfgate starts the service through the shell."),
            ability(
                "/proc", survey.processFiles, "readable",
                "Mount /proc: processor time, memory and descriptors of the service are read there."),
        ]
        if survey.processFiles.works {
            result.append(
                survey.children.works
                    ? Advice(.needed, "children", "listed by the kernel")
                    : Advice(
                        .needed, "children", survey.children.reason ?? "not listed", .warning,
                        "Use a kernel with CONFIG_PROC_CHILDREN: without the list a service's processes are not known, "
                            + "and their processor time, memory and descriptors are not measured."))
        }
        return result
    }
}
