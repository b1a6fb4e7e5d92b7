import HTTPWire
import Measures
import Plans
import Testing

@testable import LoadGen

/// Names with several addresses.
@Suite("Addresses") struct AddressTests {
    /// Opens the connections of a load to a name with these addresses; gives how many are open and where.
    private func open(
        _ ports: [Int], connection: Service.Connection = Service.Connection(), inPhase: Bool = false
    ) async throws -> (opened: Int, address: String?) {
        let reactor = try Reactor()
        var load = Bench.closed
        load.timeout = .seconds(10)
        let made = try await reactor.perform { [load] () throws(LoadError) in
            let endpoint: Endpoint
            do { endpoint = try Endpoint("http://name.test") } catch { throw LoadError.busy }
            let rig = try Rig(
                loads: [load], scenario: .of(.get("step", "/")), endpoint: endpoint, connection: connection, seed: 1,
                options: LoadGeneratorOptions(), reactor: reactor)
            do {
                rig.engines[0].addresses = try ports.flatMap {
                    try SocketAddress.resolve(host: "127.0.0.1", port: $0)
                }
            } catch {
                throw LoadError.busy
            }
            return Confined(rig, to: reactor)
        }
        let result: Result<(Int, String?), LoadError> = await withCheckedContinuation { continuation in
            reactor.execute {
                let rig = made.value
                let address = { rig.engines[0].reachedAt?.description }
                if inPhase {
                    rig.begin(.steady(), ticket: RunTicket(), onProgress: nil) { result in
                        continuation.resume(returning: result.map { ($0.total.completed, $0.address) })
                    }
                } else {
                    rig.openAll { result in continuation.resume(returning: result.map { ($0, address()) }) }
                }
            }
        }
        _ = try await reactor.perform { () throws(LoadError) in made.value.abort(.cancelled) }
        await reactor.stop()
        let (opened, address) = try result.get()
        return (opened, address)
    }

    @Test("an address that stays silent is left for the next, ahead of a phase and in it", arguments: [false, true])
    func silent(inPhase: Bool) async throws {
        try await RawServer.with([], door: .shut) { silent in
            try await ScriptedServer.with({ _ in [.respond()] }) { server in
                let start = ContinuousClock.now
                let (count, address) = try await open([silent.port, silent.port, server.port], inPhase: inPhase)
                #expect(count == (inPhase ? 20 : 2))
                #expect(address == "127.0.0.1:\(server.port)")
                #expect(ContinuousClock.now - start >= .seconds(1))
            }
        }
    }

    @Test("over HTTP/2 too")
    func silentShared() async throws {
        try await RawServer.with([], door: .shut) { silent in
            try await FrameServer.with({ _ in [.ok] }) { server in
                let connection = Service.Connection(httpVersion: .two, streams: 2)
                for inPhase in [false, true] {
                    let (_, address) = try await open(
                        [silent.port, server.port], connection: connection, inPhase: inPhase)
                    #expect(address == "127.0.0.1:\(server.port)")
                }
            }
        }
    }

    @Test("an address that refuses is left at once, and the last has its reason told")
    func refused() async throws {
        let port = try UnheardPort()
        defer { port.release() }
        try await ScriptedServer.with({ _ in [.respond()] }) { server in
            let (count, address) = try await open([port.number, server.port])
            #expect(count == 2)
            #expect(address == "127.0.0.1:\(server.port)")
        }
        await #expect(
            throws: LoadError.connect(address: "name.test", reason: "connection refused", opened: 0, wanted: 2)
        ) {
            try await open([port.number, port.number])
        }
    }
}
