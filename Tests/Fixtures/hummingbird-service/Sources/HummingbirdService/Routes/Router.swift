import Hummingbird

/// The service's routes; the readiness check is beside the dials, so that asking it changes nothing of what is measured.
func makeRouter(_ worsening: Worsening) -> Router<BasicRequestContext> {
    let router = Router()
    router.get("/healthz") { _, _ in Health(status: "ok") }
    let api = router.group().add(middleware: DialledMiddleware(worsening: worsening))
    api.get("/items", use: listItems)
    api.post("/orders", use: placeOrder)
    api.get("/tasks", use: addUpInTasks)
    return router
}

private struct Health: ResponseEncodable {
    let status: String
}

/// Puts the dials in front of the routes.
private struct DialledMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let worsening: Worsening

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        await worsening.burden()
        return try await next(request, context)
    }
}
