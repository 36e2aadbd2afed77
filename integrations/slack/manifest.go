package slack

import (
	_ "embed"
	"io"
	"strings"
)

// manifest is the manifest of the app, each scope with its reason.
//
//go:embed manifest.yaml
var manifest string

// Manifest writes the manifest from which the Slack app is made.
func Manifest(w io.Writer) error {
	_, err := io.WriteString(w, manifest)
	return err
}

// scopes are those that the manifest asks for.
func scopes() []string {
	_, rest, _ := strings.Cut(manifest, "    bot:\n")
	var all []string
	for line := range strings.Lines(rest) {
		scope, ok := strings.CutPrefix(line, "      - ")
		if !ok {
			break
		}
		scope, _, _ = strings.Cut(scope, " ")
		all = append(all, strings.TrimSpace(scope))
	}
	return all
}
