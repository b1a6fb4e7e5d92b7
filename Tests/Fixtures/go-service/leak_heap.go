package main

import "sync"

var sessions struct {
	sync.Mutex
	kept [][]byte
}

// rememberSession keeps this many bytes for ever (DIAL_LEAK_HEAP).
//
//go:noinline
func rememberSession(bytes int) {
	session := make([]byte, bytes)
	// A page that was never written to is not resident.
	for i := 0; i < len(session); i += 4096 {
		session[i] = 1
	}
	sessions.Lock()
	defer sessions.Unlock()
	sessions.kept = append(sessions.kept, session)
}
