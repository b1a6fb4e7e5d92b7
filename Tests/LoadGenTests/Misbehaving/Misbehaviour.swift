import Plans

@testable import LoadGen

/// One way in which a server does not do what a request asked for, and what is asked.
struct Misbehaviour: Sendable {
    /// What the server does, as a reader of the table would say it.
    var name: String
    var moves: [RawServer.Move] = []
    var door = RawServer.Door.open
    /// What a server of HTTP/2 does with a request, instead of the moves.
    var script: FrameServer.Script?
    var step = Scenario.Step.get("step", "/")
    var timeout = Duration.seconds(30)
    /// How many users, or connections of an open loop, make the four requests.
    var users = 2
    var connection = Service.Connection()
    var isEncrypted = false

    static let short = Duration.milliseconds(200)

    init(_ name: String, _ moves: RawServer.Move...) {
        self.name = name
        self.moves = moves
    }

    /// A server of HTTP/2; every user has a connection.
    init(_ name: String, over script: @escaping FrameServer.Script) {
        self.name = name
        self.script = script
        connection.httpVersion = .two
    }

    /// A server that answers every request with the bytes and then leaves the connection as it is.
    static func answers(_ name: String, _ text: String) -> Misbehaviour {
        Misbehaviour(name, .read, .send(text))
    }

    /// A server that answers with these fields and bytes after a status line.
    static func framed(_ name: String, _ fields: String, _ body: String = "") -> Misbehaviour {
        answers(name, "HTTP/1.1 200 OK\r\n\(fields)\r\n\(body)")
    }

    static func chunked(_ name: String, _ body: String) -> Misbehaviour {
        framed(name, "Transfer-Encoding: chunked\r\n", body)
    }

    /// The same, timed out soon.
    var impatient: Misbehaviour {
        var result = self
        result.timeout = Self.short
        return result
    }

    func with(_ change: (inout Misbehaviour) -> Void) -> Misbehaviour {
        var result = self
        change(&result)
        return result
    }
}

/// A part of the table.
struct MisbehaviourGroup: Sendable {
    var title: String
    var cases: [Misbehaviour]
}
