/// What virtual users do: flows of steps over data.
package struct Scenario: Sendable, Equatable {
    package var data: [DataSet]
    package var flows: [Flow]
    /// Done once per round by one virtual user, before all load; what it captures holds in everything else.
    package var setup: [Item]
    /// Done once per round by every virtual user after the setup; what it captures holds in the user's flows.
    package var userSetup: [Item]
    /// Done once per round by one virtual user, when everything was measured.
    package var teardown: [Item]
    package var cookies: Cookies

    package init(
        data: [DataSet], flows: [Flow], setup: [Item] = [], userSetup: [Item] = [], teardown: [Item] = [],
        cookies: Cookies = .flow
    ) {
        self.data = data
        self.flows = flows
        self.setup = setup
        self.userSetup = userSetup
        self.teardown = teardown
        self.cookies = cookies
    }

    /// How long a virtual user keeps the cookies it is given.
    package enum Cookies: String, Sendable, CaseIterable {
        /// Until its next flow begins.
        case flow
        /// As long as it lives.
        case user
        /// Not at all.
        case off
    }

    /// What is done around the load, outside everything that is counted and timed.
    package enum Part: String, Sendable, CaseIterable {
        case setup
        case userSetup = "user-setup"
        case teardown
    }

    /// Whether anything is done ahead of the load.
    package var isSetUp: Bool { !setup.isEmpty || !userSetup.isEmpty }

    /// What a part does; nothing when it is empty.
    package func items(of part: Part) -> [Item] {
        switch part {
        case .setup: setup
        case .userSetup: userSetup
        case .teardown: teardown
        }
    }

    /// Rows read from a file.
    package struct DataSet: Sendable, Equatable {
        package var name: String
        package var columns: [String]
        /// As many values per row as there are columns.
        package var rows: [[String]]
        package var order: Order

        package init(name: String, columns: [String], rows: [[String]], order: Order = .sequential) {
            self.name = name
            self.columns = columns
            self.rows = rows
            self.order = order
        }

        /// Which row an iteration uses.
        package enum Order: String, Sendable, CaseIterable {
            /// Iteration *i* of the round uses row *i* modulo the count.
            case sequential
            /// A row drawn from the round's seed and the iteration's number.
            case random
            /// Virtual user *u* uses row *u* in all its iterations.
            case oncePerUser = "once-per-user"
        }
    }

    /// What one virtual user does, step by step, chosen with a probability proportional to its weight.
    package struct Flow: Sendable, Equatable {
        package var name: String
        package var weight: Int
        package var items: [Item]

        package init(name: String, weight: Int, items: [Item]) {
            self.name = name
            self.weight = weight
            self.items = items
        }

        /// A flow that makes these requests, one after the other.
        package init(name: String, weight: Int, steps: [Step]) {
            self.init(name: name, weight: weight, items: steps.map { .request($0) })
        }

        /// All its requests, as they are written.
        package var steps: [Step] { items.requests }
    }

    /// One request and what is expected of its response.
    package struct Step: Sendable, Equatable {
        /// Unique within the scenario: results are kept by it.
        package var name: String
        /// Upper case.
        package var method: String
        /// Path and query, beginning with a slash once rendered.
        package var target: Template
        package var headers: [Header]
        package var body: Body?
        package var checks: [Check]
        package var captures: [Capture]
        /// How many redirects are followed; 0 takes a redirect as the response.
        package var redirects: Int
        /// Overrides the plan's time-out.
        package var timeout: Duration?
        /// Sent as `Authorization`, which is then not among the headers.
        package var auth: Auth?
        /// Whether the step asks for a compressed response; it then has no header `Accept-Encoding` of its own.
        package var isCompressed: Bool

        package init(
            name: String, method: String, target: Template, headers: [Header], body: Body?, checks: [Check],
            captures: [Capture], redirects: Int, timeout: Duration?, auth: Auth? = nil,
            isCompressed: Bool = false
        ) {
            self.name = name
            self.method = method
            self.target = target
            self.headers = headers
            self.body = body
            self.checks = checks
            self.captures = captures
            self.redirects = redirects
            self.timeout = timeout
            self.auth = auth
            self.isCompressed = isCompressed
        }
    }

    /// Who sends a request.
    package enum Auth: Sendable, Equatable {
        /// A user name without colon, and a password (RFC 7617).
        case basic(user: Template, password: Template)
        /// A token (RFC 6750).
        case bearer(Template)
    }

    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: Template

        package init(name: String, value: Template) {
            self.name = name
            self.value = value
        }
    }

    package struct Body: Sendable, Equatable {
        /// Sent as `Content-Type` unless the step sets that header itself; that of a form is completed by its boundary.
        package var contentType: String
        package var content: Content

        package init(contentType: String, content: Content) {
            self.contentType = contentType
            self.content = content
        }

        package init(contentType: String, content: Template) {
            self.init(contentType: contentType, content: .text(content))
        }

        package enum Content: Sendable, Equatable {
            case text(Template)
            /// Sent as they are.
            case bytes([UInt8])
            case form([FormPart])
        }
    }

    /// One part of a form (RFC 7578).
    package struct FormPart: Sendable, Equatable {
        /// Without control characters, as is the name of the file.
        package var name: String
        package var filename: String?
        package var contentType: String?
        package var content: Content

        package init(name: String, filename: String?, contentType: String?, content: Content) {
            self.name = name
            self.filename = filename
            self.contentType = contentType
            self.content = content
        }

        package enum Content: Sendable, Equatable {
            case text(Template)
            case bytes([UInt8])
        }
    }

    /// What a response must satisfy; a response that does not is a failed exchange.
    package enum Check: Sendable, Equatable {
        /// One of these statuses. A step without a status check accepts 200–399.
        case status([Int])
        /// The header is there and contains the text.
        case header(name: String, contains: Template)
        /// The body contains the text.
        case bodyContains(Template)
        /// The pattern matches somewhere in the body.
        case bodyMatches(Pattern)
        /// The value at the path equals this JSON scalar, written as JSON.
        case json(path: JSONPath, equals: JSONScalar)
        /// The body has so many bytes, those of a compressed one counted after decoding.
        case size(minimum: UInt64?, maximum: UInt64?)
        /// The response is complete within this time of the request's sending, redirects included.
        case time(maximum: Duration)

        package var readsBody: Bool {
            switch self {
            case .status, .header, .time: false
            case .bodyContains, .bodyMatches, .json, .size: true
            }
        }
    }

    /// A value taken from a response into a variable of the virtual user.
    package struct Capture: Sendable, Equatable {
        package var variable: String
        package var source: Source

        package init(variable: String, source: Source) {
            self.variable = variable
            self.source = source
        }

        package enum Source: Sendable, Equatable {
            case json(JSONPath)
            case header(String)
            /// The first group of the pattern's leftmost match in the body, or the whole match where it has none.
            case pattern(Pattern)

            package var readsBody: Bool {
                switch self {
                case .header: false
                case .json, .pattern: true
                }
            }
        }
    }
}

/// A path into a JSON document: `$.items[0].id`.
package struct JSONPath: Sendable, Equatable {
    package enum Element: Sendable, Equatable {
        case key(String)
        case index(Int)
    }

    package var elements: [Element]
    /// As it was written.
    package var text: String

    package init(elements: [Element], text: String) {
        self.elements = elements
        self.text = text
    }
}

/// A JSON value that is neither an object nor an array.
package enum JSONScalar: Sendable, Equatable {
    case string(String)
    case number(Double)
    case bool(Bool)
    case null
}
