package main

import "time"

// linger starts a goroutine that ends some time after the request, which is no leak (DIAL_LINGER).
//
//go:noinline
func linger(delay time.Duration) {
	go time.Sleep(delay)
}
