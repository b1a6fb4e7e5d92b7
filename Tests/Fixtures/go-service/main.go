// Without a module file the defaults of an old release apply, whose multiplexer
// does not know methods in patterns. The fixture behaves as a module of today.

//go:debug default=go1.27

// Command go-service is a small JSON API for trying a performance gate on.
//
// It is well behaved as it stands. Dials, read from the environment at start,
// make it worse in one known way each: DIAL_EXTRA_ALLOCATIONS, DIAL_LEAK_CHANNEL
// and the others in dials.go. Every dial has its own function in its own file,
// so that a profile can be held against a known name and line.
//
// Standard library only. Build with:
//
//	GO111MODULE=off go build -o go-service .
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const version = "go-service 1.0.0"

// shutdownGrace is how long requests in flight may take after SIGTERM.
const shutdownGrace = 500 * time.Millisecond

// Exit statuses.
const (
	exitFailure = 1
	exitCrash   = 3
	exitUsage   = 64
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(arguments []string) int {
	flags := flag.NewFlagSet("go-service", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	showVersion := flags.Bool("version", false, "print the version and exit")
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "go-service: unexpected argument %q\n", flags.Arg(0))
		return exitUsage
	}
	if *showVersion {
		fmt.Println(version)
		return 0
	}

	dials, problems := readDials(os.Environ())
	if len(problems) > 0 {
		for _, problem := range problems {
			fmt.Fprintf(os.Stderr, "go-service: %s\n", problem)
		}
		return exitUsage
	}
	if dials.exitAtStart {
		return refuseToStart()
	}
	if err := serve(*listen, dials); err != nil {
		fmt.Fprintf(os.Stderr, "go-service: %v\n", err)
		return exitFailure
	}
	return 0
}

// serve answers requests until SIGTERM or SIGINT arrives.
func serve(address string, dials dials) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	if dials.ignoreTerm {
		ignoreTerm()
	} else {
		signal.Notify(stop, syscall.SIGTERM)
	}
	if dials.spawnChild != childNone {
		if err := spawnChild(dials.spawnChild); err != nil {
			return err
		}
	}
	if dials.startDelay > 0 && !delayStart(dials.startDelay, stop) {
		return nil
	}

	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           newDialled(dials, newAPI()),
		ReadHeaderTimeout: 10 * time.Second,
	}
	fmt.Fprintf(os.Stderr, "go-service: listening on %s\n", listener.Addr())

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-stop:
	}

	grace, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		// Whoever is still being served, a capture of thirty seconds for one, is cut off.
		return ignoreClosed(server.Close())
	}
	return nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
