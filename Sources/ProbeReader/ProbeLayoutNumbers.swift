import ProbeLayout

/// Numbers of the layout in the types they are used in.
enum ProbeLayoutNumbers {
    static let magic: UInt64 = pl_magic
    /// A pre-forking server makes hundreds; whoever makes more than this many is not read to the end.
    static let maximumFiles = 65_536
    static let slotSize = MemoryLayout<pl_slot>.stride
}
