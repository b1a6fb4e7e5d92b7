import Foundation
import TestSupport
import Testing

/// The examples of the page about the linked probe, against the product as it was built for release.
@Suite(.besideOthers) struct LinkedProbeDocsTests {
    private static let build = Repository.root + "/.build/release"

    /// Where the modules in C lie that the product's modules import.
    private func moduleMaps() throws -> [String] {
        let files = FileManager.default
        var maps = [
            Repository.root + "/Sources/CZlib/module.modulemap",
            Repository.root + "/Sources/CDemangle/module.modulemap",
        ]
        for folder in try files.contentsOfDirectory(atPath: Self.build) where folder.hasSuffix(".build") {
            maps.append("\(Self.build)/\(folder)/module.modulemap")
        }
        let checkouts = Repository.root + "/.build/checkouts"
        for package in try files.contentsOfDirectory(atPath: checkouts) {
            for target in (try? files.contentsOfDirectory(atPath: "\(checkouts)/\(package)/Sources")) ?? [] {
                maps.append("\(checkouts)/\(package)/Sources/\(target)/include/module.modulemap")
            }
        }
        return maps.filter { files.fileExists(atPath: $0) }
    }

    private func compile(_ source: String) throws -> Command.Result {
        let folder = try Scratch.folder("example")
        Scratch.write(source, to: folder + "/example.swift")
        let maps = try moduleMaps().flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
        return try Command(
            "/usr/bin/env",
            ["swiftc", "-typecheck", "-swift-version", "6", "-parse-as-library", "-I", Self.build + "/Modules"] + maps
                + [folder + "/example.swift"],
            in: folder
        ).wait()
    }

    @Test func theExamplesCompile() throws {
        let page = try #require(Repository.contents(Repository.root + "/docs/linked-probe.md"))
        let examples = page.components(separatedBy: "```swift\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
        #expect(examples.count == 2)
        for example in examples {
            let result = try compile(example)
            #expect(result.status == 0, "\(example)\n\(result.error)")
        }
        // What does not exist is noticed.
        #expect(try compile("import PerfgateProbe\nfunc wrong() { ProbeEndpoints().nothing() }\n").status != 0)
    }
}
