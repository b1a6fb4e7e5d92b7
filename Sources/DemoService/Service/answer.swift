import NIOCore
import NIOHTTP1

/// Answers one request.
func answer(_ request: Request, worsenedBy worsening: Worsening) async throws -> Response {
    let path = request.path
    if path == "/healthz" {
        return Response(.ok, .object([("status", .string("ok"))]))
    }
    if try await worsening.burden() {
        return .problem(.internalServerError, "failed on purpose")
    }
    switch (request.head.method, path) {
    case (.GET, "/items"):
        return listItems(request)
    case (.POST, "/orders"):
        return placeOrder(request)
    case (.GET, _) where path.hasPrefix("/quote/"):
        return quote(path.dropFirst("/quote/".count))
    default:
        return .problem(.notFound, "no such resource")
    }
}

private let itemsPerPage = 20
private let lastPage = 1000

private func listItems(_ request: Request) -> Response {
    var page = 1
    if let text = request.query("page") {
        guard let number = Int(text), (1...lastPage).contains(number) else {
            return .problem(.badRequest, "page must be a number from 1 to \(lastPage)")
        }
        page = number
    }
    let first = (page - 1) * itemsPerPage + 1
    let items = (first..<first + itemsPerPage)
        .map { id in
            JSONValue.object([
                ("id", .integer(id)), ("name", .string("item \(id)")), ("priceInCents", .integer(100 + id % 900)),
            ])
        }
    return Response(.ok, .object([("page", .integer(page)), ("items", .array(items))]))
}

private func placeOrder(_ request: Request) -> Response {
    guard case .complete(let body) = request.body else {
        return .problem(.payloadTooLarge, "the body is too large")
    }
    guard case .object(let members)? = JSONValue(parsing: body.readableBytesView) else {
        return .problem(.badRequest, "the body must be a JSON object")
    }
    let order = Dictionary(members) { _, last in last }
    guard case .integer(let item)? = order["item"], case .integer(let quantity)? = order["quantity"], quantity > 0
    else {
        return .problem(.badRequest, "an order needs the whole numbers item and quantity")
    }
    return Response(
        .created,
        .object([("state", .string("accepted")), ("item", .integer(item)), ("quantity", .integer(quantity))])
    )
}

/// How much work one quote is, in rounds of the checksum: some ten microseconds.
private let quoteRounds: UInt64 = 7_000

@inline(never)
private func quote(_ text: Substring) -> Response {
    guard let id = UInt32(text) else {
        return .problem(.badRequest, "a quote has a whole number")
    }
    let price = Checksum.hash(rounds: quoteRounds, seed: UInt64(id)) % 100_000
    return Response(.ok, .object([("id", .integer(Int(id))), ("priceInCents", .integer(Int(price)))]))
}
