/// Something in the arguments or in the environment that makes no sense.
enum UsageProblem: Equatable {
    case unknownArgument(String)
    case missingValue(argument: String)
    case repeated(argument: String)
    case exclusive(String, String)
    case inseparable(String, String)
    case unknownDial(name: String)
    case invalid(name: String, value: String, expected: String)

    /// The problem in words.
    var sentence: String {
        switch self {
        case .unknownArgument(let argument): "unexpected argument '\(argument)'"
        case .missingValue(let argument): "\(argument) needs a value"
        case .repeated(let argument): "\(argument) is given more than once"
        case .exclusive(let first, let second): "\(first) and \(second) exclude each other"
        case .inseparable(let first, let second): "\(first) and \(second) need each other"
        case .unknownDial(let name): "\(name): there is no such dial"
        case .invalid(let name, let value, let expected): "\(name)='\(value)': expected \(expected)"
        }
    }
}

/// All problems of one start.
struct UsageProblems: Error, Equatable {
    let all: [UsageProblem]
}
