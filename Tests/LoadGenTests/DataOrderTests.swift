import Plans
import Testing

@testable import LoadGen

@Suite("The order of data")
struct DataOrderTests {
    private func rows(
        _ order: Scenario.DataSet.Order, name: String = "t", seed: UInt64 = 7, user: Int = 0,
        iterations: Range<UInt64> = 0..<1000
    ) throws -> [Int] {
        let set = Scenario.DataSet(name: name, columns: ["n"], rows: (0..<10).map { ["\($0)"] }, order: order)
        let data = try DataBytes(set, seed: seed)
        let user = VirtualUser(index: user, slots: 0)
        return iterations.map { iteration in
            user.iteration = iteration
            var row = -1
            data.with(user, column: 0) { row = Int(String(decoding: $0, as: UTF8.self)) ?? -1 }
            return row
        }
    }

    @Test("sequential rows follow the iterations and begin again")
    func sequential() throws {
        #expect(try rows(.sequential, iterations: 8..<13) == [8, 9, 0, 1, 2])
    }

    @Test("random rows are evenly spread, and the same for the same seed, set and iteration")
    func random() throws {
        let drawn = try rows(.random)
        #expect(try drawn == rows(.random, user: 5))
        #expect(try drawn != rows(.random, seed: 8))
        #expect(try drawn != rows(.random, name: "u"))
        let counts = (0..<10).map { row in drawn.count { $0 == row } }
        // Nine degrees of freedom: a chi-squared above 27.9 has a probability of a thousandth.
        let chi = counts.map { Double(($0 - 100) * ($0 - 100)) / 100 }.reduce(0, +)
        #expect(chi < 27.9)
    }

    @Test("a virtual user keeps its row")
    func oncePerUser() throws {
        #expect(try Set(rows(.oncePerUser, user: 3)) == [3])
    }
}
