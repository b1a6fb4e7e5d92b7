package import HTTPWire
import Measures
package import Plans

/// Load to be made against a service that runs already, without a gate around it.
package struct LoadRequest: Sendable {
    /// As it was asked for, for the report.
    package var url: String
    /// The plan's file where the load and the scenario come from one.
    package var plan: String?
    package var endpoint: Endpoint
    package var connection: Service.Connection
    package var loads: [Load]
    package var scenario: Scenario
    /// What the data, the order of flows and the trace ids come from.
    package var seed: UInt64
    package var tool: String

    /// One request, again and again.
    ///
    /// Throws ``GateError/usage(_:)`` for an address or a request that cannot be sent.
    package init(
        _ single: SingleRequest, load: Load, connection: Service.Connection, seed: UInt64, tool: String
    ) throws(GateError) {
        let target: String
        do throws(EndpointError) {
            (endpoint, target) = try Endpoint.split(single.url)
        } catch {
            throw .usage(error.description)
        }
        url = single.url
        scenario = Scenario(
            data: [], flows: [Scenario.Flow(name: "load", weight: 1, steps: [try single.step(target)])])
        loads = [load]
        self.connection = connection
        self.seed = seed
        self.tool = tool
    }

    /// A plan's scenario and load, at the plan's address or at another one.
    ///
    /// `folder` is what paths in the plan are seen from.
    package init(
        _ plan: Plan, file: String, folder: String, url: String?, seed: UInt64, tool: String
    ) throws(GateError) {
        connection = plan.service.connection
        guard connection.socket?.contains("{port}") != true else {
            throw .usage(
                "service.connection.socket of \(file) has a port that perfgate run chooses, and perfgate load starts no "
                    + "service")
        }
        if let url {
            endpoint = try plan.service.endpoint(at: url, as: url, planFile: file)
        } else {
            endpoint = try Self.endpoint(of: plan.service, file)
        }
        connection.socket = try connection.socket(in: folder)
        self.url = url ?? plan.service.url
        self.plan = file
        loads = plan.loads
        scenario = plan.scenario
        self.seed = seed
        self.tool = tool
    }

    private static func endpoint(of service: Service, _ file: String) throws(GateError) -> Endpoint {
        guard !service.url.contains("{port}") else {
            throw .usage(
                "service.url of \(file) has a port that perfgate run chooses, and perfgate load starts no service; "
                    + "give the address of one that runs: perfgate load --plan \(file) http://127.0.0.1:8080")
        }
        do throws(EndpointError) {
            return try Endpoint(service.url)
        } catch {
            throw .usage(error.description)
        }
    }
}
