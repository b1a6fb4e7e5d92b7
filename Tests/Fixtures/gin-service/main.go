// As in a module of today, not as in a program of unknown age.

//go:debug default=go1.27

// Command gin-service is the incident the gate exists for, in Gin: a logging
// middleware that leaks one goroutine per request.
//
// Gin comes as source from Debian's golang-github-gin-gonic-gin-dev. Build with:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o gin-service .
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

	"github.com/gin-gonic/gin"
)

const version = "gin-service 1.0.0"

// shutdownGrace is how long requests in flight may take after SIGTERM.
const shutdownGrace = 500 * time.Millisecond

// Exit statuses.
const (
	exitFailure = 1
	exitUsage   = 64
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(arguments []string) int {
	flags := flag.NewFlagSet("gin-service", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	showVersion := flags.Bool("version", false, "print the version and exit")
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "gin-service: unexpected argument %q\n", flags.Arg(0))
		return exitUsage
	}
	if *showVersion {
		fmt.Println(version)
		return 0
	}
	dials, problems := readDials(os.Environ())
	if len(problems) > 0 {
		for _, problem := range problems {
			fmt.Fprintf(os.Stderr, "gin-service: %s\n", problem)
		}
		return exitUsage
	}
	gin.SetMode(gin.ReleaseMode)
	if err := serve(*listen, newRouter(dials)); err != nil {
		fmt.Fprintf(os.Stderr, "gin-service: %v\n", err)
		return exitFailure
	}
	return 0
}

// serve answers requests until SIGTERM or SIGINT arrives.
func serve(address string, handler http.Handler) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	fmt.Fprintf(os.Stderr, "gin-service: listening on %s\n", listener.Addr())

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
		if err := server.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
	}
	return nil
}
