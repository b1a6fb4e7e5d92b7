import HTTPWire

extension Engine {
    enum Redirection {
        case follow(StepProgram.Detour)
        case refuse(String)
        /// Not a redirect after all.
        case accept
    }

    func isRedirect(_ status: Int) -> Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Where the redirect just received leads (RFC 9110, section 15.4).
    func follow(_ user: VirtualUser) -> Redirection {
        let step = user.step
        guard let location = user.response.value(named: "location") else { return .accept }
        guard user.hops < step.redirects else {
            return .refuse("more than \(step.redirects) \(step.redirects == 1 ? "redirect" : "redirects")")
        }
        let method = user.detour?.method ?? step.method
        let next: String =
            switch user.status {
            case 303 where method != "HEAD": "GET"
            case 301 where method == "POST", 302 where method == "POST": "GET"
            default: method
            }
        do throws(EndpointError) {
            let target = try endpoint.target(ofLocation: location, from: currentTarget(of: user))
            return .follow(StepProgram.Detour(method: next, target: target))
        } catch {
            return .refuse(error.description)
        }
    }

    func currentTarget(of user: VirtualUser) -> String {
        if let detour = user.detour { return detour.target }
        scratch.removeAll()
        _ = user.step.target.render(into: scratch, for: user, data: program.data)
        return endpoint.path + String(decoding: scratch.bytes, as: UTF8.self)
    }
}
