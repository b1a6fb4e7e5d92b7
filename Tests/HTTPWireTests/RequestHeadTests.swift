import HTTPWire
import Testing

@Suite("Request heads")
struct RequestHeadTests {
    @Test("a head is written with host, base path and length")
    func rendered() throws {
        let head = RequestHead(method: "POST", target: "/x?y", fields: [("Accept", "*/*")])
        let bytes = try head.rendered(for: Endpoint("http://h:81/base/"), bodyLength: 3)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "POST /base/x?y HTTP/1.1\r\nHost: h:81\r\nAccept: */*\r\nContent-Length: 3\r\n\r\n"
        )
    }

    @Test("nothing can end a line early")
    func refused() throws {
        let endpoint = try Endpoint("http://h")
        #expect(throws: RequestError.malformedMethod) {
            try RequestHead(method: "G T", target: "/").rendered(for: endpoint)
        }
        #expect(throws: RequestError.malformedTarget) { try RequestHead(target: "/ x").rendered(for: endpoint) }
        #expect(throws: RequestError.malformedTarget) { try RequestHead(target: "x").rendered(for: endpoint) }
        #expect(throws: RequestError.malformedFieldName) {
            try RequestHead(target: "/", fields: [("A B", "c")]).rendered(for: endpoint)
        }
        #expect(throws: RequestError.malformedFieldValue(name: "A")) {
            try RequestHead(target: "/", fields: [("A", "b\r\nC: d")]).rendered(for: endpoint)
        }
    }
}
