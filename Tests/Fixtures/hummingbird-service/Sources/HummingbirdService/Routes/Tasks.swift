import Hummingbird

private struct Sum: ResponseEncodable {
    let sum: Int
}

/// Does its work in five tasks: an `async let`, a group of three and one of nobody's.
@Sendable
func addUpInTasks(_ request: Request, context: BasicRequestContext) async throws -> some ResponseGenerator {
    async let bound = add(upTo: 100)
    let grouped = await withTaskGroup(of: Int.self) { group in
        for number in 1...3 {
            group.addTask { await add(upTo: number * 100) }
        }
        return await group.reduce(0, +)
    }
    let unstructured = await Task { await add(upTo: 500) }.value
    return Sum(sum: await bound + grouped + unstructured)
}

// Gives its thread up once, so that every task is suspended and resumed like one that asks somebody.
@inline(never)
private func add(upTo last: Int) async -> Int {
    await Task.yield()
    return (1...last).reduce(0, +)
}
