extension Profile {
    /// The remark by which a profile that a service serves itself is known as the native probe's: in everything else it
    /// is like one of Go.
    package static let probeRemark = "recorded by perfgate's probe"

    /// Whether the functions are those of native code, and not of Go.
    package var isByProbe: Bool { comments.contains(Self.probeRemark) }
}
