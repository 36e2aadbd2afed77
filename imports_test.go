package boswell_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A rule says which packages of this module a package may import. A "…" at the end of a path stands for anything below.
type rule struct {
	pkg string
	may []string
	why string
}

// rules are looked through in order, and the first that fits a package holds. What `_test.go` files import is free, but for
// integrations, which never know each other.
var rules = []rule{
	{pkg: "incident", why: "the domain knows nothing but itself, so that a decision can be tested without anything around it"},
	{pkg: "chat", why: "the vocabulary is what everybody else agrees on, so it depends on nobody"},
	{pkg: "chat/inorder", why: "an order of jobs needs nothing of ours"},
	{pkg: "chat/outage", why: "a note of since when needs nothing of ours"},
	{pkg: "chat/emoji", why: "a table of names needs nothing of ours"},
	{pkg: "chat/typing", may: []string{"chat"}, why: "it reads lines by the declarations of the vocabulary"},
	{pkg: "chat/chattest", may: []string{"chat", "incident", "postmortem", "storage", "commands", "bot"},
		why: "it plays people against any platform, so it knows none of them"},
	{pkg: "postmortem/zonename", why: "a table of names needs nothing of ours"},
	{pkg: "postmortem/agree", why: "it compares two exports as data, whatever made them"},
	{pkg: "postmortem", may: []string{"incident", "postmortem/zonename"}, why: "a document is a pure function of an incident"},
	{pkg: "storage", may: []string{"incident", "chat"}, why: "the contract of the store knows what is kept and not how"},
	{pkg: "storage/…", may: []string{"storage", "incident", "chat"}, why: "a store keeps incidents and what is owed to chats, and runs neither"},
	{pkg: "commands", may: []string{"chat", "incident", "postmortem", "storage"}, why: "commands decide within one transaction and never touch a network"},
	{pkg: "bot", may: []string{"chat", "commands", "incident", "postmortem", "storage"},
		why: "the engine stands between chats and commands and knows no chat system, page or database by name"},
	{pkg: "web", may: []string{"chat", "incident", "postmortem", "storage"}, why: "pages read the store and cannot act"},
	{pkg: "integrations/…sim", may: []string{"chat", "chat/chattest", "integrations/…"}, why: "a simulator plays the people of its own platform"},
	{pkg: "integrations/…", may: []string{"chat", "chat/emoji", "chat/inorder", "chat/outage", "chat/typing"}, why: "an integration translates between one outside system and the vocabulary of package chat"},
	{pkg: "cmd/…", may: []string{"…", ""}, why: "the program puts everything together"},
	{pkg: "", why: "the root carries the story and nothing else"},
}

const module = "boswell"

func TestImports(t *testing.T) {
	for _, f := range goFiles(t) {
		r, ok := ruleOf(f.pkg)
		if !ok {
			t.Errorf("%s: package %s is new. Say in rules, in this file, what it may import and why.", f.path, f.pkg)
			continue
		}
		for _, imported := range f.imports() {
			switch {
			case strings.HasPrefix(imported, "cmd/"):
				t.Errorf("%s imports %s: nothing imports a command. Move what is needed into a package of its own.", f.path, imported)
			case otherIntegration(f.pkg, imported):
				t.Errorf("%s imports %s: integrations never know each other. What both need belongs into package chat.", f.path, imported)
			case !f.test && !r.allows(imported):
				t.Errorf("%s imports %s, and package %q may import only %q: %s. Move the code to where it may stand, or hand in what it needs as an argument.",
					f.path, imported, f.pkg, r.may, r.why)
			}
		}
	}
}

// vague are names of packages that say nothing of what is in them.
var vague = []string{"util", "utils", "common", "helper", "helpers", "types", "model", "models", "misc", "base", "shared"}

func TestPackageNames(t *testing.T) {
	for _, f := range goFiles(t) {
		if name := strings.TrimSuffix(f.syntax.Name.Name, "_test"); slices.Contains(vague, name) || slices.Contains(vague, path.Base(f.pkg)) {
			t.Errorf("%s: the name %q says nothing. Name the package after the one thing that it is about.", f.path, name)
		}
	}
}

