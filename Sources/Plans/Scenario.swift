/// What virtual users do: flows of steps over data.
package struct Scenario: Sendable, Equatable {
    package var data: [DataSet]
    package var flows: [Flow]
    package var cookies: Cookies

    package init(data: [DataSet], flows: [Flow], cookies: Cookies = .flow) {
        self.data = data
        self.flows = flows
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

    /// Rows read from a file, taken in turn: iteration *i* of the round uses row *i* modulo the count.
    package struct DataSet: Sendable, Equatable {
        package var name: String
        package var columns: [String]
        /// As many values per row as there are columns.
        package var rows: [[String]]

        package init(name: String, columns: [String], rows: [[String]]) {
            self.name = name
            self.columns = columns
            self.rows = rows
        }
    }

    /// A sequence of steps done by one virtual user, chosen with a probability proportional to its weight.
    package struct Flow: Sendable, Equatable {
        package var name: String
        package var weight: Int
        package var steps: [Step]

        package init(name: String, weight: Int, steps: [Step]) {
            self.name = name
            self.weight = weight
            self.steps = steps
        }
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
            case form([Part])
        }
    }

    /// One part of a form (RFC 7578).
    package struct Part: Sendable, Equatable {
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
