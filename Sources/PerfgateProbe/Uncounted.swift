import LinkedProbe

/// Work of the probe's own, which is not the service's doing and not counted as such.
enum Uncounted {
    /// Does what neither starts nor ends a task, and gives its result as if that alone had been allocated.
    static func response(_ body: () -> ProbeResponse) -> ProbeResponse {
        let before = perfgate_probe_pause()
        var made: ProbeResponse? = body()
        perfgate_probe_resume(before)
        // The result will be freed where that is counted, and so has to be allocated where that is.
        let result = made.map { response in
            ProbeResponse(
                status: response.status, contentType: response.contentType,
                body: [UInt8](unsafeUninitializedCapacity: response.body.count) { buffer, count in
                    count = response.body.withUnsafeBytes { bytes in
                        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                        return bytes.count
                    }
                })
        }
        let again = perfgate_probe_pause()
        withExtendedLifetime(made) {}
        made = nil
        perfgate_probe_resume(again)
        return result ?? ProbeResponse(status: 500, contentType: "", body: [])
    }
}
