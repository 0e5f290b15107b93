package attest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

const (
	shaA       = "aa00000000000000000000000000000000000000000000000000000000000000"
	shaB       = "bb00000000000000000000000000000000000000000000000000000000000000"
	revocation = "https://github.com/surety-dev/surety/predicates/revocation/v1"
)

// about is an envelope whose statement has these subjects.
func about(predicateType string, subjects ...string) string {
	return envelope(`{"_type":"` + inToto + `","subject":[` + strings.Join(subjects, ",") + `],"predicateType":"` + predicateType + `","predicate":{}}`)
}

// with is a subject of that name with one digest.
func with(name, algorithm, value string) string {
	return fmt.Sprintf(`{"name":%q,"digest":{%q:%q}}`, name, algorithm, value)
}

// found are the names of the files in which what an index finds stands, sorted.
func found(t *testing.T, x attest.Finder, digests attest.Digests) []string {
	t.Helper()
	items, err := x.Find(t.Context(), digests)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, it := range items {
		names = append(names, it.Sources()...)
	}
	slices.Sort(names)
	return names
}

func TestIndex(t *testing.T) {
	t.Parallel()
	const p = "https://example.test/p/v1"
	fsys := fstest.MapFS{}
	for name, text := range map[string]string{
		"a":                about(p, with("a", "sha256", shaA)),
		"a-again":          about(p, with("a", "sha256", shaA)),
		"a-and-b":          about(p, with("a", "sha256", shaA), with("b", "sha256", shaB)),
		"b":                about(p, with("b", "sha256", shaB)),
		"b-by-weak":        about(p, with("b", "md5", shaB[:32])),
		"commit":           about(p, with("c", "gitCommit", shaA[:40])),
		"commit-of-b":      about(p, with("b", "sha256", shaB), with("c", "gitCommit", shaA[:40])),
		"void-digest":      about(p, with("v", "sha256", strings.ToUpper(shaA))),
		"b-with-void":      about(p, with("b", "sha256", shaB), with("v", "sha256", "aa")),
		"unknown-digest":   about(p, with("u", "sha9000", shaA)),
		"rubbish":          "rubbish",
		"revocation-of-b":  about(revocation, with("b", "sha256", shaB)),
		"own-of-b":         about("https://github.com/surety-dev/surety/predicates/approval/v1", with("b", "sha256", shaB)),
		"folder/below-a":   about("https://example.test/q/v1", with("a", "sha256", shaA)),
		"folder/two.jsonl": about(p, with("x", "sha256", shaA)) + "\n" + about(p, with("y", "sha256", shaB)),
	} {
		fsys["ev/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	fsys["ev/link"] = &fstest.MapFile{Data: []byte("a"), Mode: fs.ModeSymlink}
	// what may bind otherwise than by an artifact's digest is found for every artifact: commits, what speaks of credentials
	always := []string{"ev/b-by-weak", "ev/b-with-void", "ev/commit", "ev/commit-of-b", "ev/revocation-of-b", "ev/rubbish", "ev/unknown-digest", "ev/void-digest"}
	x, err := attest.IndexFS(fsys, "ev", attest.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if x.Len() != 15 {
		t.Errorf("%d items, want 15: two files hold one", x.Len())
	}
	for _, row := range []struct {
		name    string
		digests attest.Digests
		want    []string
	}{
		{"by sha256", attest.Digests{"sha256": shaA}, []string{"ev/a", "ev/a-again", "ev/a-and-b", "ev/folder/below-a", "ev/folder/two.jsonl:1"}},
		{"another", attest.Digests{"sha256": shaB}, []string{"ev/a-and-b", "ev/b", "ev/own-of-b", "ev/folder/two.jsonl:2"}},
		{"by several, each once", attest.Digests{"sha256": shaB, "md5": shaB[:32]}, []string{"ev/a-and-b", "ev/b", "ev/own-of-b", "ev/folder/two.jsonl:2"}},
		{"a commit", attest.Digests{"gitCommit": shaA[:40]}, nil},
		{"the value under another algorithm", attest.Digests{"sha3_256": shaA}, nil},
		{"nothing known of it", attest.Digests{"sha256": sha}, nil},
		{"no digests", nil, nil},
	} {
		want := slices.Sorted(slices.Values(slices.Concat(row.want, always)))
		if diff := cmp.Diff(want, found(t, x, row.digests)); diff != "" {
			t.Errorf("%s: %s", row.name, diff)
		}
	}
}

// TestIndexKeepsNothing: the caller's slice and what Find gave may be changed.
func TestIndexKeepsNothing(t *testing.T) {
	t.Parallel()
	items := attest.Parse("a", []byte(about("https://example.test/p/v1", with("a", "sha256", shaA))), attest.Limits{})
	x, err := attest.NewIndex(append(items, nil))
	if err != nil {
		t.Fatal(err)
	}
	items[0] = nil
	first, err := x.Find(t.Context(), attest.Digests{"sha256": shaA})
	if err != nil || len(first) != 1 {
		t.Fatalf("%d items, %v", len(first), err)
	}
	first[0] = nil
	if diff := cmp.Diff([]string{"a"}, found(t, x, attest.Digests{"sha256": shaA})); diff != "" {
		t.Error(diff)
	}
	var zero attest.Index
	if names := found(t, &zero, attest.Digests{"sha256": shaA}); names != nil || zero.Len() != 0 {
		t.Errorf("the zero index holds %v", names)
	}
}

// TestIndexLimits: an index never leaves evidence out in silence.
func TestIndexLimits(t *testing.T) {
	t.Parallel()
	lines := strings.Repeat(`{"a":1}`+"\n", attest.MaxItems+1)
	_, err := attest.IndexFS(fstest.MapFS{"ev/many.jsonl": {Data: []byte(lines)}}, "ev", attest.Limits{})
	wantLimit(t, err, "items", attest.MaxItems)
	if err == nil || !strings.HasPrefix(err.Error(), "ev/many.jsonl:1001: ") {
		t.Errorf("the error does not name the file: %v", err)
	}

	several := fstest.MapFS{}
	for i := range attest.MaxIndexItems/attest.MaxItems + 1 {
		var file strings.Builder
		for j := range attest.MaxItems {
			fmt.Fprintf(&file, "{\"a\":%d}\n", i*attest.MaxItems+j)
		}
		several[fmt.Sprintf("ev/%03d.jsonl", i)] = &fstest.MapFile{Data: []byte(file.String())}
	}
	_, err = attest.IndexFS(several, "ev", attest.Limits{})
	wantLimit(t, err, "index-items", attest.MaxIndexItems)
	delete(several, "ev/000.jsonl")
	x, err := attest.IndexFS(several, "ev", attest.Limits{})
	if err != nil || x.Len() != attest.MaxIndexItems {
		t.Fatalf("at the limit: %v", err)
	}
	// All of them are unreadable, and so concern any artifact: more than a request may have, and the
	// one over the limit has the verdict say so.
	items, err := x.Find(t.Context(), attest.Digests{"sha256": shaA})
	if err != nil || len(items) != attest.MaxItems+1 {
		t.Errorf("%d items, %v", len(items), err)
	}
}

func TestIndexMaxBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("hashes 1 GiB")
	}
	t.Parallel()
	var items []*attest.Item
	data := bytes.Repeat([]byte("x"), attest.MaxItemBytes)
	for i := range attest.MaxIndexBytes/attest.MaxItemBytes + 1 {
		data[0] = byte(i)
		items = append(items, attest.Parse("-", data, attest.Limits{})...)
	}
	if _, err := attest.NewIndex(items[1:]); err != nil {
		t.Errorf("under the limit: %v", err)
	}
	_, err := attest.NewIndex(items)
	wantLimit(t, err, "index-bytes", attest.MaxIndexBytes)
}

func TestIndexErrors(t *testing.T) {
	t.Parallel()
	if _, err := attest.IndexFS(fstest.MapFS{}, "missing", attest.Limits{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing path: %v", err)
	}
	x, err := attest.NewIndex(nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if items, err := x.Find(ctx, attest.Digests{"sha256": shaA}); items != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v, %v", items, err)
	}
}

// TestIndexConcurrent is for the race detector.
func TestIndexConcurrent(t *testing.T) {
	t.Parallel()
	x, err := attest.NewIndex(attest.Parse("a", []byte(about("https://example.test/p/v1", with("a", "sha256", shaA))), attest.Limits{}))
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 100 {
				if items, err := x.Find(t.Context(), attest.Digests{"sha256": shaA}); err != nil || len(items) != 1 {
					t.Errorf("%d items, %v", len(items), err)
				}
			}
		})
	}
	wait.Wait()
}
