/// Whose code a function of a native profile is.
package enum NativeFunction {
    /// Whether a function belongs to what every program stands on: the C library, the C++ and Swift runtimes, Swift's
    /// standard library, libdispatch, Foundation; or was made by the compiler and stands nowhere in the source.
    ///
    /// An allocation or a task is laid at the door of the first function for which this is false: the service's own
    /// or a package's.
    ///
    /// - Parameters:
    ///   - name: the readable name, as ``FunctionName`` gives it.
    ///   - path: the source file or, where none is known, the file of the code; a written profile has it as the
    ///     function's file.
    package static func isRuntime(_ name: String, path: String) -> Bool {
        isRuntimeLibrary(path) || isMadeByCompiler(name)
            || module(of: name).map(runtimeModules.contains)
                ?? (isRuntimeNamespace(name) || isRuntimeSymbol(name))
    }

    /// The Swift module a readable name belongs to; nil for a function of another language.
    ///
    /// Of a closure it is that of the function around it, and of an extension the one that extends.
    package static func module(of name: String) -> String? {
        let extended = "(extension in "
        let around = name.hasPrefix(extended) ? name[...] : outermost(name)
        if around.hasPrefix(extended) {
            let module = around.dropFirst(extended.count).prefix { $0 != ")" }
            return module.isEmpty ? nil : String(module)
        }
        // Words such as `static` and `default argument 0 of` stand before the path.
        for word in around.split(separator: " ") {
            let head = word.prefix { $0 != "(" }
            guard let dot = head.firstIndex(of: "."), dot > head.startIndex, !head.contains("::") else { continue }
            // A place in a file that has no name: the file's name has dots of its own.
            guard head.place(of: "+0x") == nil else { return nil }
            let module = head[..<dot]
            return module.utf8.allSatisfy(isIdentifier) ? String(module) : nil
        }
        return nil
    }

    /// What stands behind the last ` in ` that is not part of `(extension in M)`.
    private static func outermost(_ name: String) -> Substring {
        let bytes = Array(name.utf8)
        guard let place = SwiftNameText.separators(bytes).last else { return name[...] }
        return name[name.utf8.index(name.utf8.startIndex, offsetBy: place + 4)...]
    }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }
}
