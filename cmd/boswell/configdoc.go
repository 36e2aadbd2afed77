package main

import (
	"encoding"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
)

// A setting is one key of the configuration, as documents tell of it.
type setting struct {
	path    string
	help    string
	section bool
	value   string // its default, as it is written in the file
}

// settings lists the keys of a struct, depth first, in the order in which they are declared.
func settings(v reflect.Value, path string) ([]setting, error) {
	var all []setting
	for i := range v.NumField() {
		field := v.Type().Field(i)
		s := setting{path: strings.TrimPrefix(path+"."+field.Tag.Get("yaml"), "."), help: field.Tag.Get("help")}
		if isSection(v.Field(i)) {
			s.section = true
			below, err := settingsBelow(v.Field(i), s.path)
			if err != nil {
				return nil, err
			}
			all = append(append(all, s), below...)
			continue
		}
		text, err := yaml.MarshalWithOptions(v.Field(i).Interface(), yaml.Flow(true))
		if err != nil {
			return nil, fmt.Errorf("default of %s: %w", s.path, err)
		}
		s.value = strings.TrimSpace(string(text))
		all = append(all, s)
	}
	return all, nil
}

func settingsBelow(v reflect.Value, path string) ([]setting, error) {
	if v.Kind() != reflect.Struct {
		return nil, nil // connections, which have no defaults
	}
	return settings(v, path)
}

func isSection(v reflect.Value) bool {
	if _, leaf := v.Interface().(encoding.TextMarshaler); leaf {
		return false
	}
	return v.Kind() == reflect.Struct || v.Kind() == reflect.Map
}

// sample writes a configuration in which each key has its default and its help above it.
func sample(w io.Writer) error {
	all, err := settings(reflect.ValueOf(defaults()), "")
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("# The configuration of Boswell. Each key has its default here; one that you take out keeps it.\n" +
		"# A secret is written as ${NAME}, from the environment, or ${file:/path}, from a file of its own.\n")
	for _, s := range all {
		names := strings.Split(s.path, ".")
		indent := strings.Repeat("  ", len(names)-1)
		if len(names) == 1 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s# %s\n%s%s:", indent, s.help, indent, names[len(names)-1])
		if !s.section {
			b.WriteString(" " + s.value)
		}
		b.WriteByte('\n')
		if s.path == "platforms" {
			b.WriteString("  chat: {kind: local} # the chat that is built in\n")
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// describe writes docs/configuration.md.
func describe(w io.Writer) error {
	all, err := settings(reflect.ValueOf(defaults()), "")
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString(configIntro)
	writeKeys(&b, all)
	b.WriteString("\n## Connections\n\nEach key under `platforms` is a connection, and its `kind` says to what.\n")
	for _, k := range kinds {
		fmt.Fprintf(&b, "\n### `kind: %s`: %s\n\n", k.name, k.help)
		keys, err := settings(k.connection().fields(), "")
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			b.WriteString("It has no other keys.\n")
			continue
		}
		writeKeys(&b, keys)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func writeKeys(b *strings.Builder, all []setting) {
	b.WriteString("| key | default | meaning |\n|---|---|---|\n")
	for _, s := range all {
		value := "`" + s.value + "`"
		if s.section {
			value = ""
		} else if s.value == `""` {
			value = "none"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", s.path, value, strings.ReplaceAll(s.help, "|", `\|`))
	}
}

const configIntro = `# Configuration

<!-- Made from the program itself: go test ./cmd/boswell -run TestDocs -update -->

` + "`boswell init`" + ` writes a commented ` + "`boswell.yaml`" + `, and ` + "`boswell run`" + ` reads it; ` + "`--config`" + ` names another file. It is read
strictly: a key that is not known, or a value that cannot be meant, is refused with its line, and nothing starts. All that is
wrong is told at once. Changes count from the next start.

A secret never stands in this file. In its place stands where it is: ` + "`${NAME}`" + ` is the variable NAME of the environment,
` + "`${file:/path}`" + ` the contents of a file, without blanks at its ends. Secrets are never logged.

## Keys

`
