package layout

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// stateless are the packages whose variables must be tables or sentinels: those that judge, and what
// they share.
var stateless = append([]string{"internal/algorithm", "internal/chain", "internal/document", "internal/enum", "internal/pattern"}, judging...)

// excepted are the variables that are neither, and why they are no state all the same.
var excepted = map[string]string{
	"attest.readers": "a pool of parsers: each is reset before it reads, and none outlives the call that took it",
}

// TestGlobals: no variable of a judging package can hold state. Each is a table or a sentinel: written
// by its declaration and by nothing else.
func TestGlobals(t *testing.T) {
	t.Parallel()
	load := compiled(t, stateless)
	found := map[string]bool{}
	for _, folder := range stateless {
		fset, files := source(t, folder)
		for _, v := range state(fset, files, importer.ForCompiler(fset, "gc", load)) {
			name := files[0].Name.Name + "." + v.name
			found[name] = true
			if excepted[name] == "" {
				t.Errorf("%s: %s %s; expected a table or a sentinel", v.at, name, v.why)
			}
		}
	}
	for name := range excepted {
		if !found[name] {
			t.Errorf("%s is excepted and needs not be", name)
		}
	}
}

// compiled gives the export data of packages and of all they import.
func compiled(t *testing.T, folders []string) importer.Lookup {
	t.Helper()
	args := []string{"list", "-export", "-deps", "-json=ImportPath,Export", "sync", "sync/atomic"}
	for _, folder := range folders {
		args = append(args, "./"+folder)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = "../.."
	cmd.Env = append(cmd.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	files := map[string]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ ImportPath, Export string }
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		files[p.ImportPath] = p.Export
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }
}

// global is a package-level variable that is no table and no sentinel.
type global struct {
	at   token.Position
	name string
	why  string
}

// state finds the variables of a package that can be written, or that are made to be.
func state(fset *token.FileSet, files []*ast.File, imports types.Importer) []global {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	pkg, err := (&types.Config{Importer: imports}).Check("p", fset, files, info)
	if err != nil {
		return []global{{name: "package", why: "does not compile: " + err.Error()}}
	}
	var found []global
	for _, name := range pkg.Scope().Names() {
		v, ok := pkg.Scope().Lookup(name).(*types.Var)
		if !ok {
			continue
		}
		if why := holds(v.Type(), map[types.Type]bool{}); why != "" {
			found = append(found, global{fset.Position(v.Pos()), name, why})
		}
		if v.Exported() && !types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			found = append(found, global{fset.Position(v.Pos()), name, "can be assigned by whoever imports it"})
		}
	}
	w := &writes{info: info, scope: pkg.Scope(), found: func(id *ast.Ident, why string) {
		found = append(found, global{fset.Position(id.Pos()), id.Name, why})
	}}
	for _, f := range files {
		ast.Inspect(f, w.node)
	}
	return found
}

// holds says how a type keeps state by its nature.
func holds(t types.Type, seen map[types.Type]bool) string {
	if seen[t] {
		return ""
	}
	seen[t] = true
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil {
		switch path := n.Obj().Pkg().Path(); {
		case path == "sync" || path == "sync/atomic":
			return "is a " + path + "." + n.Obj().Name()
		case path != "p" && !strings.HasPrefix(path, module):
			return "" // somebody else's, such as a compiled pattern
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return "is a channel"
	case *types.Signature:
		return "is a function, which may close over anything"
	case *types.Pointer:
		return holds(u.Elem(), seen)
	case *types.Slice:
		return holds(u.Elem(), seen)
	case *types.Array:
		return holds(u.Elem(), seen)
	case *types.Map:
		return holds(u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			if _, method := f.Type().Underlying().(*types.Signature); method {
				continue // a table's column
			}
			if why := holds(f.Type(), seen); why != "" {
				return why
			}
		}
	}
	return ""
}

// writes finds where package-level variables are written.
type writes struct {
	info  *types.Info
	scope *types.Scope
	found func(id *ast.Ident, why string)
}

func (w *writes) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, e := range n.Lhs {
			w.check(e, "is assigned")
		}
	case *ast.IncDecStmt:
		w.check(n.X, "is assigned")
	case *ast.RangeStmt:
		w.check(n.Key, "is assigned")
		w.check(n.Value, "is assigned")
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			w.check(n.X, "has its address taken")
		}
	case *ast.SliceExpr:
		if _, array := w.info.TypeOf(n.X).Underlying().(*types.Array); array {
			w.check(n.X, "has its address taken")
		}
	case *ast.SelectorExpr:
		if s := w.info.Selections[n]; s != nil && s.Kind() == types.MethodVal {
			_, byPointer := s.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
			if _, pointer := s.Recv().Underlying().(*types.Pointer); byPointer && !pointer {
				w.check(n.X, "has its address taken, by its method "+n.Sel.Name)
			}
		}
	case *ast.CallExpr:
		if len(n.Args) > 0 && w.changes(n.Fun) {
			w.check(n.Args[0], "is changed")
		}
	}
	return true
}

