package attest_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

func TestRead(t *testing.T) {
	t.Parallel()
	items, err := attest.Read("-", strings.NewReader(envelope(good)+"\n"+bundle(keyed)), attest.Limits{})
	if err != nil || len(items) != 2 || items[1].Sources()[0] != "-:2" {
		t.Errorf("%d items, %v", len(items), err)
	}
	cause := errors.New("cause")
	if items, err := attest.Read("-", iotest.ErrReader(cause), attest.Limits{}); items != nil || !errors.Is(err, cause) || !strings.HasPrefix(err.Error(), "-: ") {
		t.Errorf("%v, %v", items, err)
	}
}

// endless gives white space without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestReadIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 256 MiB")
	}
	t.Parallel()
	items, err := attest.Read("-", io.MultiReader(strings.NewReader(envelope(good)), endless{}), attest.Limits{})
	if err != nil || len(items) != 1 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	wantLimit(t, items[0].Err(), "request-bytes", attest.MaxRequestBytes)
}

func TestReadFS(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	fsys := fstest.MapFS{
		"ev/b.json":      file(envelope(good)),
		"ev/a.json":      file("rubbish"),
		"ev/sub/c.jsonl": file(envelope(good) + "\n" + bundle(keyed)),
		"ev/link.json":   {Data: []byte("b.json"), Mode: fs.ModeSymlink},
		"ev/pipe":        {Mode: fs.ModeNamedPipe},
		"empty":          {Mode: fs.ModeDir},
	}
	for _, row := range []struct {
		path string
		want []string
	}{
		{"ev/b.json", []string{"ev/b.json"}},
		{"ev", []string{"ev/a.json", "ev/b.json", "ev/sub/c.jsonl:1", "ev/sub/c.jsonl:2"}},
		{"empty", nil},
	} {
		items, err := attest.ReadFS(fsys, row.path, attest.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, it := range items {
			got = append(got, it.Sources()...)
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: %s", row.path, diff)
		}
	}
	if _, err := attest.ReadFS(fsys, "missing", attest.Limits{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing path: %v", err)
	}
	if _, err := attest.ReadFS(fsys, "ev/pipe", attest.Limits{}); err == nil || !strings.Contains(err.Error(), "neither a file nor a directory") {
		t.Errorf("a pipe: %v", err)
	}
}

func TestReadFSMaxItems(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{}
	for i := range attest.MaxItems {
		fsys[fmt.Sprintf("ev/%04d.json", i)] = &fstest.MapFile{Data: []byte("{}")}
	}
	items, err := attest.ReadFS(fsys, "ev", attest.Limits{})
	if err != nil || len(items) != attest.MaxItems {
		t.Errorf("at the limit: %d items, %v", len(items), err)
	}
	fsys["ev/more.json"] = &fstest.MapFile{Data: []byte("{}\n{}\n{}\n")}
	items, err = attest.ReadFS(fsys, "ev", attest.Limits{})
	if err != nil || len(items) != attest.MaxItems+1 {
		t.Fatalf("over the limit: %d items, %v", len(items), err)
	}
	wantLimit(t, items[attest.MaxItems].Err(), "items", attest.MaxItems)
}
