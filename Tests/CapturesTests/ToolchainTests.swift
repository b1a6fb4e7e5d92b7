import Measures
import TestSupport
import Testing

@testable import Captures

#if canImport(Glibc)
    import Glibc
#endif

/// What an executable says it was built with.
@Suite struct ToolchainTests {
    private func go(_ settings: String..., version: String = "go1.27.3") -> String? {
        toolchain([(".go.buildinfo", SmallExecutable.go(settings, version: version))])
    }

    private func toolchain(_ sections: [(name: String, bytes: [UInt8])]) -> String? {
        Toolchain.of(file: SmallExecutable(sections: sections).bytes)
    }

    private func comment(_ texts: String...) -> [UInt8] { texts.flatMap { [0] + Array($0.utf8) } + [0] }

    // MARK: Go

    @Test func goVersion() {
        #expect(go() == "go1.27.3")
        #expect(go(version: "devel go1.28-1f2e3d4 Mon Nov 23") == "devel go1.28-1f2e3d4 Mon Nov 23")
    }

    /// Go first: what the C parts were built with changes less.
    @Test func goBeforeTheCompilers() {
        let sections = [(".comment", comment("GCC: 12")), (".go.buildinfo", SmallExecutable.go([]))]
        #expect(toolchain(sections) == "go1.27.3")
    }

