package main

import "context"

// watch keeps the cancel function only to lose it with the request.
type watch struct {
	context context.Context
	cancel  context.CancelFunc
}

// startWatching forgets the watch it makes, and with it the only way to end it.
//
//go:noinline
func startWatching() {
	var watch watch
	watch.context, watch.cancel = context.WithCancel(context.Background())
	go watchRequest(watch.context, make(chan struct{}))
}

// watchRequest leaks one goroutine in the state "select" (DIAL_LEAK_CONTEXT).
//
// Nothing else holds the context or the channel, so a leak detector that
// works by reachability can prove this leak.
//
//go:noinline
func watchRequest(context context.Context, finished <-chan struct{}) {
	select {
	case <-context.Done():
	case <-finished:
	}
}
