package postmortem_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// Every field of the export is explained in docs/format.md.
func TestFormatIsDocumented(t *testing.T) {
	doc := string(readFile(t, "../docs/format.md"))
	var export any
	if err := json.Unmarshal(readFile(t, "testdata/everything/export.json"), &export); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				if !strings.Contains(doc, "`"+name+"`") && !strings.Contains(doc, `"`+name+`":`) {
					t.Errorf("docs/format.md does not mention %q", name)
				}
				if name != "front_matter" {
					walk(inner)
				}
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(export)
}
