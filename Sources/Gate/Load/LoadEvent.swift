package import LoadGen

/// What load without a gate is doing.
package enum LoadEvent: Sendable {
    case connecting(address: String)
    case warmingUp
    case loading
    /// About once a second, from the generator's own thread.
    case progress(LoadProgress)
    case tearingDown
    /// What was set up could not be taken down again after something else had failed; a sentence without its final stop.
    case leftBehind(String)
}
