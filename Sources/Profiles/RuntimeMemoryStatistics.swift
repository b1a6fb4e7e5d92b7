/// The counters of Go's memory management, from the end of `heap?debug=1`.
///
/// They are exact, unlike the samples above them. The probe that Swift services link in serves the same, without the
/// lines that mean nothing where there is no garbage collector, and with two of its own.
package struct RuntimeMemoryStatistics: Sendable, Hashable, Codable {
    /// Bytes allocated since the process began.
    package let totalAlloc: UInt64
    /// Bytes taken from the system.
    package let sys: UInt64?
    /// Objects allocated since the process began, tiny ones counted one by one.
    package let mallocs: UInt64
    /// Objects freed since the process began.
    package let frees: UInt64
    /// Bytes in objects that live or are not yet swept.
    package let heapAlloc: UInt64
    package let heapSys: UInt64?
    package let heapIdle: UInt64?
    package let heapInuse: UInt64
    package let heapReleased: UInt64?
    package let heapObjects: UInt64
    /// The heap size at which the next collection begins, in bytes.
    package let nextGC: UInt64?
    /// When the last collection ended, nanoseconds since 1970; 0 = never.
    package let lastGC: UInt64
    /// The pauses of the last 256 collections in nanoseconds: that of collection n is at (n + 255) mod 256.
    package let pauseNs: [UInt64]
    package let numGC: UInt64
    /// Collections that the program asked for.
    package let numForcedGC: UInt64
    /// The share of processor time that collection took since the process began.
    package let gcCPUFraction: Double
    /// The part of ``mallocs`` that libdispatch made for its own bookkeeping, which depends on how threads meet; 0 in a
    /// program of Go.
    package let dispatchMallocs: UInt64
    /// The part of ``totalAlloc`` that is libdispatch's.
    package let dispatchTotalAlloc: UInt64

    static let ring = 256

    package init(
        totalAlloc: UInt64,
        sys: UInt64?,
        mallocs: UInt64,
        frees: UInt64,
        heapAlloc: UInt64,
        heapSys: UInt64?,
        heapIdle: UInt64?,
        heapInuse: UInt64,
        heapReleased: UInt64?,
        heapObjects: UInt64,
        nextGC: UInt64?,
        lastGC: UInt64,
        pauseNs: [UInt64],
        numGC: UInt64,
        numForcedGC: UInt64,
        gcCPUFraction: Double,
        dispatchMallocs: UInt64 = 0,
        dispatchTotalAlloc: UInt64 = 0
    ) {
        self.totalAlloc = totalAlloc
        self.sys = sys
        self.mallocs = mallocs
        self.frees = frees
        self.heapAlloc = heapAlloc
        self.heapSys = heapSys
        self.heapIdle = heapIdle
        self.heapInuse = heapInuse
        self.heapReleased = heapReleased
        self.heapObjects = heapObjects
        self.nextGC = nextGC
        self.lastGC = lastGC
        self.pauseNs = pauseNs
        self.numGC = numGC
        self.numForcedGC = numForcedGC
        self.gcCPUFraction = gcCPUFraction
        self.dispatchMallocs = dispatchMallocs
        self.dispatchTotalAlloc = dispatchTotalAlloc
    }

    /// Reads the last statistics in a text, of which only the end is looked at.
    package init(heapText: String) throws(ProfileError) {
        try self.init(heapText: Array(heapText.utf8))
    }

    package init(heapText bytes: [UInt8]) throws(ProfileError) {
        // Two rings of at most 21 characters a number and thirty lines: well below 64 KiB.
        let tail = bytes.suffix(64 << 10)
        guard let start = tail.lastRange(of: "# runtime.MemStats") else { throw .memoryStatisticsMissing }
        let fields = Fields(tail[start.upperBound...])
        totalAlloc = try fields.number("TotalAlloc")
        sys = try fields.numberIfAny("Sys")
        mallocs = try fields.number("Mallocs")
        frees = try fields.number("Frees")
        heapAlloc = try fields.number("HeapAlloc")
        heapSys = try fields.numberIfAny("HeapSys")
        heapIdle = try fields.numberIfAny("HeapIdle")
        heapInuse = try fields.number("HeapInuse")
        heapReleased = try fields.numberIfAny("HeapReleased")
        heapObjects = try fields.number("HeapObjects")
        nextGC = try fields.numberIfAny("NextGC")
        lastGC = try fields.number("LastGC")
        pauseNs = try fields.ring("PauseNs")
        numGC = try fields.number("NumGC")
        numForcedGC = try fields.number("NumForcedGC")
        gcCPUFraction = try fields.fraction("GCCPUFraction")
        dispatchMallocs = try fields.numberIfAny("DispatchMallocs") ?? 0
        dispatchTotalAlloc = try fields.numberIfAny("DispatchTotalAlloc") ?? 0
        guard dispatchMallocs <= mallocs else {
            throw .memoryStatisticMalformed("DispatchMallocs", text: "\(dispatchMallocs)")
        }
        guard dispatchTotalAlloc <= totalAlloc else {
            throw .memoryStatisticMalformed("DispatchTotalAlloc", text: "\(dispatchTotalAlloc)")
        }
    }

    /// Objects the program and its libraries asked for.
    package var ownMallocs: UInt64 { mallocs - dispatchMallocs }
    /// Bytes of ``ownMallocs``.
    package var ownTotalAlloc: UInt64 { totalAlloc - dispatchTotalAlloc }

    /// The pauses of all collections between two readings, in nanoseconds.
    ///
    /// Nil when more collections lie between than the ring keeps, or when the earlier reading is not of the same
    /// process, because its count is higher.
    package func pause(since earlier: RuntimeMemoryStatistics) -> UInt64? {
        guard numGC >= earlier.numGC, numGC - earlier.numGC <= UInt64(Self.ring), pauseNs.count == Self.ring else {
            return nil
        }
        var sum: UInt64 = 0
        for age in 0..<(numGC - earlier.numGC) {
            let (next, overflow) = sum.addingReportingOverflow(pauseNs[Int((numGC - age &+ 255) % UInt64(Self.ring))])
            if overflow { return nil }
            sum = next
        }
        return sum
    }

    /// The lines `# Key = value`.
    private struct Fields {
        private var values: [String: ArraySlice<UInt8>] = [:]

        init(_ text: ArraySlice<UInt8>) {
            for line in text.split(separator: UInt8(ascii: "\n")) {
                let field = line.dropFirst(2)
                guard line.starts(with: "# "), let equals = field.firstRange(of: " = ") else { continue }
                values[field[..<equals.lowerBound].text] = field[equals.upperBound...].trimmed()
            }
        }

        private func value(_ key: String) throws(ProfileError) -> ArraySlice<UInt8> {
            guard let value = values[key] else { throw .memoryStatisticMissing(key) }
            return value
        }

        func number(_ key: String) throws(ProfileError) -> UInt64 {
            let text = try value(key).text
            guard let number = UInt64(text) else { throw .memoryStatisticMalformed(key, text: text) }
            return number
        }

        /// Nil where there is no such line.
        func numberIfAny(_ key: String) throws(ProfileError) -> UInt64? {
            values[key] == nil ? nil : try number(key)
        }

        func fraction(_ key: String) throws(ProfileError) -> Double {
            let text = try value(key).text
            guard let number = Double(text), number.isFinite else { throw .memoryStatisticMalformed(key, text: text) }
            return number
        }

        /// `[1 2 3]`, of exactly as many numbers as the ring has.
        func ring(_ key: String) throws(ProfileError) -> [UInt64] {
            let text = try value(key).text
            let numbers = text.dropFirst().dropLast().split(separator: " ").map { UInt64($0) }
            let known = numbers.compactMap { $0 }
            guard text.hasPrefix("["), text.hasSuffix("]"), known.count == numbers.count,
                known.count == RuntimeMemoryStatistics.ring
            else { throw .memoryStatisticMalformed(key, text: text) }
            return known
        }
    }
}
