package main

import (
	"fmt"
	"os"
	"sync"
)

var descriptors struct {
	sync.Mutex
	kept      []*os.File
	exhausted sync.Once
}

// keepDescriptor opens a file and never closes it (DIAL_LEAK_DESCRIPTOR).
//
//go:noinline
func keepDescriptor() {
	file, err := os.Open(os.DevNull)
	if err != nil {
		descriptors.exhausted.Do(func() { fmt.Fprintf(os.Stderr, "go-service: %v\n", err) })
		return
	}
	descriptors.Lock()
	defer descriptors.Unlock()
	descriptors.kept = append(descriptors.kept, file)
}
