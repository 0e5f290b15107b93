package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	strictjson "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
)

// maxBody is the most bytes of a request: more than one item may have.
const maxBody = attest.MaxItemBytes + attest.MaxItemBytes/2

// gate judges releases by documents that may change while it runs.
type gate struct {
	documents documents
	now       func() time.Time
	log       *slog.Logger
	// current is everything a request is judged by. It is immutable and swapped whole, so a request
	// that loads it once never sees half of a change. Nil judges nothing.
	current atomic.Pointer[state]

	seen, complaint string // of reload alone
}

// newGate makes a gate; its documents must load, and its store must be readable.
func newGate(docs documents, now func() time.Time, log *slog.Logger) (*gate, error) {
	g := &gate{documents: docs, now: now, log: log}
	first, err := docs.load()
	if err != nil {
		return nil, err
	}
	if bad, ok := first.evidence.(unreadable); ok {
		return nil, bad.err
	}
	g.current.Store(first)
	return g, nil
}

func (g *gate) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /judge", g.judge)
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, _ *http.Request) {
		if g.current.Load() == nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	return mux
}

// answer is all that whoever asks gets to know.
type answer struct {
	Decision string `json:"decision,omitempty"` // absent where nothing was judged
	Message  string `json:"message"`
}

// judge answers a request. Whatever goes wrong refuses.
func (g *gate) judge(w http.ResponseWriter, r *http.Request) {
	id := rand.Text() // leads whoever was refused to the line of the log that says why
	w.Header().Set("Request-Id", id)
	log := g.log.With("request", id)
	request, err := read(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		status := http.StatusBadRequest
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		log.Info("bad request", "error", err)
		reply(w, status, answer{Message: err.Error()})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), judgingTime)
	defer cancel()
	verdict, record, err := g.verdict(ctx, request)
	if invalid := new(verify.RequestError); errors.As(err, &invalid) {
		log.Info("bad request", "error", err)
		reply(w, http.StatusBadRequest, answer{Message: "the " + invalid.Field + " is not one this artifact can be judged for"}) // the error may name a policy
		return
	}
	if err != nil {
		log.Error("not judged", "error", err)
		reply(w, http.StatusServiceUnavailable, answer{Message: "The release is refused: it could not be judged."})
		return
	}
	log.Info("judged", "verdict", verdict, "record", json.RawMessage(record))
	status := http.StatusForbidden
	if verdict.Admits() {
		status = http.StatusOK
	}
	reply(w, status, answer{Decision: verdict.Decision.String(), Message: verdict.Public()})
}

// verdict judges a request by what is current, on its evidence and what is in store. A verdict that
// cannot be recorded is none.
func (g *gate) verdict(ctx context.Context, request verify.Request) (verify.Verdict, []byte, error) {
	s := g.current.Load()
	if s == nil {
		return verify.Verdict{}, nil, errors.New("there is nothing to judge by")
	}
	stored, err := s.evidence.Find(ctx, request.Artifact.Digests())
	if err != nil {
		return verify.Verdict{}, nil, fmt.Errorf("evidence: %w", err)
	}
	request.Evidence = append(request.Evidence, stored...)
	request.At = g.now()
	verdict, err := s.verifier.Verify(ctx, request)
	if err != nil {
		return verify.Verdict{}, nil, err
	}
	record, err := verdict.JSON()
	return verdict, record, err
}

// read reads a request. Evidence that cannot be read is no error: it is in the verdict.
func read(body io.Reader) (verify.Request, error) {
	var asked struct {
		Artifact struct {
			Name    string         `json:"name"`
			Digests attest.Digests `json:"digests"`
		} `json:"artifact"`
		Environment string         `json:"environment"`
		Evidence    jsontext.Value `json:"evidence"`
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return verify.Request{}, err
	}
	// Each name once and exactly as it is: whoever stands before this gate must not read another name or
	// environment than the gate judges. encoding/json takes the last of several, in any case.
	if err := strictjson.Unmarshal(data, &asked, strictjson.RejectUnknownMembers(true)); err != nil {
		return verify.Request{}, err
	}
	request := verify.Request{Environment: asked.Environment}
	if request.Artifact, err = attest.NewArtifact(asked.Artifact.Name, asked.Artifact.Digests); err != nil {
		return verify.Request{}, err
	}
	if none := string(asked.Evidence); none != "" && none != "null" && none != "[]" {
		request.Evidence = attest.Parse("request", asked.Evidence, attest.Limits{})
	}
	return request, nil
}

func reply(w http.ResponseWriter, status int, a answer) {
	data, err := json.Marshal(a)
	if err != nil {
		status, data = http.StatusServiceUnavailable, nil
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n')) // whoever does not hear the answer is not admitted
}