    @Test func settingsThatChangeSpeed() {
        #expect(
            go(
                "-buildmode=exe", "-compiler=gc", "-tags=netgo,osusergo", "-race=true", "CGO_ENABLED=0", "GOARCH=amd64",
                "GOOS=linux", "GOAMD64=v3", "vcs.revision=1f2e3d4", "vcs.modified=true")
                == "go1.27.3 -tags=netgo,osusergo -race CGO_ENABLED=0 GOAMD64=v3")
        #expect(go(#"-gcflags="all=-N -l""#, "-race=false") == #"go1.27.3 -gcflags="all=-N -l""#)
        #expect(go("GOEXPERIMENT=jsonv2", "-cover=true") == "go1.27.3 GOEXPERIMENT=jsonv2 -cover")
        #expect(go("-pgo=/home/me/api/default.pgo") == "go1.27.3 -pgo")
    }

    @Test func settingsAsAlways() {
        #expect(
            go("CGO_ENABLED=1", "GOAMD64=v1", "GOARM64=v8.0", "-pgo=off", "-tags=", "-ldflags=", "GOEXPERIMENT=")
                == "go1.27.3")
    }

    /// The commit is often linked in; it would make every build another one.
    @Test(arguments: [
        ("-ldflags=-s", " -ldflags=-s"),
        (#"-ldflags="-s -w""#, #" -ldflags="-s -w""#),
        (#"-ldflags="-s -w -X main.commit=1f2e3d4""#, #" -ldflags="-s -w""#),
        (#"-ldflags="-X=main.commit=1f2e3d4 -w""#, " -ldflags=-w"),
        (#"-ldflags="-X 'main.built=Mon Nov 23' -w""#, " -ldflags=-w"),
        (#"-ldflags="-X \"main.built=Mon Nov 23\" -w""#, " -ldflags=-w"),
        (#"-ldflags=`"-X=main.a=b c" -w`"#, " -ldflags=-w"),
        (#"-ldflags="-X main.commit=1f2e3d4""#, ""),
        ("-ldflags=-X", ""),
    ])
    func linkerFlags(setting: String, shown: String) {
        #expect(go(setting) == "go1.27.3" + shown)
    }

    @Test func hostileSettings() {
        #expect(go("-tags=a\u{1b}[31m", "-race=true") == "go1.27.3 -race")
        let long = go("-tags=" + String(repeating: "a", count: 2000))
        #expect(long == "go1.27.3 -tags=" + String(repeating: "a", count: 200) + "...")
        #expect(go("-tags", "", "=", "-tags=b") == "go1.27.3 -tags=b")
        #expect(go(version: "go1\u{1b}") == nil)
        #expect(go(version: "rust") == nil)
    }

    /// Before Go 1.18 the information is elsewhere, behind pointers.
    @Test func olderForm() {
        var bytes = SmallExecutable.go([])
        bytes[15] = 0
        #expect(toolchain([(".go.buildinfo", bytes), (".comment", comment("GCC: 12"))]) == "GCC: 12")
    }

    // MARK: compilers

    @Test func compilers() {
        #expect(
            toolchain([(".comment", comment("rustc version 1.90.0", "GCC: (Debian) 12.2.0", "rustc version 1.90.0"))])
                == "GCC: (Debian) 12.2.0; rustc version 1.90.0")
        #expect(toolchain([(".comment", comment("Linker: LLD 21.1.0", "clang 21"))]) == "clang 21")
        #expect(toolchain([(".comment", comment("bad\nline", "clang 21"))]) == "clang 21")
        #expect(toolchain([(".comment", comment("", "Linker: LLD"))]) == nil)
        #expect(toolchain([(".text", comment("clang 21"))]) == nil)
        #expect(toolchain([]) == nil)
    }

    @Test func manyCompilers() {
        let texts = (10..<40).flatMap { comment("compiler \($0)") }
        #expect(
            toolchain([(".comment", texts)])
                == (10..<18).map { "compiler \($0)" }.joined(separator: "; "))
    }

    @Test(arguments: [true, false], [true, false])
    func everyKindOfMachine(isWide: Bool, isBig: Bool) {
        let file = SmallExecutable(isWide: isWide, isBig: isBig, sections: [(".comment", comment("clang 21"))])
        #expect(Toolchain.of(file: file.bytes) == "clang 21")
    }

    // MARK: files

    @Test func thisExecutable() throws {
        let toolchain = try #require(Toolchain.of(executable: "/proc/self/exe"))
        #expect(toolchain.contains("clang version"))
    }

    @Test func realGoExecutable() throws {
        let toolchain = try #require(Toolchain.of(executable: Repository.root + "/.build/fixtures/go-service"))
        #expect(toolchain.hasPrefix("go1."), "\(toolchain)")
    }

    @Test func whatIsNoExecutable() throws {
        let folder = try Scratch.folder("toolchain")
        Scratch.write("#!/bin/sh\n", to: "\(folder)/script")
        Scratch.write("", to: "\(folder)/empty")
        mkfifo("\(folder)/pipe", 0o600)
        for name in ["script", "empty", "pipe", "none", ""] {
            #expect(Toolchain.of(executable: "\(folder)/\(name)") == nil)
        }
        #expect(Toolchain.of(executable: "/dev/zero") == nil)
    }

    // MARK: hostile bytes

    private let sample = SmallExecutable(sections: [
        (".comment", Array("\0GCC: 12\0".utf8)), (".go.buildinfo", SmallExecutable.go(["-tags=netgo"])),
    ]).bytes

    @Test func everyTruncation() {
        #expect(Toolchain.of(file: sample) == "go1.27.3 -tags=netgo")
        for count in sample.indices { #expect(Toolchain.of(file: Array(sample[..<count])) == nil) }
    }

    @Test func sectionsThatHoldNothing() {
        let sections = [(name: ".comment", bytes: comment("GCC: 12"))]
        #expect(Toolchain.of(file: SmallExecutable(sections: sections, type: 8).bytes) == nil)
        #expect(Toolchain.of(file: SmallExecutable(sections: sections, flags: 0x800).bytes) == nil)
    }

    /// Offsets and lengths of every kind: an answer or none, never the end of the process.
    @Test func mutations() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            var bytes = sample
            for _ in 0...generator.below(3) {
                let index = generator.below(bytes.count)
                switch generator.below(3) {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: generator.next())
                case 1: bytes[index] = 0xFF
                default: for place in index..<min(index + 8, bytes.count) { bytes[place] = 0xFF }
                }
            }
            if let text = Toolchain.of(file: bytes) { #expect(text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }) }
        }
    }
}