// changes reports whether a function changes its first argument.
func (w *writes) changes(f ast.Expr) bool {
	switch f := f.(type) {
	case *ast.Ident:
		_, builtin := w.info.Uses[f].(*types.Builtin)
		return builtin && slices.Contains([]string{"append", "clear", "copy", "delete"}, f.Name)
	case *ast.SelectorExpr:
		id, ok := f.X.(*ast.Ident)
		if !ok {
			return false
		}
		p, ok := w.info.Uses[id].(*types.PkgName)
		return ok && slices.Contains([]string{"maps.Copy", "maps.DeleteFunc", "maps.Insert", "slices.Compact", "slices.CompactFunc", "slices.Delete",
			"slices.DeleteFunc", "slices.Insert", "slices.Replace", "slices.Reverse", "slices.Sort", "slices.SortFunc", "slices.SortStableFunc"}, p.Imported().Path()+"."+f.Sel.Name)
	}
	return false
}

// check reports the package-level variable at the root of what is written, if there is one.
func (w *writes) check(e ast.Expr, why string) {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.Ident:
			if v, ok := w.info.Uses[x].(*types.Var); ok && v.Parent() == w.scope {
				w.found(x, why)
			}
			return
		default:
			return
		}
	}
}

// TestGlobalsAreFound: each way to keep state in a variable is seen, and tables and sentinels pass.
func TestGlobalsAreFound(t *testing.T) {
	t.Parallel()
	load := compiled(t, stateless)
	for _, row := range []struct{ code, want string }{
		{`var ErrX = errors.New("x")`, ""},
		{`var table = []string{"a"}; func f() (n int) { table := 1; table++; for _, s := range []string{""} { n += len(s) }; return n + table }`, ""},
		{`var table = map[string]int{"a": 1}; func f() int { m := maps.Clone(table); m["b"] = 2; return len(m) + table["a"] }`, ""},
		{`var table = []struct{ do func() int }{{func() int { return 1 }}}; func f() int { return table[0].do() }`, ""},
		{`var n int; func f() { n = 1 }`, "n is assigned"},
		{`var n int; func f() { n++ }`, "n is assigned"},
		{`var s struct{ n int }; func f() { s.n = 1 }`, "s is assigned"},
		{`var m = map[string]int{}; func f() { m["a"] += 1 }`, "m is assigned"},
		{`var m = map[string]int{}; func f() { delete(m, "a") }`, "m is changed"},
		{`var l []int; func f() { _ = append(l[:0], 1) }`, "l is changed"},
		{`var l []int; func f() { slices.Sort(l) }`, "l is changed"},
		{`var p = new(int); func f() { *p = 1 }`, "p is assigned"},
		{`var n int; func f() { for n = range 3 { } }`, "n is assigned"},
		{`var n int; func f() *int { return &n }`, "n has its address taken"},
		{`var a [4]int; func f() []int { return a[1:] }`, "a has its address taken"},
		{`type c struct{ n int }; func (x *c) up() { x.n++ }; var v c; func f() { v.up() }`, "v has its address taken, by its method up"},
		{`var mu sync.Mutex`, "mu is a sync.Mutex"},
		{`type c struct{ n atomic.Int64 }; var v = map[string]*c{}`, "v is a sync/atomic.Int64"},
		{`var next = sync.OnceValue(func() int { return 1 })`, "next is a function, which may close over anything"},
		{`var queue = make(chan int)`, "queue is a channel"},
		{`var Table = []string{"a"}`, "Table can be assigned by whoever imports it"},
	} {
		fset := token.NewFileSet()
		code := "package p\nimport (\"errors\"; \"maps\"; \"slices\"; \"sync\"; \"sync/atomic\")\nvar (_ = errors.New; _ = maps.Clone[map[int]int]; _ = slices.Sort[[]int]; _ sync.Mutex; _ atomic.Int64)\n" + row.code
		f, err := parser.ParseFile(fset, "p.go", code, 0)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range state(fset, []*ast.File{f}, importer.ForCompiler(fset, "gc", load)) {
			got = append(got, fmt.Sprintf("%s %s", g.name, g.why))
		}
		if !slices.Equal(slices.Compact(got), strings.FieldsFunc(row.want, func(r rune) bool { return r == ';' })) {
			t.Errorf("%s\nfound %q, want %q", row.code, got, row.want)
		}
	}
}
