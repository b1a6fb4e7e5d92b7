package main

import (
	"fmt"
	"net/http"
	"os"
)

// failRequest answers 500 (DIAL_FAIL_SHARE).
//
//go:noinline
func failRequest(w http.ResponseWriter) {
	writeJSON(w, http.StatusInternalServerError, problem{"failed on purpose"})
}

// refuseRequest answers 503, as who has run out of something does (DIAL_REFUSE_AFTER).
//
//go:noinline
func refuseRequest(w http.ResponseWriter) {
	writeJSON(w, http.StatusServiceUnavailable, problem{"refused on purpose"})
}

// crash ends the process in the middle of a request (DIAL_CRASH_AFTER).
//
//go:noinline
func crash(requests uint64) {
	fmt.Fprintf(os.Stderr, "go-service: crashing on purpose after %d requests\n", requests)
	os.Exit(exitCrash)
}
