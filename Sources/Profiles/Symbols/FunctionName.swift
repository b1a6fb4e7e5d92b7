/// Names of functions as a developer reads them, from the names the linker knows.
package enum FunctionName {
    /// Longer names are cut; they are those of types upon types.
    static let maximum = 4096

    /// The readable name, or the linker's own where nothing better is known.
    package static func readable(_ linkerName: String) -> String {
        let name = SwiftName.readable(linkerName) ?? CxxName.readable(linkerName) ?? plain(linkerName)
        if name.isEmpty { return linkerName }
        guard name.utf8.count > maximum else { return name }
        return String(name.prefix(maximum / 4)) + "..."
    }

    /// A name as C has it, without its version and without what a compiler appends to the parts of a function.
    private static func plain(_ linkerName: String) -> String {
        var name = linkerName.prefix { $0 != "@" }
        if name.isEmpty { return linkerName }
        // What destroys a closure's context is numbered anew in every build.
        if name.hasPrefix("objectdestroy") { return "objectdestroy" }
        name = Substring(SwiftName.withoutParts(String(name)))
        let marks = [".cold", ".part.", ".isra.", ".constprop.", ".lto_priv.", ".llvm."]
        let cuts = marks.compactMap { name.place(of: $0) }
        return String(cuts.min().map { name[..<$0] } ?? name)
    }
}
