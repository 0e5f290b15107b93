package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serving is a gate that serves as the command does, on a port of its own, until stop is called.
func serving(t *testing.T) (s *site, stop context.CancelFunc, done <-chan error) {
	t.Helper()
	s = prepared(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.url = "http://" + listener.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, s.gate, 5*time.Millisecond) }()
	return s, cancel, ended
}

// ended waits for the service to end.
func ended(t *testing.T, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the service has not ended")
		return nil
	}
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 20 s", what)
		}
	}
}

// TestServe: the service takes up changed documents by itself, and ends when told.
func TestServe(t *testing.T) {
	t.Parallel()
	s, stop, done := serving(t)
	body := asking(t, "production", good)
	s.expect(t, body, 200, "allow")
	s.put(t, "policy.yaml", strict(t))
	eventually(t, "the stricter policy is taken up", func() bool {
		status, _ := ask(t, s.url, body)
		return status == http.StatusForbidden
	})
	stop()
	if err := ended(t, done); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(s.url + "/ready"); err == nil {
		t.Error("it still answers")
	}
}

// TestShutdown: a request that was begun before the end is answered, and none is begun after it.
func TestShutdown(t *testing.T) {
	t.Parallel()
	s, stop, done := serving(t)
	body := asking(t, "production", good)
	address := strings.TrimPrefix(s.url, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	half := len(body) / 2
	if _, err := fmt.Fprintf(conn, "POST /judge HTTP/1.1\r\nHost: gate\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body)); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	if line, err := reader.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") { // the handler reads
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := io.WriteString(conn, body[:half]); err != nil {
		t.Fatal(err)
	}
	stop()
	eventually(t, "no new request is taken", func() bool {
		c, err := net.Dial("tcp", address)
		if err != nil {
			return true
		}
		return c.Close() != nil
	})
	select {
	case err := <-done:
		t.Fatalf("it ended with a request in flight: %v", err)
	default:
	}
	if _, err := io.WriteString(conn, body[half:]); err != nil {
		t.Fatal(err)
	}
	if _, err := reader.ReadString('\n'); err != nil { // the blank line after 100 Continue
		t.Fatal(err)
	}
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(data), `"allow"`) {
		t.Errorf("%d %s, %v", response.StatusCode, data, err)
	}
	if err := ended(t, done); err != nil {
		t.Error(err)
	}
}

func TestServeFails(t *testing.T) {
	t.Parallel()
	s := prepared(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := serve(t.Context(), listener, s.gate, time.Hour); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a closed listener: %v", err)
	}
}

// TestRun: the command does not start with documents that do not load, and serves with those that do.
func TestRun(t *testing.T) {
	t.Parallel()
	good := []string{"-ownership", released + "/ownership.yaml", "-policy", released + "/policy.yaml", "-evidence", released + "/evidence", "-listen", "127.0.0.1:0"}
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"no policy there", []string{"-policy", "missing.yaml"}, "missing.yaml"},
		{"a document of another kind", []string{"-policy", released + "/ownership.yaml"}, "ownership.yaml:"},
		{"no evidence there", []string{"-evidence", "missing"}, "missing"},
		{"never reloading", []string{"-reload", "0s"}, "expected a positive duration"},
		{"an unknown flag", []string{"-polcy", "x"}, "polcy"},
		{"no such address", []string{"-listen", "nowhere"}, "nowhere"},
	} {
		if err := run(t.Context(), append(good[:len(good):len(good)], row.args...), io.Discard); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want …%s…", row.name, err, row.want)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var log lines
	done := make(chan error, 1)
	go func() { done <- run(ctx, good, &log) }()
	eventually(t, "it listens", func() bool { return strings.Contains(log.String(), `"listening"`) })
	stop()
	if err := ended(t, done); err != nil {
		t.Error(err)
	}
}
