/// What a profile may cost before it is refused.
///
/// A profile is a stranger's file. Every number here bounds memory or time; the standard values leave room for the
/// largest profiles seen in practice.
package struct ProfileLimits: Sendable, Hashable {
    /// Bytes before decompression.
    package var compressedBytes = 256 << 20
    /// Bytes after decompression; never more than 4 GiB, because offsets are kept in 32 bits.
    package var rawBytes = 2 << 30
    /// Raw bytes for one compressed byte, once more than ``ratioFreeBytes`` came out.
    package var expansionRatio = 200
    /// Raw bytes that may come out whatever the ratio.
    package var ratioFreeBytes = 16 << 20
    /// References from samples to locations, over all samples.
    package var locationReferences = 1 << 30
    /// Entries of the string table.
    package var strings = 16 << 20
    /// Bytes of one entry of the string table.
    package var stringBytes = 64 << 10
    /// Locations of one sample.
    package var stackDepth = 4096
    /// Lines of one location: a call and what was inlined into it.
    package var linesPerLocation = 4096
    /// Columns of values.
    package var sampleTypes = 64
    /// Labels of one sample.
    package var labelsPerSample = 64

    package init() {}

    package static let standard = ProfileLimits()

    /// One of the limits, for an error to name.
    package enum Name: String, Sendable, Hashable {
        case compressedBytes = "compressed bytes"
        case rawBytes = "bytes after decompression"
        case expansionRatio = "bytes after decompression for one compressed byte"
        case locationReferences = "references to locations"
        case strings = "strings"
        case stringBytes = "bytes in one string"
        case stackDepth = "locations in one sample"
        case linesPerLocation = "lines in one location"
        case sampleTypes = "sample types"
        case labelsPerSample = "labels on one sample"
    }
}
