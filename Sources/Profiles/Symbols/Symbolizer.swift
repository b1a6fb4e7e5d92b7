/// Gives addresses of a process their names, from the files that were mapped there.
///
/// Files are read through a closure, once each, and kept for as long as the symbolizer lives: a gate asks about the
/// same few files again and again.
package final class Symbolizer {
    /// Opens the file of a module for reading; nil where there is none.
    package typealias Open = (AddressProfile.Module) -> ELFFile.Reader?

    private struct FileKey: Hashable {
        let path: String
        let buildID: String
    }

    private let open: Open
    private var files: [FileKey: Result<SymbolFile, SymbolFile.Refusal>] = [:]

    package init(open: @escaping Open) {
        self.open = open
    }

    /// The names of all addresses of a profile.
    package func symbols(for profile: AddressProfile) -> Symbols {
        var addresses: Set<UInt64> = []
        for sample in profile.samples {
            for case .address(let address) in sample.frames { addresses.insert(address) }
        }
        return symbols(for: addresses, in: profile.modules)
    }

    /// The names of addresses.
    package func symbols(for addresses: Set<UInt64>, in modules: [AddressProfile.Module]) -> Symbols {
        var result = Symbols()
        let sorted = addresses.sorted()
        // Mappings of one file are asked about at once, since each question walks through its line programs.
        var wanted: [FileKey: [(address: UInt64, offset: UInt64)]] = [:]
        var order: [(key: FileKey, module: AddressProfile.Module)] = []
        for module in modules {
            let inside = Self.slice(sorted, module.addresses)
            guard !inside.isEmpty else { continue }
            let key = FileKey(path: module.path, buildID: module.buildID)
            if wanted[key] == nil { order.append((key, module)) }
            wanted[key, default: []] += inside.map {
                ($0, module.fileOffset &+ ($0 &- module.addresses.lowerBound))
            }
        }
        for (key, module) in order {
            switch file(key, module) {
            case .failure(let refusal):
                result.problems.append(Symbols.Problem(module: module.path, reason: refusal.reason))
            case .success(let file):
                file.name(wanted[key] ?? [], in: &result.places)
                result.problems += file.problems.map { Symbols.Problem(module: module.path, reason: $0) }
            }
        }
        return result
    }

    private func file(
        _ key: FileKey,
        _ module: AddressProfile.Module
    ) -> Result<SymbolFile, SymbolFile.Refusal> {
        if let known = files[key] { return known }
        let result: Result<SymbolFile, SymbolFile.Refusal>
        do throws(SymbolFile.Refusal) {
            result = .success(try SymbolFile(module, open(module)))
        } catch {
            result = .failure(error)
        }
        files[key] = result
        return result
    }

    private static func slice(_ sorted: [UInt64], _ range: Range<UInt64>) -> ArraySlice<UInt64> {
        func place(_ address: UInt64) -> Int {
            var low = 0
            var high = sorted.count
            while low < high {
                let middle = (low + high) / 2
                if sorted[middle] < address { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return sorted[place(range.lowerBound)..<place(range.upperBound)]
    }
}
