/// Why an address cannot be used as a target, or a redirect not be followed.
package enum EndpointError: Error, Sendable, Equatable {
    case notHTTP(String)
    case userInformation(String)
    case noHost(String)
    case malformedHost(String)
    case malformedPort(String)
    case queryOrFragment(String)
    case fragment(String)
    case forbiddenCharacter(String)
    case tooLong(limit: Int)
    /// A redirect leads to another scheme, host or port.
    case otherOrigin(String)
}

extension EndpointError: CustomStringConvertible {
    /// The error in one sentence without its final stop.
    package var description: String {
        switch self {
        case .notHTTP(let text): "\"\(text)\" is not an http address: write it as http://host:port or https://host:port"
        case .userInformation(let text): "\"\(text)\" has a user name or password, which is not supported"
        case .noHost(let text): "\"\(text)\" has no host"
        case .malformedHost(let text): "the host of \"\(text)\" is malformed"
        case .malformedPort(let text): "the port of \"\(text)\" is not a number from 1 to 65535"
        case .queryOrFragment(let text): "\"\(text)\" has a query or a fragment; a base address ends with its path"
        case .fragment(let text): "\"\(text)\" has a fragment, which is never sent; leave out what begins with #"
        case .forbiddenCharacter(let text): "\"\(text)\" has a space or another character an address cannot have"
        case .tooLong(let limit): "the address is longer than \(limit) bytes"
        case .otherOrigin(let text): "the redirect to \"\(text)\" leads to another origin"
        }
    }
}
