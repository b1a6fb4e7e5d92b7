package main

type logEntry struct {
	method string
	path   string
}

// logEntries has no consumer: whoever sends stays for ever.
//
// It is a global on purpose. The channel stays reachable, so a leak detector
// that works by reachability does not see these goroutines.
var logEntries = make(chan logEntry)

// logRequest leaks one goroutine in the state "chan send" (DIAL_LEAK_CHANNEL).
//
//go:noinline
func logRequest(method, path string) {
	go func() {
		logEntries <- logEntry{method: method, path: path}
	}()
}
