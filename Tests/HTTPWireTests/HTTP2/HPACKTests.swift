import TestSupport
import Testing

@testable import HTTPWire

@Suite("Header compression")
struct HPACKTests {
    private static let first = [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"]
    private static let third = [
        ":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com",
        "custom-key: custom-value",
    ]

    @Test("integers are written as in RFC 7541, C.1")
    func integers() {
        func written(_ value: Int, _ prefix: Int) -> [UInt8] {
            var output = WireBuffer(capacity: 8)
            HPACKEncoder.write(value, prefix: prefix, pattern: 0, to: &output)
            return Array(output.bytes)
        }
        #expect(written(10, 5) == [0x0A])
        #expect(written(1337, 5) == [0x1F, 0x9A, 0x0A])
        #expect(written(42, 8) == [0x2A])
        #expect(written(31, 5) == [0x1F, 0])
    }

    @Test("single fields are read as in RFC 7541, C.2")
    func single() throws {
        let reader = BlockReader()
        #expect(
            try reader.fields(octets("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"))
                == ["custom-key: custom-header"]
        )
        #expect(reader.tableSize == 55)
        #expect(try reader.fields(octets("040c 2f73 616d 706c 652f 7061 7468")) == [":path: /sample/path"])
        #expect(try reader.fields(octets("1008 7061 7373 776f 7264 0673 6563 7265 74")) == ["password: secret"])
        #expect(try reader.fields(octets("82")) == [":method: GET"])
        #expect(reader.tableSize == 55)
    }

    @Test(
        "requests are read as in RFC 7541, C.3 and C.4",
        arguments: [
            [
                "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", "8286 84be 5808 6e6f 2d63 6163 6865",
                "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
            ],
            [
                "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", "8286 84be 5886 a8eb 1064 9cbf",
                "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
            ],
        ]
    )
    func requests(blocks: [String]) throws {
        let reader = BlockReader()
        #expect(try reader.fields(octets(blocks[0])) == Self.first)
        #expect(reader.tableSize == 57)
        #expect(try reader.fields(octets(blocks[1])) == Self.first + ["cache-control: no-cache"])
        #expect(reader.tableSize == 110)
        #expect(try reader.fields(octets(blocks[2])) == Self.third)
        #expect(reader.tableSize == 164)
    }

