import ProbeReader
import Profiles

/// A profile with the names of the program's own functions.
struct NamedProfile {
    struct Sample {
        /// Leaf first.
        let functions: [String]
        let values: [Int64]
    }

    let samples: [Sample]

    init(_ profile: AddressProfile) {
        // Nobody asks for those of libraries, and reading their tables takes long.
        var profile = profile
        profile.modules.removeAll { !$0.path.contains("/probe-programs/") }
        let symbols = Symbolizer { MappedFile.reader($0.path) }.symbols(for: profile)
        samples = profile.samples.map { sample in
            let functions = sample.frames.map { frame in
                switch frame {
                case .address(let address): symbols.places[address]?.function.name ?? "?"
                case .mark(let text): text
                }
            }
            return Sample(functions: functions, values: sample.values)
        }
    }

    /// The sums over the samples in which these functions come one after the other, leaf first, with others between.
    func values(through functions: String...) -> [Int64] {
        var sums: [Int64] = []
        for sample in samples {
            var rest = sample.functions[...]
            let isThrough = functions.allSatisfy { wanted in
                guard let place = rest.firstIndex(where: { $0 == wanted || $0.hasSuffix("." + wanted) }) else {
                    return false
                }
                rest = rest[(place + 1)...]
                return true
            }
            guard isThrough else { continue }
            sums = sums.isEmpty ? sample.values : zip(sums, sample.values).map { $0 + $1 }
        }
        return sums
    }
}
