package commands

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write ../docs/commands.md again")

const docsFile = "../docs/commands.md"

func TestDocs(t *testing.T) {
	if *update {
		if err := os.WriteFile(docsFile, Markdown(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatalf("read the documentation: %v", err)
	}
	if !bytes.Equal(written, Markdown()) {
		t.Errorf("%s is not what the declarations say; run: go test ./commands -run TestDocs -update", docsFile)
	}
}
