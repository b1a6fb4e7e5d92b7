/// Writes blocks of header fields (RFC 7541).
///
/// Strings are written as they are: a load generator has more bandwidth than time. Fields whose values hardly ever
/// change between the requests of a connection enter the peer's table and cost one byte from then on; all others are
/// written in full and leave the table alone.
struct HPACKEncoder: ~Copyable {
    /// No table is used beyond this, whatever the peer offers.
    static let largestTable = 4096

    /// Entries of the static table whose names stand for stable values.
    private static let stableNames = [1, 16, 17, 19, 31, 58]

    /// What the peer's table has of one name.
    private struct Remembered {
        /// Which entry it was, counted from 1 over the whole connection; 0 where there is none.
        var number = 0
        var value: [UInt8] = []
    }

    private let fixed = StaticTable.shared
    /// Where in ``remembered`` a name of the static table is, by its index; 255 for all that are not stable.
    private let placeOfName: [UInt8]
    private var remembered: [Remembered]
    /// Sizes of the entries in the peer's table, a ring.
    private var sizes: [Int]
    private var inserted = 0
    private var evicted = 0
    private var size = 0
    private var maximumSize = 4096
    /// The smallest size agreed upon since the last block, where it changed.
    private var smallestSize: Int?

    init() {
        var places = [UInt8](repeating: 255, count: StaticTable.count + 1)
        for (place, name) in Self.stableNames.enumerated() { places[name] = UInt8(place) }
        placeOfName = places
        remembered = [Remembered](repeating: Remembered(), count: Self.stableNames.count)
        sizes = [Int](repeating: 0, count: Self.largestTable / HPACKDecoder.entryOverhead)
    }

    /// The peer has said how large a table it keeps; the next block says what of it is used.
    mutating func setTableSize(_ size: Int) {
        let wanted = min(size, Self.largestTable)
        guard wanted != maximumSize || smallestSize != nil else { return }
        maximumSize = wanted
        smallestSize = min(smallestSize ?? wanted, wanted)
        evict(until: wanted)
    }

    /// Begins a block.
    @inline(__always)
    mutating func begin(into output: inout WireBuffer) {
        guard let smallest = smallestSize else { return }
        smallestSize = nil
        if smallest < maximumSize { Self.write(smallest, prefix: 5, pattern: 0x20, to: &output) }
        Self.write(maximumSize, prefix: 5, pattern: 0x20, to: &output)
    }

    /// Writes an entry of the static table, name and value.
    @inline(__always)
    mutating func write(entry: Int, to output: inout WireBuffer) {
        output.append(0x80 | UInt8(entry))
    }

    /// Writes a field; `entry` is the first of its name in the static table or 0, the name may have capitals.
    mutating func write(
        entry: Int, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, to output: inout WireBuffer
    ) {
        if entry == 0 {
            output.append(0)
            Self.write(name.count, prefix: 7, pattern: 0, to: &output)
            let place = output.reserve(name.count)
            for index in 0..<name.count {
                place.storeBytes(of: Octets.lowercased(name[index]), toByteOffset: index, as: UInt8.self)
            }
            output.advance(name.count)
            return Self.write(value, to: &output)
        }
        if entry == 16, Octets.isSame(value, fixed[entry].value) { return write(entry: entry, to: &output) }
        let place = Int(placeOfName[entry])
        if place < 255, writeStable(entry: entry, place: place, value: value, to: &output) { return }
        Self.write(entry, prefix: 4, pattern: 0, to: &output)
        Self.write(value, to: &output)
    }

    /// Writes a field by way of the peer's table; false where it is too large for it.
    private mutating func writeStable(
        entry: Int, place: Int, value: UnsafeRawBufferPointer, to output: inout WireBuffer
    ) -> Bool {
        let number = remembered[place].number
        if number > evicted, remembered[place].value.withUnsafeBytes({ Octets.isSame($0, value) }) {
            Self.write(StaticTable.count + 1 + inserted - number, prefix: 7, pattern: 0x80, to: &output)
            return true
        }
        let cost = fixed[entry].nameCount + value.count + HPACKDecoder.entryOverhead
        guard cost <= maximumSize else { return false }
        evict(until: maximumSize - cost)
        sizes[inserted % sizes.count] = cost
        inserted += 1
        size += cost
        remembered[place].number = inserted
        remembered[place].value.removeAll(keepingCapacity: true)
        remembered[place].value.append(contentsOf: value)
        Self.write(entry, prefix: 6, pattern: 0x40, to: &output)
        Self.write(value, to: &output)
        return true
    }

    private mutating func evict(until limit: Int) {
        while size > limit {
            size -= sizes[evicted % sizes.count]
            evicted += 1
        }
    }

    @inline(__always)
    private static func write(_ string: UnsafeRawBufferPointer, to output: inout WireBuffer) {
        write(string.count, prefix: 7, pattern: 0, to: &output)
        output.append(string)
    }

    /// Writes an integer whose first bits share a byte with `pattern` (RFC 7541, section 5.1).
    @inline(__always)
    static func write(_ value: Int, prefix: Int, pattern: UInt8, to output: inout WireBuffer) {
        let mask = (1 << prefix) - 1
        if value < mask { return output.append(pattern | UInt8(value)) }
        output.append(pattern | UInt8(mask))
        var rest = value - mask
        while rest >= 128 {
            output.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        output.append(UInt8(rest))
    }
}
