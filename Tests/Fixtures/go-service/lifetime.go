package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// refuseToStart ends the process before it listens (DIAL_EXIT_AT_START).
func refuseToStart() int {
	fmt.Fprintln(os.Stderr, "go-service: refusing to start on purpose")
	return exitFailure
}

// delayStart waits before listening and reports false when told to stop meanwhile (DIAL_START_DELAY).
func delayStart(delay time.Duration, stop <-chan os.Signal) bool {
	select {
	case <-time.After(delay):
		return true
	case <-stop:
		return false
	}
}

// ignoreTerm leaves the process deaf to a polite end (DIAL_IGNORE_TERM).
func ignoreTerm() {
	signal.Ignore(syscall.SIGTERM)
}

// childKind says which child the service starts.
type childKind int

const (
	childNone childKind = iota
	// childInGroup stays in the service's process group.
	childInGroup
	// childInSession leads a session of its own, out of reach of a signal to the group.
	childInSession
)

func parseChild(text string) (childKind, error) {
	switch text {
	case "0":
		return childNone, nil
	case "1":
		return childInGroup, nil
	case "session":
		return childInSession, nil
	}
	return childNone, fmt.Errorf("expected 0, 1 or session")
}

// spawnChild starts a child that outlives the service unless somebody ends it (DIAL_SPAWN_CHILD).
func spawnChild(kind childKind) error {
	child := exec.Command("sleep", "300")
	// A child that holds the pipe open keeps whoever reads it to the end waiting.
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: kind == childInSession}
	if err := child.Start(); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "go-service: started child %d\n", child.Process.Pid)
	return nil
}
