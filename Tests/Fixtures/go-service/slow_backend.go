package main

import "time"

// waitForSlowBackend holds the request up without using the processor
// (DIAL_SLOW_SHARE, DIAL_SLOW_BY).
//
//go:noinline
func waitForSlowBackend(delay time.Duration) {
	time.Sleep(delay)
}
