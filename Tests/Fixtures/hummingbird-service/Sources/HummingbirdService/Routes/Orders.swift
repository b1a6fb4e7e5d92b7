import Hummingbird

private struct Order: Decodable {
    let item: Int
    let quantity: Int
}

private struct Receipt: ResponseEncodable {
    let state: String
}

/// Takes an order and forgets it.
@Sendable
func placeOrder(_ request: Request, context: BasicRequestContext) async throws -> some ResponseGenerator {
    let order = try await request.decode(as: Order.self, context: context)
    guard order.item > 0, order.quantity > 0 else {
        throw HTTPError(.badRequest, message: "item and quantity must be more than zero")
    }
    return EditedResponse(status: .created, response: Receipt(state: "accepted"))
}
