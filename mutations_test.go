package boswell_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A mutation breaks one promise in one place. The test that it names has to notice.
type mutation struct {
	name     string
	file     string // where the code stands
	old, new string // what is replaced; it stands there exactly once
	pkg      string // of the test
	test     string
}

var mutations = []mutation{
	{
		name: "no order in a lane",
		file: "bot/outbox.go",
		old:  "e := queue[0]\n\t\tswitch {",
		new:  "slices.Reverse(queue)\n\t\te := queue[0]\n\t\tswitch {",
		pkg:  "./bot", test: "TestLaneKeepsItsOrder",
	},
	{
		name: "acknowledged before the commit",
		file: "bot/capture.go",
		old:  "_, err := b.store.Do(ctx, cause, func(tx storage.Tx) (storage.Outcome, error) {\n\t\treturn storage.Outcome{Incident: id}, b.record(tx, id, s)\n\t})\n\treturn err",
		new:  "go b.store.Do(ctx, cause, func(tx storage.Tx) (storage.Outcome, error) {\n\t\treturn storage.Outcome{Incident: id}, b.record(tx, id, s)\n\t})\n\treturn nil",
		pkg:  "./bot", test: "TestNothingIsAcknowledgedBeforeItIsOnDisk",
	},
	{
		name: "a kind renamed",
		file: "incident/kinds.go",
		old:  `return "entry_marked"`,
		new:  `return "entry_labelled"`,
		pkg:  "./incident", test: "TestStoredKindsAreKeptForever",
	},
	{
		name: "a field that is not applied",
		file: "incident/apply.go",
		old:  "in.Number = e.Number",
		new:  "_ = e.Number",
		pkg:  "./incident", test: "TestUndoRestoresWhatWas",
	},
	{
		name: "entries sorted by when they were recorded",
		file: "incident/timeline.go",
		old:  "a.rank(loc).Compare(b.rank(loc)),",
		new:  "cmp.Compare(a.seq, b.seq),",
		pkg:  "./incident", test: "TestTimelineOrder",
	},
	{
		name: "no dedupe",
		file: "storage/bolt/seen.go",
		old:  "if stored == nil {\n\t\treturn out, false, nil\n\t}\n\t_, text",
		new:  "if stored == nil || len(stored) > 0 {\n\t\treturn out, false, nil\n\t}\n\t_, text",
		pkg:  "./storage/bolt", test: "TestConformance",
	},
}

// TestMutations shows that the tests would notice. Each mutation is laid over the code, which stays as it is. It compiles
// the packages several times over, so it runs only where BOSWELL_MUTATIONS is set.
func TestMutations(t *testing.T) {
	if os.Getenv("BOSWELL_MUTATIONS") == "" {
		t.Skip("set BOSWELL_MUTATIONS=1 to see that the tests notice what they are for")
	}
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) { m.check(t) })
	}
}

func (m mutation) check(t *testing.T) {
	out, err := exec.Command("go", "test", "-overlay", m.overlay(t), "-run", "^"+m.test+"$", "-count=1", "-timeout=3m", m.pkg).CombinedOutput()
	switch {
	case err == nil:
		t.Errorf("%s passes although %s is broken", m.test, m.file)
	case !strings.Contains(string(out), "--- FAIL: "+m.test):
		t.Errorf("%s did not fail, something else did:\n%s", m.test, out)
	}
}

// overlay writes the broken file and says where it belongs.
func (m mutation) overlay(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(m.file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), m.old); n != 1 {
		t.Fatalf("what is to be broken stands %d times in %s; bring the mutation in step with the code", n, m.file)
	}
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.go")
	write(t, broken, strings.Replace(string(source), m.old, m.new, 1))
	whole, err := filepath.Abs(m.file)
	if err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {whole: broken}})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	write(t, overlay, string(list))
	return overlay
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
