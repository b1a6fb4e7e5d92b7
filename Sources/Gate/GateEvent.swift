package import LoadGen
package import Recordings

/// What a gate is doing, for whoever shows progress.
package enum GateEvent: Sendable {
    case preparing(String)
    case building(Side, String)
    /// Both sides are known and ready to run.
    case measuring(sides: [SideDescription], rounds: Int)
    case phase(Phase, Side, round: Int, of: Int)
    case load(LoadProgress)
    case voided(reason: String)
    /// The time decides about the number of rounds; so many fit into it.
    case fitting(rounds: Int)
    case roundDone(Round, of: Int)
    case explaining(Explanation.Instrument, Side)
    /// What was set up could not be taken down again from a service that runs on; a sentence without its final stop.
    case leftBehind(String)

    package enum Phase: String, Sendable {
        case starting
        case settingUp = "setting up"
        case warmingUp = "warming up"
        case settling
        case load
        case repeating = "repeating the load"
        case tearingDown = "tearing down"
        case stopping
    }
}

/// Takes events; called from any task, so it must be quick.
package typealias GateListener = @Sendable (GateEvent) -> Void
