package main

import (
	"encoding"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"boswell/chat"
	"boswell/incident"
)

// maxConfig is the most bytes that a configuration may have: it is written by hand.
const maxConfig = 1 << 20

// readConfig reads a configuration. It is strict: a key that is not known and a value that cannot be meant are refused, all
// of them at once, each with its line. A relative data folder begins at the folder of the file.
func readConfig(path string) (config, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return config{}, incident.Refuse("There is no configuration %s. Write one with `boswell init`, or name another with --config.", path)
	case err != nil:
		return config{}, incident.Refuse("The configuration cannot be read: %v. Make it readable for this user, or name another with --config.", err)
	case len(text) > maxConfig:
		return config{}, incident.Refuse("The configuration %s has more than %d bytes. Name another with --config.", path, maxConfig)
	}
	c := defaults()
	if err := decode(&c, path, text); err != nil {
		return config{}, err
	}
	if !filepath.IsAbs(c.Data) {
		c.Data = filepath.Join(filepath.Dir(path), c.Data)
	}
	return c, nil
}

// decode reads text over the defaults that c holds.
func decode(c *config, path string, text []byte) error {
	r := &reading{file: path, lines: map[string]int{}}
	if err := r.document(reflect.ValueOf(c).Elem(), text); err != nil {
		return err
	}
	if len(r.problems) == 0 {
		c.check(r)
	}
	return r.refusal()
}

// document reads the one document of a file into a struct.
func (r *reading) document(into reflect.Value, text []byte) error {
	file, err := parser.ParseBytes(text, 0)
	switch {
	case err != nil:
		return refuseSyntax(r.file, err)
	case len(file.Docs) > 1:
		return incident.Refuse("%s holds %d documents apart by `---`. Leave one.", r.file, len(file.Docs))
	case len(file.Docs) == 1 && file.Docs[0].Body != nil:
		r.value(into, file.Docs[0].Body, "")
	}
	return nil
}

// refuseSyntax says on which line the file is no YAML.
func refuseSyntax(path string, err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return incident.Refuse("%s:%d: this is no YAML: %s. Correct the line.", path, at.GetToken().Position.Line, at.GetMessage())
	}
	return incident.Refuse("%s is no YAML: %v. Correct it.", path, err)
}

// A reading is a configuration being read, with what is wrong in it.
type reading struct {
	file     string
	lines    map[string]int // of each key that is set, by its path
	problems []problem
}

type problem struct {
	line int
	text string
}

// wrong notes that the value of a key is wrong. The line is that of the key, or of the section around it, if either is set.
func (r *reading) wrong(path, format string, args ...any) {
	text := strings.TrimPrefix(path+": ", ": ") + fmt.Sprintf(format, args...)
	for path != "" && r.lines[path] == 0 {
		path = path[:max(strings.LastIndexByte(path, '.'), 0)]
	}
	r.problems = append(r.problems, problem{r.lines[path], text})
}

// refusal is everything that is wrong, in the order of the file; nil if nothing is.
func (r *reading) refusal() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b problem) int { return a.line - b.line })
	var lines []string
	for _, p := range r.problems {
		where := r.file
		if p.line > 0 {
			where = fmt.Sprintf("%s:%d", r.file, p.line)
		}
		lines = append(lines, where+": "+p.text)
	}
	return incident.Refuse("%s", strings.Join(lines, "\n"))
}

// A selfReader is a section whose keys depend on what stands in it.
type selfReader interface {
	read(r *reading, node ast.Node, path string)
}

// value reads a node into a field. A key without a value keeps its default.
func (r *reading) value(v reflect.Value, node ast.Node, path string) {
	if node.Type() == ast.NullType {
		return
	}
	switch self := v.Addr().Interface().(type) {
	case selfReader:
		self.read(r, node, path)
	case *chat.Secret:
		r.secret(self, node, path)
	case encoding.TextUnmarshaler:
		r.text(self, node, path)
	default:
		if v.Kind() == reflect.Struct {
			r.section(v, node, path)
			return
		}
		r.plain(v, node, path)
	}
}

// section reads the keys of a struct. Keys that are read elsewhere are known too.
func (r *reading) section(v reflect.Value, node ast.Node, path string, elsewhere ...string) {
	known := elsewhere
	fields := map[string]reflect.Value{}
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("yaml")
		known = append(known, key)
		fields[key] = v.Field(i)
	}
	for key, value := range r.keys(node, path) {
		if field, ok := fields[key.name]; ok {
			r.value(field, value, key.path)
			continue
		}
		if slices.Contains(elsewhere, key.name) {
			continue
		}
		r.problems = append(r.problems, problem{key.line, fmt.Sprintf("there is no key %q%s.%s The keys are: %s.",
			key.name, within(path), incident.DidYouMean(key.name, known), strings.Join(known, ", "))})
	}
}

func within(path string) string {
	if path == "" {
		return ""
	}
	return " in " + path
}

// text reads a value that reads itself.
func (r *reading) text(into encoding.TextUnmarshaler, node ast.Node, path string) {
	var text string
	if _, scalar := node.(ast.ScalarNode); !scalar || yaml.NodeToValue(node, &text) != nil {
		r.wrong(path, "it is a list or a section. Write a single value.")
		return
	}
	if err := into.UnmarshalText([]byte(text)); err != nil {
		r.wrong(path, "%v", err)
	}
}

// plain reads a text, a list of texts, or yes and no.
func (r *reading) plain(v reflect.Value, node ast.Node, path string) {
	if err := yaml.NodeToValue(node, v.Addr().Interface(), yaml.Strict()); err == nil {
		return
	}
	expected := map[reflect.Kind]string{reflect.Bool: "true or false", reflect.String: "a single text", reflect.Slice: "a list, like [a, b]", reflect.Int: "a whole number"}
	r.wrong(path, "%q does not belong here. Write %s.", strings.TrimSpace(node.String()), expected[v.Kind()])
}

// A key is one that stands in the file.
type key struct {
	name string
	path string
	line int
}

// keys are those of a section, in the order of the file. What is no section is wrong and has none.
func (r *reading) keys(node ast.Node, path string) func(func(key, ast.Node) bool) {
	return func(yield func(key, ast.Node) bool) {
		section, ok := node.(ast.MapNode)
		if !ok {
			r.noSection(node, path)
			return
		}
		for at := section.MapRange(); at.Next(); {
			k := key{name: at.Key().GetToken().Value, line: at.Key().GetToken().Position.Line}
			k.path = strings.TrimPrefix(path+"."+k.name, ".")
			r.lines[k.path] = k.line
			if !yield(k, at.Value()) {
				return
			}
		}
	}
}

// noSection notes that something else stands where a section does.
func (r *reading) noSection(node ast.Node, path string) {
	if path != "" {
		r.wrong(path, "this is a section. Write its keys below it, indented.")
		return
	}
	r.problems = append(r.problems, problem{node.GetToken().Position.Line, "this is no configuration, which is made of keys. `boswell init` writes one."})
}
