extension ResponseParser {
    /// The status of the response, 0 before its status line is read.
    package var status: Int { response.status }

    /// Bytes of the body so far, without their framing.
    package var bodyBytes: UInt64 { response.bodyBytes }

    /// How many header fields the response has.
    package var fieldCount: Int { response.fieldCount }

    /// Calls `body` with name and value of every header field, in order, without copying them.
    package func forEachField(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        response.forEachField(body)
    }

    /// Calls `body` with the values of all fields of that name until it returns something.
    ///
    /// `name` is given in small ASCII letters.
    package func firstValue<Result>(
        named name: [UInt8], _ body: (UnsafeRawBufferPointer) -> Result?
    ) -> Result? {
        response.firstValue(named: name, body)
    }

    /// The first field of that name as a text, for callers off the hot path; bytes that are not UTF-8 are replaced.
    package func value(named name: String) -> String? { response.value(named: name) }
}
