import Foundation
import ProbeReader
import Profiles

/// What the probe recorded besides numbers, as a pprof file with the names of its functions.
struct RecordedProfile {
    enum Kind: String, CaseIterable {
        case allocations
        case tasks
        case cpu
    }

    var kind: Kind
    var directory: String
    var path: String

    func write() throws -> String {
        let file = try ProbeFile.only(in: directory)
        let profile =
            switch kind {
            case .allocations: try file.allocations()
            case .tasks: try file.tasks()
            case .cpu: try file.cpu()
            }
        let clock = ContinuousClock()
        let start = clock.now
        let symbols = Symbolizer(open: Self.reader).symbols(for: profile)
        let naming = start.duration(to: clock.now)
        let bytes = try ProfileWriter.pprof(profile, symbols: symbols)
        try Data(bytes).write(to: URL(filePath: path))
        let notes = profile.comments + symbols.problems.map { "\($0.module): \($0.reason)" }
        return (["\(profile.samples.count) stacks, \(symbols.places.count) places named in \(naming)"] + notes)
            .joined(separator: "\n")
    }

    /// The bytes of a module's file.
    private static func reader(_ module: AddressProfile.Module) -> ELFFile.Reader? {
        guard let data = try? Data(contentsOf: URL(filePath: module.path), options: .alwaysMapped) else { return nil }
        return { offset, count in
            guard let start = Int(exactly: offset), count >= 0, start <= data.count - count else { return nil }
            return [UInt8](data[start..<start + count])
        }
    }
}
