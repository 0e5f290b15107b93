// Command gate is an HTTP service that admits releases: it takes an artifact and its evidence, and
// answers with the decision and a message without internal names. Why, and who answers for it, goes to
// the log.
//
//	POST /judge   {"artifact": {"name": "pkg:…", "digests": {"sha256": "…"}}, "environment": "…", "evidence": […]}
//	GET  /ready   200 where there is something to judge by
//
// Only 200 admits. A refusal is 403, by decision deny or indeterminate; a request that is not one is
// 400 or 413; what could not be judged is 503. The documents are read again every few seconds, and
// taken up whole; documents that do not load change nothing and are logged.
//
// Try it with the documents of the example release:
//
//	go run ./examples/gate -ownership examples/release/ownership.yaml -policy examples/release/policy.yaml
//
// Whoever may call the gate names the artifact, and is believed in that: derive the name from the
// reference that was resolved. Authentication, transport security and rate limits belong before it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// How long things may take. Writing takes longer than reading and judging together.
const (
	readingTime  = 20 * time.Second
	judgingTime  = 10 * time.Second
	writingTime  = 45 * time.Second
	shutdownTime = time.Minute
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "gate:", err)
		os.Exit(1)
	}
}

// run serves until the context ends. It does not start with documents that do not load.
func run(ctx context.Context, args []string, stderr io.Writer) error {
	var docs documents
	flags := flag.NewFlagSet("gate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&docs.ownership, "ownership", "ownership.yaml", "the ownership model: a file or a directory")
	flags.StringVar(&docs.policy, "policy", "policy.yaml", "the policies: a file or a directory")
	flags.StringVar(&docs.evidence, "evidence", "", "a directory of evidence, beside what requests bring")
	listen := flags.String("listen", "127.0.0.1:8080", "the address to listen on")
	every := flags.Duration("reload", 10*time.Second, "how often the documents are read again")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if docs.ownership == "" || docs.policy == "" {
		return errors.New("an empty path: expected the ownership model and the policies")
	}
	if *every <= 0 {
		return fmt.Errorf("-reload %s: expected a positive duration", *every)
	}
	g, err := newGate(docs, time.Now, slog.New(slog.NewJSONHandler(stderr, nil)))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	return serve(ctx, listener, g, *every)
}

// serve answers requests until the context ends, then lets those that were begun be answered.
func serve(ctx context.Context, listener net.Listener, g *gate, every time.Duration) error {
	ctx, stop := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { g.watch(ctx, every) })
	defer watching.Wait()
	defer stop()
	server := &http.Server{
		Handler: g.handler(), ReadHeaderTimeout: readingTime / 4, ReadTimeout: readingTime, WriteTimeout: writingTime,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(g.log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	g.log.Info("listening", "address", listener.Addr().String())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	return server.Shutdown(grace)
}