    @Test(
        "responses evict as in RFC 7541, C.5 and C.6",
        arguments: [
            [
                """
                4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 \
                3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d
                """,
                "4803 3330 37c1 c0bf",
                """
                88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 \
                7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 \
                6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31
                """,
            ],
            [
                """
                4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad \
                1718 63c7 8f0b 97c8 e9ae 82ae 43d3
                """,
                "4883 640e ffc1 c0bf",
                """
                88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 \
                e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07
                """,
            ],
        ]
    )
    func responses(blocks: [String]) throws {
        let reader = BlockReader(tableSize: 256)
        let rest = [
            "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", "location: https://www.example.com",
        ]
        #expect(try reader.fields(octets(blocks[0])) == [":status: 302"] + rest)
        #expect(reader.tableSize == 222)
        #expect(try reader.fields(octets(blocks[1])) == [":status: 307"] + rest)
        #expect(reader.tableSize == 222)
        #expect(
            try reader.fields(octets(blocks[2])) == [
                ":status: 200", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:22 GMT",
                "location: https://www.example.com", "content-encoding: gzip",
                "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
            ]
        )
        #expect(reader.tableSize == 215)
    }

    @Test(
        "malformed blocks are refused",
        arguments: [
            ("80", HPACKError.unknownIndex(0)), ("be", .unknownIndex(62)), ("7f", .truncated), ("40", .truncated),
            ("40 0161", .truncated), ("40 05 61", .truncated), ("ff ff ff ff ff 0f", .integerTooLarge),
            ("ff 80 80 80 80 00", .integerTooLarge), ("3f e2 1f", .tableTooLarge(4097, limit: 4096)),
            ("82 20", .misplacedTableSize), ("7e 01 61", .unknownIndex(62)),
            // Padding of eight bits, padding of zeros, and the end of the string in full.
            ("00 82 1fff 00", .malformedPadding), ("00 81 18 00", .malformedPadding),
            ("00 84 ffff ffff 00", .endOfString), ("00 81 ff 00", .malformedPadding),
        ]
    )
    func malformed(block: String, error: HPACKError) {
        #expect(throws: error) { try BlockReader().fields(octets(block)) }
    }

    @Test("the table's size may change at the beginning of a block, more than once")
    func sizes() throws {
        let reader = BlockReader()
        _ = try reader.fields(WireFrame.literal("a", "b", pattern: 0x40))
        #expect(reader.tableSize == 34)
        // Down to nothing, which forgets the entry, and up again.
        #expect(throws: HPACKError.unknownIndex(62)) { try reader.fields(octets("20 3f e1 1f be")) }
        _ = try reader.fields(octets("20 3f e1 1f") + WireFrame.literal("c", "d", pattern: 0x40))
        #expect(try reader.fields(octets("be")) == ["c: d"])
        // An entry larger than the table empties it, which is no error.
        _ = try reader.fields(octets("3f 01") + WireFrame.literal("a", "b", pattern: 0x40))
        #expect(reader.tableSize == 0)
    }

    @Test("lists are bounded, and the table goes on")
    func bounds() throws {
        let reader = BlockReader(limits: .init(listBytes: 200, fieldCount: 3))
        let long = WireFrame.literal("a", String(repeating: "x", count: 170))
        let kept = WireFrame.literal("k", "v", pattern: 0x40)
        var (outcome, fields) = try reader.outcome(WireFrame.literal("b", "c") + long + kept)
        #expect(outcome == .listTooLarge)
        #expect(fields == ["b: c"])
        #expect(try reader.fields([0xBE]) == ["k: v"])
        (outcome, fields) = try reader.outcome([0xBE, 0xBE, 0xBE, 0xBE])
        #expect(outcome == .tooManyFields)
        #expect(fields == ["k: v", "k: v", "k: v"])
    }

    @Test("the table holds right what passed through it many times over")
    func longLife() throws {
        let reader = BlockReader()
        var table: [String] = []
        for round in 0..<5_000 {
            let value = String(repeating: "v", count: round * 7 % 300) + "\(round)"
            #expect(try reader.fields(WireFrame.literal("n\(round)", value, pattern: 0x40)) == ["n\(round): \(value)"])
            table.insert("n\(round): \(value)", at: 0)
            while table.reduce(0, { $0 + $1.utf8.count + 30 }) > 4096 { table.removeLast() }
            let place = round % table.count
            #expect(try reader.fields([0x80 | UInt8(62 + place)]) == [table[place]])
        }
    }

    @Test("what the encoder writes is read again, whatever size of table the peer keeps")
    func encoder() throws {
        final class Writer {
            var encoder = HPACKEncoder()

            func block(_ fields: [(String, String)]) -> [UInt8] {
                var output = WireBuffer(capacity: 16)
                encoder.begin(into: &output)
                for (name, value) in fields {
                    name.withBytes { name in
                        value.withBytes { value in
                            guard case .entry(let entry) = StaticTable.shared.name(name) else { return }
                            encoder.write(entry: entry, name: name, value: value, to: &output)
                        }
                    }
                }
                return Array(output.bytes)
            }
        }
        let writer = Writer()
        let reader = BlockReader()
        let fields = [
            ("User-Agent", "perfgate"), ("Accept", "*/*"), ("X-A", "b"), ("Accept-Encoding", "gzip, deflate"),
        ]
        let texts = ["user-agent: perfgate", "accept: */*", "x-a: b", "accept-encoding: gzip, deflate"]
        let first = writer.block(fields)
        #expect(try reader.fields(first) == texts)
        let second = writer.block(fields)
        // Two entries of the peer's table, one field in full, one entry of the static table.
        #expect(second == [0xBF, 0xBE] + WireFrame.literal("x-a", "b") + [0x90])
        #expect(try reader.fields(second) == texts)
        writer.encoder.setTableSize(0)
        writer.encoder.setTableSize(100)
        #expect(try reader.fields(writer.block(fields)) == texts)
        #expect(reader.tableSize <= 100)
        writer.encoder.setTableSize(0)
        let plain = writer.block(fields)
        #expect(plain.first == 0x20)
        #expect(try reader.fields(plain) == texts)
        #expect(reader.tableSize == 0)
        writer.encoder.setTableSize(1 << 20)
        for round in 0..<1_000 {
            let changing = [("User-Agent", "agent \(round % 50)"), ("Accept", "text/\(round % 3)")] + fields
            let wanted = ["user-agent: agent \(round % 50)", "accept: text/\(round % 3)"] + texts
            #expect(try reader.fields(writer.block(changing)) == wanted)
            #expect(reader.tableSize <= 4096)
        }
    }

    @Test("every name of the static table is found in any case, and the connection's are dropped")
    func names() {
        for index in 1...StaticTable.count {
            let entry = StaticTable.shared[index]
            let name = String(decoding: entry.name, as: UTF8.self)
            let found = name.uppercased().withBytes { StaticTable.shared.name($0) }
            switch name {
            case "host": #expect(found == .host)
            case "transfer-encoding": #expect(found == .dropped)
            default:
                guard case .entry(let first) = found else {
                    Issue.record("\(name) is not found")
                    continue
                }
                #expect(String(decoding: StaticTable.shared[first].name, as: UTF8.self) == name)
                #expect(first <= index)
            }
        }
        for name in ["Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "HTTP2-Settings"] {
            #expect(name.withBytes { StaticTable.shared.name($0) } == .dropped)
        }
        #expect("x-unknown".withBytes { StaticTable.shared.name($0) } == .entry(0))
        #expect("".withBytes { StaticTable.shared.name($0) } == .entry(0))
    }
}