// vendors are the outside chat systems, as they would stand in an identifier or a text.
var vendors = []string{"slack", "discord", "rocket", "telegram", "mattermost"}

// TestNoVendorOutsideItsFolder keeps the code that all platforms share from knowing one of them: what is particular about a
// platform is a number in its Limits or an interface that it has or lacks.
func TestNoVendorOutsideItsFolder(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || strings.HasPrefix(f.pkg, "integrations/") || strings.HasPrefix(f.pkg, "cmd/") {
			continue
		}
		for _, w := range f.words() {
			for _, vendor := range vendors {
				if strings.Contains(strings.ToLower(w.text), vendor) {
					t.Errorf("%s:%d: %s names a chat system outside of its own folder. Make the difference a number in chat.Limits or a small interface.",
						f.path, f.line(w.at), w.text)
				}
			}
		}
	}
}

func TestRulesAreUsed(t *testing.T) {
	used := map[string]bool{}
	for _, f := range goFiles(t) {
		if r, ok := ruleOf(f.pkg); ok {
			used[r.pkg] = true
		}
	}
	for _, r := range rules {
		if !used[r.pkg] {
			t.Errorf("there is a rule for %q and no such package: take the rule out, or correct its name", r.pkg)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, pkg string
		want         bool
	}{
		{"chat", "chat", true},
		{"chat", "chat/chattest", false},
		{"storage/…", "storage/bolt", true},
		{"storage/…", "storage", false},
		{"integrations/…sim", "integrations/local/localsim", true},
		{"integrations/…sim", "integrations/local", false},
		{"…", "bot", true},
	} {
		if got := match(c.pattern, c.pkg); got != c.want {
			t.Errorf("match(%q, %q) = %v", c.pattern, c.pkg, got)
		}
	}
}

func ruleOf(pkg string) (rule, bool) {
	i := slices.IndexFunc(rules, func(r rule) bool { return match(r.pkg, pkg) })
	if i < 0 {
		return rule{}, false
	}
	return rules[i], true
}

func (r rule) allows(imported string) bool {
	return slices.ContainsFunc(r.may, func(pattern string) bool { return match(pattern, imported) })
}

func match(pattern, pkg string) bool {
	before, after, wild := strings.Cut(pattern, "…")
	if !wild {
		return pattern == pkg
	}
	return strings.HasPrefix(pkg, before) && strings.HasSuffix(pkg, after)
}

// otherIntegration says that both are integrations, and not one and its simulator.
func otherIntegration(pkg, imported string) bool {
	a, b := strings.Split(pkg, "/"), strings.Split(imported, "/")
	return len(a) > 1 && len(b) > 1 && a[0] == "integrations" && b[0] == "integrations" && a[1] != b[1]
}

// A goFile is a source file of this module. Its pkg is relative to the module, and empty at the root.
type goFile struct {
	path   string
	pkg    string
	test   bool
	syntax *ast.File
	set    *token.FileSet
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() && name != "." && (base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(base, ".go") {
			return nil
		}
		syntax, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		pkg := strings.TrimPrefix(path.Dir(filepath.ToSlash(name)), ".")
		files = append(files, goFile{filepath.ToSlash(name), pkg, strings.HasSuffix(base, "_test.go"), syntax, set})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("there are no Go files here: the test runs in the wrong folder")
	}
	return files
}

func (f goFile) line(at token.Pos) int { return f.set.Position(at).Line }

// imports are the packages of this module that a file imports.
func (f goFile) imports() []string {
	var all []string
	for _, spec := range f.syntax.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if rest, ok := strings.CutPrefix(name, module); err == nil && ok && (rest == "" || rest[0] == '/') {
			all = append(all, strings.TrimPrefix(rest, "/"))
		}
	}
	return all
}

type word struct {
	text string
	at   token.Pos
}

// words are the identifiers and texts of a file. Comments are free.
func (f goFile) words() []word {
	var all []word
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			all = append(all, word{n.Name, n.Pos()})
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				all = append(all, word{n.Value, n.Pos()})
			}
		}
		return true
	})
	return all
}
