package attest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Finder finds evidence by the digests of what it is about, so that a service which is asked about
// an artifact can gather what there is. [Index] is one; a registry or a database may be another. It
// must be safe for concurrent use.
//
// A Finder is trusted in one thing: to withhold nothing. Too much evidence does no harm, for every
// item is judged. Too little may cost a release its approval, and, where a list of revocations is
// withheld, may hide what speaks against it: so an error of Find is a reason not to judge, never the
// same as finding nothing.
type Finder interface {
	// Find gives every item that has a subject with one of the digests, and every item that may
	// concern any artifact: what cannot be read, so that it is reported, and what binds otherwise
	// than by digest. Order means nothing; the caller may keep the slice.
	Find(ctx context.Context, digests Digests) ([]*Item, error)
}

// Index is a [Finder] in memory, built once by [NewIndex] or [IndexFS]. It is immutable and safe for
// concurrent use: where evidence is added, build another and swap it. The zero Index holds nothing.
type Index struct {
	items      []*Item          // each once, by digest
	about      map[string][]int // positions in items by "algorithm:value"
	everything []int            // positions of what may concern any artifact
}

// ownPredicates is how the types of this project's own predicates begin (design §3.3).
const ownPredicates = "https://github.com/surety-dev/surety/predicates/"

// NewIndex makes an index of items; it keeps no part of the slice, and nil items are left out. More
// than [MaxIndexItems] or [MaxIndexBytes], or an item that stands for input which was not read to its
// end, are an error that holds a [*LimitError]: an index never leaves evidence out in silence.
func NewIndex(items []*Item) (*Index, error) {
	x := &Index{items: Merge(items), about: map[string][]int{}}
	if len(x.items) > MaxIndexItems {
		return nil, &LimitError{Limit: "index-items", Max: MaxIndexItems}
	}
	size := int64(0)
	for i, it := range x.items {
		if size += it.size; size > MaxIndexBytes {
			return nil, &LimitError{Limit: "index-bytes", Max: MaxIndexBytes}
		}
		var limit *LimitError
		if errors.As(it.err, &limit) && (limit.Limit == "items" || limit.Limit == "request-bytes") {
			return nil, fmt.Errorf("%s: %w", it.sources[0], it.err)
		}
		x.place(i, it)
	}
	return x, nil
}

// IndexFS makes an index of the evidence at path in fsys, which it reads as [ReadFS] does, but that
// [MaxItems] and [MaxRequestBytes] are those of each file. Errors are those of fsys and of [NewIndex].
func IndexFS(fsys fs.FS, path string, l Limits) (*Index, error) {
	var items []*Item
	left := int64(MaxIndexBytes)
	err := eachFile(fsys, path, func(name string) error {
		found, n, err := readFile(fsys, name, l, min(left, MaxRequestBytes))
		if err != nil {
			return err
		}
		if left -= n; left < 0 {
			return &LimitError{Limit: "index-bytes", Max: MaxIndexBytes}
		}
		items = append(items, found...)
		if len(items) > MaxIndexItems {
			return &LimitError{Limit: "index-items", Max: MaxIndexItems}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return NewIndex(items)
}

// place files an item under the digests of its subjects. What cannot be placed by them alone, for it
// is not readable, has a subject that is void, without digests or a commit, speaks of credentials, or is a
// layout, is given for every artifact. A link is filed under its materials too.
func (x *Index) place(i int, it *Item) {
	if it.err != nil || it.statement.PredicateType == RevocationType || it.statement.layout != nil ||
		slices.ContainsFunc(it.statement.Subjects, func(s Subject) bool {
			return s.Void != "" || len(s.Digests) == 0 || s.Digests["gitCommit"] != ""
		}) ||
		!slices.ContainsFunc(it.statement.Subjects, Subject.strong) {
		x.everything = append(x.everything, i)
		return
	}
	for _, s := range it.statement.Subjects {
		x.file(i, s.Digests)
	}
	if link, _ := it.statement.StepLink(); link != nil {
		for _, m := range link.Materials {
			x.file(i, m.Digests)
		}
	}
}

// file files an item under digests.
func (x *Index) file(i int, digests Digests) {
	for algorithm, value := range digests {
		key := algorithm + ":" + value
		if at := x.about[key]; len(at) == 0 || at[len(at)-1] != i {
			x.about[key] = append(at, i)
		}
	}
}

// Find implements [Finder]. The items are sorted by digest. Of more than [MaxItems] it gives the first
// MaxItems and one more, which is over that limit and has the verdict say so. The error is the context's.
func (x *Index) Find(ctx context.Context, digests Digests) ([]*Item, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	at := slices.Clone(x.everything)
	for algorithm, value := range digests {
		at = append(at, x.about[algorithm+":"+value]...)
	}
	at = x.upstream(at)
	slices.Sort(at)
	at = slices.Compact(at)
	var found []*Item
	for _, i := range at[:min(len(at), MaxItems+1)] {
		found = append(found, x.items[i])
	}
	return found, nil
}

// upstream adds to items the links of the steps before theirs: those about what went into a link found.
func (x *Index) upstream(at []int) []int {
	seen := make(map[int]bool, len(at))
	for _, i := range at {
		seen[i] = true
	}
	for n := 0; n < len(at) && len(at) <= MaxItems; n++ {
		it := x.items[at[n]]
		if it.err != nil {
			continue
		}
		link, _ := it.statement.StepLink()
		if link == nil {
			continue
		}
		for _, m := range link.Materials {
			for _, algorithm := range slices.Sorted(maps.Keys(m.Digests)) {
				for _, i := range x.about[algorithm+":"+m.Digests[algorithm]] {
					if !seen[i] && x.items[i].statement.chained() {
						seen[i] = true
						at = append(at, i)
					}
				}
			}
		}
	}
	return at
}

// Len is the number of items in the index, each counted once.
func (x *Index) Len() int { return len(x.items) }

// own reports whether the statement is one of this project's own predicates.
func (st *Statement) own() bool { return strings.HasPrefix(st.PredicateType, ownPredicates) }

// strong reports whether the subject has a digest that may bind an artifact; one of a commit does not.
func (s Subject) strong() bool {
	return s.Digests["sha256"] != "" || s.Digests["sha384"] != "" || s.Digests["sha512"] != ""
}
