package policies

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// constantsOfFlow returns the values of the typed constants of a kind. State any is a word of policies only, relation any
// is in both.
func constantsOfFlow(t *testing.T, kind string) []string {
	t.Helper()
	files, err := filepath.Glob("../internal/flow/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
				all = append(all, constant(v, kind)...)
			}
			return true
		})
	}
	return all
}

func constant(v *ast.ValueSpec, kind string) []string {
	typ, ok := v.Type.(*ast.Ident)
	lit, ok2 := v.Values[0].(*ast.BasicLit)
	if !ok || !ok2 || typ.Name != kind || lit.Kind != token.STRING {
		return nil
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return nil
	}
	return []string{s}
}
