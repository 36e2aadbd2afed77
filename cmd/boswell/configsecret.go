package main

import (
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"boswell/chat"
)

// maxSecret is the most bytes that a secret may have.
const maxSecret = 64 << 10

// secret reads a secret. The file names only where it is, ${NAME} in the environment or ${file:/path} in a file of its own,
// so that a configuration can be shown to others.
func (r *reading) secret(into *chat.Secret, node ast.Node, path string) {
	var text string
	if err := yaml.NodeToValue(node, &text); err != nil || !strings.HasPrefix(text, "${") || !strings.HasSuffix(text, "}") {
		r.wrong(path, "a secret does not stand in this file. Write ${NAME} for the variable NAME of the environment, or ${file:/path/to/file}.")
		return
	}
	name := text[2 : len(text)-1]
	value := os.Getenv(name)
	if file, ok := strings.CutPrefix(name, "file:"); ok {
		contents, err := os.ReadFile(file)
		if err != nil || len(contents) > maxSecret {
			r.wrong(path, "the file %s cannot be read as a secret. See that it is there, readable for this user, and below 64 KiB.", file)
			return
		}
		value = strings.TrimSpace(string(contents))
	}
	if value == "" {
		r.wrong(path, "%s is empty or not set. Put the secret there, or take the key out.", text)
		return
	}
	*into = chat.NewSecret(value)
}
