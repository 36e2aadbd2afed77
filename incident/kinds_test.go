package incident_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "append the samples that testdata/kinds.golden lacks; what stands in it is never rewritten")

const goldenKinds = "testdata/kinds.golden"

// sampleRecord is the record that holds a sample in the golden file. Every second one is the bot's own.
func sampleRecord(n int, prev incident.Hash) incident.Record {
	r := incident.Record{Incident: 7, Seq: uint64(n) + 1, At: sampleTime.Add(time.Duration(n) * time.Second), Prev: prev, Event: samples[n]}
	if n%2 == 0 {
		r.By, r.Cause = "p-ines", "harbour|D-"+strconv.Itoa(n)
	}
	return r
}

// sampleSalt stands for the random salt of a record.
func sampleSalt(n int) incident.Salt {
	return incident.Salt(bytes.Repeat([]byte{byte(n), 0xa5}, len(incident.Salt{})/2))
}

// sealedSample is a sample as it is stored.
func sealedSample(t testing.TB, n int, prev incident.Hash) ([]byte, incident.Hash) {
	t.Helper()
	stored, sum, err := incident.Seal(sampleRecord(n, prev), sampleSalt(n))
	if err != nil {
		t.Fatal(err)
	}
	return stored, sum
}

// storedSamples are the records of the golden file, which keeps them apart by an empty line.
func storedSamples(t testing.TB) [][]byte {
	t.Helper()
	text, err := os.ReadFile(goldenKinds)
	if err != nil && !(*update && os.IsNotExist(err)) {
		t.Fatal(err)
	}
	var records [][]byte
	for _, r := range bytes.Split(bytes.TrimSuffix(text, []byte("\n\n")), []byte("\n\n")) {
		if len(r) > 0 {
			records = append(records, r)
		}
	}
	return records
}

// appendSamples adds the samples that the golden file lacks.
func appendSamples(t *testing.T) {
	t.Helper()
	f, err := os.OpenFile(goldenKinds, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	var prev incident.Hash
	for n, stored := range storedSamples(t) {
		if _, prev, err = incident.Unseal(stored); err != nil {
			t.Fatalf("record %d of %s: %v", n+1, goldenKinds, err)
		}
	}
	for n := len(storedSamples(t)); n < len(samples); n++ {
		stored, sum := sealedSample(t, n, prev)
		prev = sum
		if _, err := fmt.Fprintf(f, "%s\n\n", stored); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestStoredKindsAreKeptForever(t *testing.T) {
	if *update {
		appendSamples(t)
	}
	records := storedSamples(t)
	if len(records) != len(samples) {
		t.Fatalf("%s holds %d records of %d samples. Run `go test ./incident -run Kinds -update` to append new ones; none may go.",
			goldenKinds, len(records), len(samples))
	}
	var prev incident.Hash
	for n, stored := range records {
		got, sum, err := incident.Unseal(stored)
		if err != nil {
			t.Fatalf("record %d no longer reads: %v", n+1, err)
		}
		if diff := cmp.Diff(sampleRecord(n, prev), got); diff != "" {
			t.Errorf("record %d reads differently (-want +got):\n%s", n+1, diff)
		}
		again, sumAgain := sealedSample(t, n, prev)
		if !bytes.Equal(stored, again) || sum != sumAgain {
			t.Errorf("record %d is written differently:\n%s\nwas\n%s", n+1, again, stored)
		}
		prev = sum
	}
}

// sourceKinds are the event types and their stored names as the source declares them.
func sourceKinds(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "kinds.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "kind" {
			continue
		}
		literal := f.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit)
		name, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		kinds[f.Recv.List[0].Type.(*ast.Ident).Name] = name
	}
	return kinds
}

// sourceEvents are the types that event.go declares, without the interface.
func sourceEvents(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.TypeSpec); ok && s.Name.Name != "Event" {
			names = append(names, s.Name.Name)
		}
		return true
	})
	return names
}

func TestEveryEventHasAKindAndASample(t *testing.T) {
	sampled := map[string]string{"Erased": "erased"} // stands for a record, and is never one
	for _, e := range samples {
		sampled[reflect.TypeOf(e).Name()] = incident.Kind(e)
	}
	kinds := sourceKinds(t)
	if diff := cmp.Diff(kinds, sampled); diff != "" {
		t.Errorf("the kinds of kinds.go are not those of the samples (-kinds +samples):\n%s", diff)
	}
	names := map[string]bool{}
	for _, typ := range sourceEvents(t) {
		kind, ok := kinds[typ]
		if !ok || names[kind] {
			t.Errorf("%s has no kind of its own: it has %q", typ, kind)
		}
		names[kind] = true
	}
	if len(names) != len(kinds) {
		t.Errorf("event.go declares %d events and kinds.go %d kinds", len(names), len(kinds))
	}
}

func TestErasedIsNeverStored(t *testing.T) {
	stored, _, err := incident.Seal(incident.Record{Incident: 7, Seq: 1, At: sampleTime, Event: incident.Erased{Kind: "noted"}}, sampleSalt(0))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, err := incident.Unseal(stored); err == nil {
		t.Errorf("a record of the kind %q was read as %#v", incident.Kind(incident.Erased{}), r.Event)
	}
}

// TestSamplesFillEveryField keeps a stored name from being missed by the golden file.
func TestSamplesFillEveryField(t *testing.T) {
	filled, declared := map[string]bool{}, map[string]bool{}
	for _, e := range samples {
		noteFields(reflect.ValueOf(e), reflect.TypeOf(e).Name(), declared, filled)
	}
	for field := range declared {
		if !filled[field] {
			t.Errorf("no sample sets %s", field)
		}
	}
}

// noteFields notes which fields of our own types v declares, and which of them it sets.
func noteFields(v reflect.Value, path string, declared, filled map[string]bool) {
	switch {
	case v.Kind() == reflect.Pointer && !v.IsNil():
		noteFields(v.Elem(), path, declared, filled)
	case v.Kind() == reflect.Slice && v.Len() > 0:
		noteFields(v.Index(0), path, declared, filled)
	case v.Kind() == reflect.Struct && strings.HasSuffix(v.Type().PkgPath(), "boswell/incident"):
		for i := range v.NumField() {
			name := path + "." + v.Type().Field(i).Name
			declared[name] = true
			filled[name] = filled[name] || !v.Field(i).IsZero()
			noteFields(v.Field(i), name, declared, filled)
		}
	}
}
