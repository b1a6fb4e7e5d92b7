import Captures
import TestSupport
import Testing

@testable import Gate

@Suite struct FilesTests {
    @Test func aFileIsReplacedAsAWhole() throws {
        let folder = try Scratch.folder("files")
        try Files.write(Array("one".utf8), to: folder + "/a")
        try Files.write(Array("two".utf8), to: folder + "/a")
        #expect(Repository.contents(folder + "/a") == "two")
        let listing = try Command("/bin/ls", ["-A", folder], in: "/").wait()
        #expect(listing.output == "a\n")
    }

    @Test func aFailedWriteLeavesTheOldContent() throws {
        let folder = try Scratch.folder("files")
        try Files.write(Array("one".utf8), to: folder + "/a")
        #expect(throws: GateError.self) { try Files.write([1], to: folder + "/a/b") }
        #expect(Repository.contents(folder + "/a") == "one")
    }

    @Test func aFullDeviceIsAnErrorWithItsName() throws {
        do {
            try Files.append("text", to: "/dev/full")
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.message == "/dev/full: No space left on device")
        }
    }

    @Test func aFileBeyondTheLimitIsRefused() throws {
        let folder = try Scratch.folder("files")
        try Files.write([UInt8](repeating: 1, count: 100), to: folder + "/a")
        #expect(try Files.read(folder + "/a", limit: 100).count == 100)
        do {
            _ = try Files.read(folder + "/a", limit: 99)
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.message == "\(folder)/a: it has more than 99 bytes")
        }
    }

    @Test func theEndOfALogIsKept() throws {
        let folder = try Scratch.folder("files")
        try Files.write(Array("0123456789".utf8), to: folder + "/log")
        try Files.keepEnd(of: folder + "/log", bytes: 20)
        #expect(Repository.contents(folder + "/log") == "0123456789")
        try Files.keepEnd(of: folder + "/log", bytes: 4)
        #expect(Repository.contents(folder + "/log") == "6789")
    }

    @Test func warningsAreNoAnswer() async throws {
        let shell = ShellCommand(directory: "/", output: try Scratch.folder("shell") + "/log")
        #expect(try await shell.line("echo 'warning: the name is ambiguous' >&2; echo 1f2e3d4c") == "1f2e3d4c")
        #expect(try await shell.line("true") == "")
    }

    @Test func aFolderThatIsNoRunIsNamed() throws {
        do {
            _ = try RunFolder(existing: "/no/such/run")
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.message == "/no/such/run: no such folder or recording")
        }
    }

    @Test func whatARecordingSaysIsQuotedWithoutBeingObeyed() throws {
        let folder = try Scratch.folder("files")
        let error = GateError.recording(path: folder, reason: "\"\u{1b}]0;title\u{7}\u{9b}2J\u{202e}\"\n\tx")
        #expect(
            error.message
                == "\(folder) is not a recording: \"\u{fffd}]0;title\u{fffd}\u{fffd}2J\u{fffd}\"\n\tx")
        let status = GateError.capture(.status(url: "u", status: 500, body: "\u{9b}31m"))
        #expect(status.message == "u answered 500: \u{fffd}31m")
    }

    @Test func aRecordingThatIsNoneIsRefusedWithTheReason() throws {
        let folder = try Scratch.folder("files")
        try Files.write(Array(#"{"schema": 99}"#.utf8), to: folder + "/recording.json")
        do {
            _ = try RunFolder(existing: folder + "/recording.json").readRecording()
            Issue.record("nothing was thrown")
        } catch {
            #expect(
                error.message == "\(folder)/recording.json is not a recording: it has schema version 99; "
                    + "this perfgate reads version 2")
        }
    }
}
