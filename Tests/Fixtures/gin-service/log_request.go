package main

import (
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
)

type logEntry struct {
	method string
	path   string
	status int
	took   time.Duration
}

// logRequest is the middleware of the incident (DIAL_LEAK_CHANNEL).
//
// It hands each entry over in a goroutine, so that logging never delays a
// request, to a channel whose consumer was lost. Every such goroutine stays
// in the state "chan send" for ever.
//
//go:noinline
func logRequest(every uint64) gin.HandlerFunc {
	var requests atomic.Uint64
	entries := make(chan logEntry)
	return func(c *gin.Context) {
		start := time.Now()
		c.Next()
		if every == 0 || requests.Add(1)%every != 0 {
			return
		}
		entry := logEntry{c.Request.Method, c.Request.URL.Path, c.Writer.Status(), time.Since(start)}
		go func() {
			entries <- entry
		}()
	}
}
