import HTTPWire

extension Engine {
    /// Takes bytes of a response, decoding its body where the step asked for an encoding.
    func feed(_ bytes: UnsafeRawBufferPointer, to user: VirtualUser) throws(WireError) -> ResponseParser.Progress {
        let keepsBody = user.step.keepsBody
        guard user.step.decodes else {
            return try user.parser.feed(bytes) { if keepsBody { Self.keep($0, in: user) } }
        }
        var taken = 0
        if !user.parser.hasHead {
            taken = try user.parser.feedHead(upTo: bytes)
            if user.response.hasContentEncoding, user.parser.hasHead { beginDecoding(for: user) }
        }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[taken...])
        let decoder = user.isDecoding ? user.decoder : nil
        let progress = try user.parser.feed(rest) { piece in
            if let decoder {
                decoder.feed(piece) { if keepsBody { Self.keep($0, in: user) } }
            } else if keepsBody {
                Self.keep(piece, in: user)
            }
        }
        guard case .complete(let consumed) = progress else { return .incomplete }
        return .complete(consumed: taken + consumed)
    }

    /// Takes a piece of the body of a response whose head is known.
    func take(_ piece: UnsafeRawBufferPointer, of user: VirtualUser) {
        let keepsBody = user.step.keepsBody
        if user.isDecoding, let decoder = user.decoder {
            decoder.feed(piece) { if keepsBody { Self.keep($0, in: user) } }
        } else if keepsBody {
            Self.keep(piece, in: user)
        }
    }

    private static func keep(_ piece: UnsafeRawBufferPointer, in user: VirtualUser) {
        if user.body.count + piece.count > LoadGeneratorOptions.keptBodyBytes {
            user.bodyOverflowed = true
        } else if !user.bodyOverflowed {
            user.body.append(contentsOf: piece)
        }
    }

    /// Makes ready for the body of the response whose head says how it is encoded; of two codings none is undone.
    func beginDecoding(for user: VirtualUser) {
        var coding: BodyDecoder.Coding?
        var count = 0
        user.response.forEachField { name, value in
            guard Octets.equals(name, ignoringCase: "content-encoding") else { return }
            Octets.forEachMember(of: value) { member in
                if Octets.equals(member, ignoringCase: "identity") { return }
                count += 1
                if Octets.equals(member, ignoringCase: "gzip") || Octets.equals(member, ignoringCase: "x-gzip") {
                    coding = .gzip
                } else if Octets.equals(member, ignoringCase: "deflate") {
                    coding = .deflate
                }
            }
        }
        guard count == 1, let coding else { return }
        let decoder = user.decoder ?? BodyDecoder()
        user.decoder = decoder
        user.isDecoding = true
        let limit =
            user.step.keepsBody ? LoadGeneratorOptions.keptBodyBytes : LoadGeneratorOptions.decodedBodyBytes
        decoder.begin(coding, limit: UInt64(limit))
    }
}

extension VirtualUser {
    /// Bytes of the response's body, decoded where that is done.
    var bodyBytes: UInt64 { isDecoding ? decoder?.count ?? 0 : response.bodyBytes }
}
