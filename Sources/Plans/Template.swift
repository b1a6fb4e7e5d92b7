/// A text with places for variables, split when the plan is read.
///
/// `{{env.NAME}}` is replaced then and there; what is left is filled in for every request.
package struct Template: Sendable, Equatable {
    package enum Segment: Sendable, Equatable {
        case literal(String)
        case variable(Variable)
    }

    package enum Variable: Sendable, Equatable {
        /// Column `column` of data set `set`, both as indices into the scenario.
        case data(set: Int, column: Int)
        /// A value captured by an earlier step of the same flow.
        case captured(String)
        /// The number of the flow iteration within the phase, from 0; in the warm-up from 10⁹.
        case iteration
        /// The number of the virtual user, from 0.
        case user
    }

    package var segments: [Segment]
    /// Values are written into a JSON document, inside a string: they are escaped accordingly.
    package var escaping: Escaping

    package enum Escaping: Sendable, Equatable {
        case none
        case json
        /// Percent-encoding of everything but unreserved characters, for targets.
        case url
    }

    package init(segments: [Segment], escaping: Escaping = .none) {
        self.segments = segments
        self.escaping = escaping
    }
}
