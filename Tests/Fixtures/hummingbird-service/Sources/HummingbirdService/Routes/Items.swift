import Hummingbird

private struct Item: ResponseEncodable {
    struct Price: Encodable {
        let amount: Int
        let currency: String
    }

    let id: Int
    let name: String
    let price: Price
    let tags: [String]
}

private let itemsPerPage = 5
private let lastPage = 1000

/// Answers with one page of the catalogue, every time the same one.
@Sendable
func listItems(_ request: Request, context: BasicRequestContext) async throws -> some ResponseGenerator {
    let page: Int
    switch request.uri.queryParameters["page"] {
    case nil: page = 1
    case let text?:
        guard let number = Int(text), (1...lastPage).contains(number) else {
            throw HTTPError(.badRequest, message: "page must be a whole number from 1 to \(lastPage)")
        }
        page = number
    }
    let first = (page - 1) * itemsPerPage + 1
    return (first..<first + itemsPerPage).map { id in
        Item(
            id: id, name: "catalogue item number \(id)", price: Item.Price(amount: 100 + id % 900, currency: "EUR"),
            tags: ["new", id.isMultiple(of: 2) ? "even" : "odd"])
    }
}
