import Captures
import Testing

@Suite struct PrintedTextTests {
    @Test func theLastLinesAreQuoted() {
        #expect(PrintedText.lines(of: "a\n\nb\r\nc\n", last: 2) == ["    b", "    c"])
        #expect(PrintedText.lines(of: "\n\n", last: 2).isEmpty)
    }

    @Test func nothingATerminalWouldObeyIsLeft() {
        let hostile = "\u{1b}[2J\u{1b}]0;title\u{7}\u{202e}abc\u{9b}31m\tx"
        #expect(
            PrintedText.lines(of: hostile, last: 1)
                == ["    \u{fffd}[2J\u{fffd}]0;title\u{fffd}\u{fffd}abc\u{fffd}31m\tx"])
    }

    @Test func longLinesAreCut() {
        let line = PrintedText.lines(of: String(repeating: "x", count: 5000), last: 1)[0]
        #expect(line == "    " + String(repeating: "x", count: 500) + "…")
    }

    /// Nobody reads what a service prints that perfgate did not start.
    @Test func nothingIsSaidOfWhatNobodyRead() {
        func message(_ printed: String?) -> String {
            CaptureError.notReady(url: "http://a/b", seconds: 10, last: "answered 503", printed: printed).message
        }
        #expect(message(nil) == "the service was not ready after 10.0 s: http://a/b answered 503")
        #expect(message("") == message(nil) + "; it printed nothing")
    }

    @Test func theSentenceQuotesWhatWasPrinted() {
        let error = CaptureError.endedBeforeReady(command: "bin/api", ending: "exited with status 1", printed: "no\n")
        #expect(error.message == "\"bin/api\" exited with status 1 before it was ready; it printed:\n    no")
        let silent = CaptureError.endedDuringRound(phase: "the load", ending: "was ended by signal 9", printed: "")
        #expect(silent.message == "the service was ended by signal 9 during the load; it printed nothing")
    }
}
