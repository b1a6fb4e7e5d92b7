/// What the addresses of a process are called.
package struct Symbols: Sendable, Equatable {
    package struct Function: Sendable, Hashable {
        /// As a developer reads it; parts of one asynchronous function have one name.
        package var name: String
        /// As the linker knows it.
        package var linkerName: String
        /// The source file as the compiler recorded it; empty where the module does not say.
        package var file: String
        /// Where the function begins, counting from 1; 0 = unknown.
        package var line: Int

        package init(name: String, linkerName: String, file: String = "", line: Int = 0) {
            self.name = name
            self.linkerName = linkerName
            self.file = file
            self.line = line
        }
    }

    /// One address.
    package struct Place: Sendable, Hashable {
        package var function: Function
        /// The line in the function's file; 0 = unknown, as for code that was inlined from another file.
        package var line: Int

        package init(function: Function, line: Int = 0) {
            self.function = function
            self.line = line
        }
    }

    /// Why addresses of a module have no names, or no lines.
    package struct Problem: Sendable, Hashable {
        package var module: String
        package var reason: String

        package init(module: String, reason: String) {
            self.module = module
            self.reason = reason
        }
    }

    /// Addresses with a name; the others stay addresses.
    package var places: [UInt64: Place]
    /// In the order of the modules.
    package var problems: [Problem]

    package init(places: [UInt64: Place] = [:], problems: [Problem] = []) {
        self.places = places
        self.problems = problems
    }
}
