/// A place in the program.
package struct Frame: Hashable, Sendable, Codable {
    package let function: String
    /// As the compiler recorded it, or empty.
    package let file: String
    /// Counting from 1; 0 = unknown.
    package let line: Int

    package init(function: String, file: String, line: Int) {
        self.function = function
        self.file = file
        self.line = line
    }
}

extension Frame: Comparable {
    package static func < (left: Frame, right: Frame) -> Bool {
        (left.function, left.file, left.line) < (right.function, right.file, right.line)
    }
}

/// A label on a sample.
///
/// Its content is the program's own and may be private.
package struct SampleLabel: Hashable, Sendable {
    package let key: String
    /// Nil = the label is a number.
    package let text: String?
    package let number: Int64
    package let unit: String
}

extension Profile {
    /// The stack of one sample, leaf first, with inlined calls as frames of their own.
    package func frames(ofSample sample: Int) -> [Frame] {
        samples.locationRange(sample).flatMap { frames(ofLocation: Int(samples.locations[$0])) }
    }

    /// The value of one sample in one column.
    package func value(ofSample sample: Int, column: Int) -> Int64 {
        precondition(column >= 0 && column < samples.columns)
        return samples.values[sample * samples.columns + column]
    }

    /// What the program attached to one sample, in the order of the profile.
    package func labels(ofSample sample: Int) -> [SampleLabel] {
        (Int(samples.labelStarts[sample])..<Int(samples.labelStarts[sample + 1])).map { index in
            let label = samples.labels[index]
            return SampleLabel(
                key: strings[label.key],
                text: label.text == 0 ? nil : strings[label.text],
                number: label.number,
                unit: strings[label.unit]
            )
        }
    }

    func frames(ofLocation location: Int) -> [Frame] {
        let lines = locations.lines(location)
        guard !lines.isEmpty else { return [unsymbolisedFrame(location)] }
        return lines.map { line in
            let function = locations.lineFunctions[line]
            return Frame(
                function: functionName(function),
                file: strings[functions.files[Int(function)]],
                line: Int(locations.lineNumbers[line])
            )
        }
    }

    /// The string that names a function: the readable name, else the linker's.
    func functionNameString(_ function: UInt32) -> UInt32 {
        let name = functions.names[Int(function)]
        return strings.isEmpty(name) ? functions.systemNames[Int(function)] : name
    }

    /// The name of a function; Go writes one without any name for the padding of an empty stack.
    func functionName(_ function: UInt32) -> String {
        let name = functionNameString(function)
        return strings.isEmpty(name) ? "<unknown>" : strings[name]
    }

    /// A location without lines is known by its address and the file that was mapped there.
    func unsymbolisedFrame(_ location: Int) -> Frame {
        let mapping = locations.mappings[location]
        let file = mapping == Locations.noMapping ? "" : strings[mappings.files[Int(mapping)]]
        return Frame(function: "0x" + String(locations.addresses[location], radix: 16), file: file, line: 0)
    }
}
