package layout

import (
	"bytes"
	"flag"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files of the public API")

// published are the packages whose API is public, by folder from the root.
var published = []string{"attest", "attest/issue", "attest/layout", "ownership", "ownership/importer", "policy", "policy/policytest", "verify", "verify/certificate", "verify/chain", "verify/framework", "verify/inspect", "verify/lint", "verify/report", "verify/sigstore", "verify/sigstore/sigstoretest", "verify/timestamp"}

// source parses a package's files, tests aside.
func source(t *testing.T, folder string) (*token.FileSet, []*ast.File) {
	t.Helper()
	fset := token.NewFileSet()
	paths, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		t.Fatalf("no Go files in %s", folder)
	}
	return fset, files
}

// worldly are the packages, and worldlyNames what of other packages, that reach the world.
var (
	worldly = []string{
		"C", "crypto/rand", "expvar", "flag", "io/ioutil", "log", "log/slog", "log/syslog", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec",
		"os/signal", "os/user", "path/filepath", "plugin", "runtime", "runtime/debug", "syscall", "unsafe",
	}
	worldlyNames = []string{
		"fmt.Print", "fmt.Printf", "fmt.Println", "fmt.Scan", "fmt.Scanf", "fmt.Scanln", "time.After", "time.AfterFunc", "time.Local", "time.NewTicker",
		"time.NewTimer", "time.Now", "time.Since", "time.Sleep", "time.Tick", "time.Until", "x509.SystemCertPool",
	}
)

// values is what a judging package may use of a package that it may not otherwise touch: verify's verdicts
// are slog.LogValuers, which takes the types and makers of log/slog's values and nothing that logs.
var values = map[string]map[string][]string{
	"verify": {"log/slog": {"Value", "Attr", "GroupValue", "Group", "String"}},
}

// TestPure: the packages that judge read no clock, file, network or environment, write nothing and
// start nothing by themselves; that they keep no state is TestGlobals'.
func TestPure(t *testing.T) {
	t.Parallel()
	for _, folder := range judging {
		fset, files := source(t, folder)
		for _, f := range files {
			for _, i := range f.Imports {
				path := strings.Trim(i.Path.Value, `"`)
				if slices.Contains(worldly, path) && values[folder][path] == nil {
					t.Errorf("%s imports %s", fset.Position(i.Pos()), path)
				}
				if i.Name != nil && values[folder][path] != nil {
					t.Errorf("%s gives %s another name", fset.Position(i.Pos()), path)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Recv == nil && n.Name.Name == "init" {
						t.Errorf("%s: an init", fset.Position(n.Pos()))
					}
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && slices.Contains(worldlyNames, x.Name+"."+n.Sel.Name) {
						t.Errorf("%s: %s.%s", fset.Position(n.Pos()), x.Name, n.Sel.Name)
					}
					for path, allowed := range values[folder] {
						if x, ok := n.X.(*ast.Ident); ok && x.Name == filepath.Base(path) && !slices.Contains(allowed, n.Sel.Name) {
							t.Errorf("%s: %s.%s is more than a value", fset.Position(n.Pos()), x.Name, n.Sel.Name)
						}
					}
				}
				return true
			})
		}
	}
}

// TestDocumented: every exported name, and every exported field and method of one, has a comment, and
// every package says what it is.
func TestDocumented(t *testing.T) {
	t.Parallel()
	for _, folder := range published {
		fset, files := source(t, folder)
		described := false
		for _, f := range files {
			described = described || f.Doc != nil
			for _, d := range f.Decls {
				undocumented(d, func(n ast.Node, name string) { t.Errorf("%s: %s has no comment", fset.Position(n.Pos()), name) })
			}
		}
		if !described {
			t.Errorf("package %s has no comment", folder)
		}
	}
}

// undocumented reports what is exported in a declaration and has no comment.
func undocumented(d ast.Decl, report func(ast.Node, string)) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || receiver(d).IsExported()) {
			report(d, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if !s.Name.IsExported() {
					continue
				}
				if d.Doc == nil && s.Doc == nil {
					report(s, s.Name.Name)
				}
				for _, f := range members(s.Type) {
					for _, n := range f.Names {
						if n.IsExported() && f.Doc == nil && f.Comment == nil {
							report(f, s.Name.Name+"."+n.Name)
						}
					}
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
						report(s, n.Name)
					}
				}
			}
		}
	}
}

func members(e ast.Expr) []*ast.Field {
	switch e := e.(type) {
	case *ast.StructType:
		return e.Fields.List
	case *ast.InterfaceType:
		return e.Methods.List
	}
	return nil
}

func receiver(d *ast.FuncDecl) *ast.Ident {
	e := d.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.Ident:
			return x
		}
	}
}

// TestAPI compares the public API with its golden files, one a package. A change is deliberate: run
// `go test ./internal/layout -update` and note it in CHANGELOG.md.
func TestAPI(t *testing.T) {
	t.Parallel()
	for _, folder := range published {
		fset, files := source(t, folder)
		var lines []string
		for _, f := range files {
			for _, d := range f.Decls {
				lines = append(lines, exported(fset, d)...)
			}
		}
		slices.Sort(lines)
		got := strings.Join(lines, "\n") + "\n"
		golden := filepath.Join("../../docs/api", strings.ReplaceAll(folder, "/", "-")+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("the API of %s differs from %s: if that is meant, run go test ./internal/layout -update and note it in CHANGELOG.md", folder, golden)
		}
	}
}

// exported prints what is exported in a declaration, a line each.
func exported(fset *token.FileSet, d ast.Decl) []string {
	var lines []string
	show := func(prefix string, n any) {
		var b bytes.Buffer
		if err := printer.Fprint(&b, fset, n); err == nil {
			lines = append(lines, strings.Join(strings.Fields(prefix+b.String()), " "))
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && (d.Recv == nil || receiver(d).IsExported()) {
			d.Body, d.Doc = nil, nil
			show("", d)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if !s.Name.IsExported() {
					continue
				}
				if members(s.Type) == nil {
					show("type "+s.Name.Name+" ", s.Type)
					continue
				}
				lines = append(lines, "type "+s.Name.Name)
				for _, f := range members(s.Type) {
					for _, n := range f.Names {
						if n.IsExported() {
							show("type "+s.Name.Name+": "+n.Name+" ", f.Type)
						}
					}
					if len(f.Names) == 0 {
						show("type "+s.Name.Name+": ", f.Type)
					}
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() {
						lines = append(lines, d.Tok.String()+" "+n.Name)
					}
				}
			}
		}
	}
	return lines
}
