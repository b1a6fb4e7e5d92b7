// Writes one profile of every kind that the Go runtime offers into a directory, and goroutine dumps as text.
//
// The program is small and dull on purpose: each goroutine waits in one known way, each allocation has one known
// size, and what is random (which moments the processor profile sees) is left to whoever compares. It keeps to what Go
// 1.21 understands, so that old forms of the dumps can be written too.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"
)

type pair[Key comparable, Value any] struct {
	key   Key
	value Value
}

var kept []any

//go:noinline
func keep[Value any](count int, value Value) {
	for turn := 0; turn < count; turn++ {
		kept = append(kept, &pair[int, Value]{1, value})
	}
}

func inlined(size int) []byte { return make([]byte, size) }

//go:noinline
func allocate() {
	for turn := 0; turn < 200; turn++ {
		kept = append(kept, inlined(1000))
	}
	keep(100, "text")
	keep(100, 1.5)
	func() { kept = append(kept, make([]int64, 5000)) }()
}

//go:noinline
func recurse(depth int, work func()) {
	if depth == 0 {
		work()
		return
	}
	recurse(depth-1, work)
}

func mix(value uint64) uint64 { return value*6364136223846793005 + 1442695040888963407 }

//go:noinline
func burn(until time.Time) uint64 {
	value := uint64(1)
	for time.Now().Before(until) {
		for turn := 0; turn < 10000; turn++ {
			value = mix(value)
		}
	}
	return value
}

//go:noinline
func sendForEver(channel chan int) { channel <- 1 }

//go:noinline
func receiveForEver(channel chan int) { <-channel }

//go:noinline
func selectForEver(first, second chan int) {
	select {
	case <-first:
	case <-second:
	}
}

// wait starts goroutines in every kind of wait. Those of the leak are reachable from nothing.
func wait(held chan int) {
	for turn := 0; turn < 3; turn++ {
		go sendForEver(make(chan int))
	}
	for turn := 0; turn < 2; turn++ {
		go receiveForEver(held)
	}
	go receiveForEver(nil)
	go sendForEver(nil)
	go selectForEver(held, make(chan int))
	go func() { select {} }()
	go func() { time.Sleep(time.Hour) }()

	mutex := new(sync.Mutex)
	mutex.Lock()
	go mutex.Lock()
	readers := new(sync.RWMutex)
	readers.Lock()
	go readers.RLock()
	writers := new(sync.RWMutex)
	writers.RLock()
	go writers.Lock()
	group := new(sync.WaitGroup)
	group.Add(1)
	go group.Wait()
	condition := sync.NewCond(new(sync.Mutex))
	go func() {
		condition.L.Lock()
		condition.Wait()
	}()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go listener.Accept()
	go pprof.Do(context.Background(), pprof.Labels("path", "/orders", "method", "GET"), func(context.Context) {
		receiveForEver(held)
	})
	kept = append(kept, mutex, readers, writers, group, condition, listener, held)
}

// contend makes the mutex and block profiles say something.
func contend() {
	var mutex sync.Mutex
	var group sync.WaitGroup
	for turn := 0; turn < 4; turn++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for turn := 0; turn < 20; turn++ {
				mutex.Lock()
				time.Sleep(200 * time.Microsecond)
				mutex.Unlock()
			}
		}()
	}
	group.Wait()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(directory, kind, suffix string, debug int) {
	profile := pprof.Lookup(kind)
	if profile == nil {
		return
	}
	file, err := os.Create(filepath.Join(directory, kind+suffix))
	check(err)
	check(profile.WriteTo(file, debug))
	check(file.Close())
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: main DIRECTORY [--wait]")
		os.Exit(2)
	}
	if len(os.Args) > 2 {
		wait(make(chan int))
		time.Sleep(50 * time.Millisecond)
		fmt.Fprintln(os.Stderr, "ready")
		// Whoever waits for this process may itself be gone.
		time.Sleep(30 * time.Second)
		return
	}
	directory := os.Args[1]
	runtime.MemProfileRate = 512
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)

	file, err := os.Create(filepath.Join(directory, "cpu.pb.gz"))
	check(err)
	check(pprof.StartCPUProfile(file))
	pprof.Do(context.Background(), pprof.Labels("phase", "burn"), func(context.Context) {
		recurse(5, func() { burn(time.Now().Add(400 * time.Millisecond)) })
	})
	pprof.StopCPUProfile()
	check(file.Close())

	recurse(3, allocate)
	contend()
	held := make(chan int)
	wait(held)
	time.Sleep(50 * time.Millisecond)
	runtime.GC()
	runtime.GC()

	for _, kind := range []string{"heap", "allocs", "goroutine", "block", "mutex", "threadcreate", "goroutineleak"} {
		write(directory, kind, ".pb.gz", 0)
		write(directory, kind, ".1.txt", 1)
	}
	write(directory, "goroutine", ".2.txt", 2)
	write(directory, "goroutineleak", ".2.txt", 2)
	fmt.Fprintln(os.Stderr, len(kept))
}
