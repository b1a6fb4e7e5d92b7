/// Stacks as a machine knows them: addresses, and the files that were mapped there.
///
/// What a probe gives before anybody names a function.
package struct AddressProfile: Sendable, Equatable {
    /// The columns, in the order of every sample's values.
    package var sampleTypes: [Profile.SampleType]
    /// The column to show when nobody asks for another; nil = the last.
    package var defaultSampleType: String?
    package var samples: [Sample]
    /// The executable parts of the files the process had mapped.
    package var modules: [Module]
    /// When the profile was taken, nanoseconds since 1970.
    package var timeNanos: Int64
    /// How long it was taken for, nanoseconds; 0 = not said.
    package var durationNanos: Int64
    /// What happens between two samples, and how much of it; nil where everything was recorded.
    package var period: Period?
    /// Remarks of the writer, such as how much was lost.
    package var comments: [String]

    package init(sampleTypes: [Profile.SampleType], samples: [Sample], modules: [Module]) {
        self.sampleTypes = sampleTypes
        self.samples = samples
        self.modules = modules
        timeNanos = 0
        durationNanos = 0
        comments = []
    }

    package struct Period: Sendable, Equatable {
        package var type: Profile.SampleType
        package var value: Int64

        package init(type: Profile.SampleType, value: Int64) {
            self.type = type
            self.value = value
        }
    }

    package struct Sample: Sendable, Equatable {
        /// Leaf first; a return address is lowered by one, so that it lies in the call.
        package var frames: [Frame]
        /// One for each column.
        package var values: [Int64]
        package var labels: [Label]

        package init(frames: [Frame], values: [Int64], labels: [Label] = []) {
            self.frames = frames
            self.values = values
            self.labels = labels
        }
    }

    package enum Frame: Sendable, Hashable {
        case address(UInt64)
        /// A frame no machine code stands for, such as the line between where a task waits and where it was created.
        case mark(String)
    }

    package struct Label: Sendable, Hashable {
        package var key: String
        package var text: String

        package init(key: String, text: String) {
            self.key = key
            self.text = text
        }
    }

    /// One executable mapping of a file.
    package struct Module: Sendable, Hashable {
        package var path: String
        /// The GNU build id in lower-case hexadecimal; empty where the file has none.
        package var buildID: String
        package var addresses: Range<UInt64>
        /// The offset in the file of the first address.
        package var fileOffset: UInt64

        package init(path: String, buildID: String, addresses: Range<UInt64>, fileOffset: UInt64) {
            self.path = path
            self.buildID = buildID
            self.addresses = addresses
            self.fileOffset = fileOffset
        }
    }
}
