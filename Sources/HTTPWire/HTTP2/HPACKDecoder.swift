#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads blocks of header fields (RFC 7541) and keeps the table they share.
///
/// Every block of a connection must be decoded, in order, whether or not anybody wants its fields.
struct HPACKDecoder: ~Copyable {
    /// Bounds on a list of fields, which is counted as in SETTINGS_MAX_HEADER_LIST_SIZE: 32 bytes for each field.
    struct Limits {
        var listBytes = 64 * 1024
        var fieldCount = 256
    }

    /// Whether a list was stored; the table is right either way.
    enum Outcome: Equatable {
        case complete
        case listTooLarge
        case tooManyFields
    }

    /// What every entry is counted with beyond its bytes.
    static let entryOverhead = 32

    private struct Entry {
        var start: Int
        var nameCount: Int
        var valueCount: Int
        var kind: FieldKind

        var size: Int { nameCount + valueCount + HPACKDecoder.entryOverhead }
    }

    private let limits: Limits
    private let capacity: Int
    private let fixed = StaticTable.shared
    private let huffman = HuffmanCode.shared
    /// Names and values of the table one after the other, oldest first.
    ///
    /// Twice as large as the table may be, so that no entry wraps around: at the end of the memory what lives is
    /// moved to its beginning, which costs at most one moved byte for each byte added.
    private let memory: UnsafeMutablePointer<UInt8>
    private var memoryEnd = 0
    private let entries: UnsafeMutablePointer<Entry>
    private let entryMask: Int
    private var oldest = 0
    private var scratch: UnsafeMutablePointer<UInt8>
    private var scratchCapacity = 256

    private(set) var entryCount = 0
    /// Size of the entries as RFC 7541 counts it.
    private(set) var size = 0
    /// What the table may hold, as the peer said last.
    private(set) var maximumSize: Int

    /// - Parameter tableSize: the SETTINGS_HEADER_TABLE_SIZE the peer was given.
    init(tableSize: Int = 4096, limits: Limits = Limits()) {
        self.limits = limits
        capacity = tableSize
        maximumSize = tableSize
        memory = .allocate(capacity: max(1, tableSize * 2))
        var slots = 1
        while slots < tableSize / Self.entryOverhead + 1 { slots *= 2 }
        entryMask = slots - 1
        entries = .allocate(capacity: slots)
        entries.initialize(repeating: Entry(start: 0, nameCount: 0, valueCount: 0, kind: .plain), count: slots)
        scratch = .allocate(capacity: scratchCapacity)
    }

    deinit {
        memory.deallocate()
        entries.deallocate()
        scratch.deallocate()
    }

    /// Appends the fields of a whole block to `head`, pseudo-header fields included.
    ///
    /// A list beyond the limits is dropped from the field that crosses them on.
    mutating func decode(
        _ block: UnsafeRawBufferPointer, into head: inout ResponseHead
    ) throws(HPACKError) -> Outcome {
        var reader = Reader(block)
        var outcome = Outcome.complete
        var listBytes = 0
        var mayResize = true
        while let first = reader.peek {
            if first & 0xE0 == 0x20 {
                guard mayResize else { throw .misplacedTableSize }
                try resize(to: reader.integer(prefix: 5))
                continue
            }
            mayResize = false
            let start = head.bytes.count
            let field: ResponseHead.Field
            if first & 0x80 != 0 {
                field = append(try entry(at: reader.integer(prefix: 7)), to: &head)
            } else {
                let isIndexed = first & 0x40 != 0
                field = try literal(&reader, nameIndex: reader.integer(prefix: isIndexed ? 6 : 4), into: &head)
                if isIndexed { insert(field, of: head) }
            }
            listBytes += head.bytes.count - start + Self.entryOverhead
            if outcome == .complete {
                if listBytes > limits.listBytes {
                    outcome = .listTooLarge
                } else if head.fields.count >= limits.fieldCount {
                    outcome = .tooManyFields
                } else {
                    head.append(field)
                    continue
                }
            }
            head.bytes.removeSubrange(start...)
        }
        return outcome
    }

    private struct Found {
        let bytes: UnsafePointer<UInt8>
        let nameCount: Int
        let valueCount: Int
        let kind: FieldKind
    }

    @inline(__always)
    private func entry(at index: Int) throws(HPACKError) -> Found {
        if index <= StaticTable.count {
            guard index > 0 else { throw .unknownIndex(0) }
            let entry = fixed[index]
            return Found(
                bytes: entry.bytes, nameCount: entry.nameCount, valueCount: entry.valueCount, kind: entry.kind)
        }
        let age = index - StaticTable.count - 1
        guard age < entryCount else { throw .unknownIndex(index) }
        let entry = entries[(oldest + entryCount - 1 - age) & entryMask]
        return Found(
            bytes: UnsafePointer(memory + entry.start), nameCount: entry.nameCount, valueCount: entry.valueCount,
            kind: entry.kind
        )
    }

