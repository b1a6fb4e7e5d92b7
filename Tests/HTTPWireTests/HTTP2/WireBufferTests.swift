import Measures
import TestSupport
import Testing

@testable import HTTPWire

@Suite("Buffers of HTTP/2")
struct WireBufferTests {
    @Test("what is written comes out in order, however it is taken and grows")
    func buffer() {
        var random = SeededGenerator(seed: 1)
        var buffer = WireBuffer(capacity: 8)
        var model: [UInt8] = []
        for round in 0..<20_000 {
            switch random.below(5) {
            case 0: buffer.dropFirst(0)
            case 1, 2:
                let count = random.below(model.count + 1)
                buffer.dropFirst(count)
                model.removeFirst(count)
            case 3 where !model.isEmpty:
                let place = random.below(model.count)
                let size = random.below(12)
                buffer.openGap(of: size, at: place)
                model.insert(contentsOf: [UInt8](repeating: 7, count: size), at: place)
                for offset in 0..<size { buffer.set(7, at: place + offset) }
            default:
                let bytes = (0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                bytes.withUnsafeBytes { buffer.append($0) }
                buffer.append(UInt8(round & 0xFF))
                buffer.append(bigEndian: UInt16(0x0102))
                buffer.append(bigEndian: UInt32(0x0304_0506))
                model += bytes + [UInt8(round & 0xFF), 1, 2, 3, 4, 5, 6]
            }
            let isSame = buffer.bytes.elementsEqual(model)
            #expect(isSame)
            guard isSame else { return }
        }
    }

    @Test("streams are found whatever others come and go")
    func streams() {
        var random = SeededGenerator(seed: 2)
        var index = StreamIndex(streams: 40)
        var model: [UInt32: Int] = [:]
        for round in 0..<20_000 {
            let stream = UInt32(random.below(200) * 2 + 1)
            if model[stream] != nil {
                index.remove(stream)
                model[stream] = nil
            } else if model.count < 40 {
                let slot = random.below(40)
                index.insert(stream, slot: slot)
                model[stream] = slot
            }
            let other = UInt32(random.below(200) * 2 + 1)
            index.remove(model[other] == nil ? other : 401)
            guard round % 50 == 0 else { continue }
            let found = (0..<200).map { index.slot(of: UInt32($0 * 2 + 1)) }
            let wanted = (0..<200).map { model[UInt32($0 * 2 + 1)] }
            guard found != wanted else { continue }
            Issue.record("\(found) instead of \(wanted)")
            return
        }
    }
}
