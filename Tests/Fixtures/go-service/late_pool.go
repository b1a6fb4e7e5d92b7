package main

import "sync"

// latePoolAfter is how many requests pass before the pool is needed: more
// than any warm-up here makes, and fewer than a load.
const latePoolAfter = 300

var latePool sync.Once

// fillLatePool starts workers once that stay, which is growth and no leak (DIAL_LATE_POOL).
//
//go:noinline
func fillLatePool(workers int) {
	latePool.Do(func() {
		for range workers {
			go func() { select {} }()
		}
	})
}
