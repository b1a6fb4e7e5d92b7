/// Why bytes are no profile, or a profile does not answer the question.
///
/// Offsets count from the start of the bytes that were being read: of the compressed bytes for the gzip cases, of the
/// decompressed ones for all others.
package enum ProfileError: Error, Equatable, Sendable {
    // The container.
    case empty
    case notGzip
    case gzipTruncated(offset: Int)
    case gzipCorrupt(offset: Int)
    case gzipTrailingBytes(offset: Int)
    case gzipLayers(allowed: Int)
    case limit(ProfileLimits.Name, allowed: Int)

    // The encoding.
    case truncated(field: String, offset: Int)
    case varintTooLong(offset: Int)
    case unknownWireType(UInt8, offset: Int)
    case wireType(field: String, expected: UInt8, found: UInt8, offset: Int)

    // The meaning.
    case concatenated(offset: Int)
    case noStringTable
    case firstStringNotEmpty(offset: Int)
    case stringIndex(field: String, index: Int64, count: Int)
    case noSampleTypes(samples: Int)
    case valueCount(sample: Int, expected: Int, found: Int)
    case reservedID(Kind)
    case duplicateID(Kind, id: UInt64)
    case unknownLocation(sample: Int, id: UInt64)
    case unknownFunction(location: UInt64, id: UInt64)
    case sumTooLarge(column: String)

    // The question.
    case noSuchSampleType(String, available: [String])
    case sampleTypeMissingBefore(String, available: [String])
    case unitsDiffer(sampleType: String, before: String, after: String)
    case noValues

    // Task dumps and runtime counters.
    case notTasks(sampleTypes: [String])
    case notATaskDump
    case memoryStatisticsMissing
    case memoryStatisticMissing(String)
    case memoryStatisticMalformed(String, text: String)

    /// What an id names.
    package enum Kind: String, Sendable {
        case mapping, location, function
    }
}