    @inline(__always)
    private func append(_ found: Found, to head: inout ResponseHead) -> ResponseHead.Field {
        let start = head.bytes.count
        let end = start + found.nameCount
        head.bytes.append(
            contentsOf: UnsafeRawBufferPointer(start: found.bytes, count: found.nameCount + found.valueCount))
        return ResponseHead.Field(name: start..<end, value: end..<(end + found.valueCount), kind: found.kind)
    }

    private mutating func literal(
        _ reader: inout Reader, nameIndex: Int, into head: inout ResponseHead
    ) throws(HPACKError) -> ResponseHead.Field {
        let start = head.bytes.count
        if nameIndex == 0 {
            try string(&reader, into: &head)
        } else {
            let found = try entry(at: nameIndex)
            head.bytes.append(contentsOf: UnsafeRawBufferPointer(start: found.bytes, count: found.nameCount))
        }
        let middle = head.bytes.count
        try string(&reader, into: &head)
        let end = head.bytes.count
        let kind = head.bytes.withUnsafeBytes { bytes in
            FieldKind(
                name: UnsafeRawBufferPointer(rebasing: bytes[start..<middle]),
                value: UnsafeRawBufferPointer(rebasing: bytes[middle..<end])
            )
        }
        return ResponseHead.Field(name: start..<middle, value: middle..<end, kind: kind)
    }

    @inline(__always)
    private mutating func string(_ reader: inout Reader, into head: inout ResponseHead) throws(HPACKError) {
        guard let first = reader.peek else { throw .truncated }
        let bytes = try reader.take(reader.integer(prefix: 7))
        guard first & 0x80 != 0 else { return head.bytes.append(contentsOf: bytes) }
        let room = HuffmanCode.capacity(for: bytes.count)
        if room > scratchCapacity {
            scratch.deallocate()
            scratchCapacity = room
            scratch = .allocate(capacity: room)
        }
        let count = try huffman.decode(bytes, into: scratch)
        head.bytes.append(contentsOf: UnsafeRawBufferPointer(start: scratch, count: count))
    }

    private mutating func resize(to size: Int) throws(HPACKError) {
        guard size <= capacity else { throw .tableTooLarge(size, limit: capacity) }
        maximumSize = size
        evict(until: size)
    }

    private mutating func evict(until limit: Int) {
        while size > limit {
            size -= entries[oldest & entryMask].size
            oldest += 1
            entryCount -= 1
        }
    }

    private mutating func insert(_ field: ResponseHead.Field, of head: borrowing ResponseHead) {
        let nameCount = field.name.count
        let count = nameCount + field.value.count
        let cost = count + Self.entryOverhead
        guard cost <= maximumSize else { return evict(until: 0) }
        evict(until: maximumSize - cost)
        if memoryEnd + count > capacity * 2 { compact() }
        let start = field.name.lowerBound
        head.bytes.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: memory + memoryEnd, count: count)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)]))
        }
        entries[(oldest + entryCount) & entryMask] = Entry(
            start: memoryEnd, nameCount: nameCount, valueCount: field.value.count, kind: field.kind)
        memoryEnd += count
        entryCount += 1
        size += cost
    }

    /// Moves the bytes of all entries to the beginning of the memory.
    private mutating func compact() {
        guard entryCount > 0 else {
            memoryEnd = 0
            return
        }
        let first = entries[oldest & entryMask].start
        memmove(memory, memory + first, memoryEnd - first)
        memoryEnd -= first
        for index in oldest..<(oldest + entryCount) { entries[index & entryMask].start -= first }
    }
}

extension HPACKDecoder {
    /// A place in a block.
    private struct Reader {
        private let bytes: UnsafeRawBufferPointer
        private var place = 0

        init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        /// The next byte, nil at the end.
        @inline(__always) var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

        /// An integer whose first bits share a byte with something else (RFC 7541, section 5.1).
        @inline(__always)
        mutating func integer(prefix: Int) throws(HPACKError) -> Int {
            guard place < bytes.count else { throw .truncated }
            let mask = (1 << prefix) - 1
            let value = Int(bytes[place]) & mask
            place += 1
            return value < mask ? value : try longInteger(from: value)
        }

        private mutating func longInteger(from start: Int) throws(HPACKError) -> Int {
            var value = start
            // Four bytes hold whatever a block of this size can mean; more are an attempt to overflow somebody.
            for shift in [0, 7, 14, 21] {
                guard place < bytes.count else { throw .truncated }
                let byte = bytes[place]
                place += 1
                value += Int(byte & 0x7F) << shift
                if byte & 0x80 == 0 { return value }
            }
            throw .integerTooLarge
        }

        @inline(__always)
        mutating func take(_ count: Int) throws(HPACKError) -> UnsafeRawBufferPointer {
            guard count <= bytes.count - place else { throw .truncated }
            defer { place += count }
            return UnsafeRawBufferPointer(rebasing: bytes[place..<(place + count)])
        }
    }
}
