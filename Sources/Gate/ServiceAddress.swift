import HTTPWire
import Plans

extension Service.Connection {
    /// The whole path of the socket of a service in `folder`, which paths are seen from; nil where there is none.
    ///
    /// Throws ``GateError/usage(_:)`` where it is longer than the system takes.
    func socket(in folder: String) throws(GateError) -> String? {
        guard let socket else { return nil }
        let path = Files.resolve(socket, in: folder)
        guard Self.takes(socket: path) else {
            throw .usage("the whole path of the socket, \(path), is longer than \(Self.longestSocket) bytes")
        }
        return path
    }
}

extension Service {
    /// The endpoint of an address that stands in the place of the plan's.
    ///
    /// `name` is what the address was given as. Throws ``GateError/usage(_:)`` for no address, and for one that would
    /// leave what the plan says of its connections without effect.
    func endpoint(at url: String, as name: String, planFile: String) throws(GateError) -> Endpoint {
        let endpoint: Endpoint
        do throws(EndpointError) {
            endpoint = try Endpoint(url)
        } catch {
            throw .usage(name == url ? error.description : "\(name): \(error)")
        }
        guard connection.socket == nil else {
            throw .usage("\(name): \(planFile) has a socket, which is connected to instead of any address")
        }
        guard endpoint.isSecure || connection.tls == TLS() else {
            throw .usage(
                "\(name): service.connection.tls of \(planFile) is of no use for \(url), which does not begin with "
                    + "https://")
        }
        return endpoint
    }
}
