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
	test     string // or one of its parts, behind a "/"
	needs    need
}

// A need is what a test does without only by being skipped.
type need int

const (
	root need = iota + 1
	cases
)

// missing says what is not there; empty is nothing.
func (n need) missing() string {
	switch {
	case n == root && os.Geteuid() != 0:
		return "only root can run the test"
	case n == cases && os.Getenv("BOSWELL_CASES") == "":
		return "BOSWELL_CASES is not set, so the test would be skipped"
	default:
		return ""
	}
}

var mutations = []mutation{
	{
		name: "no order in a lane",
		file: "bot/lanes.go",
		old:  "first := l.effects[0]\n",
		new:  "first := l.effects[len(l.effects)-1]\n",
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
		old:  "a.Happened.Instant(loc).Compare(b.Happened.Instant(loc)),",
		new:  "cmp.Compare(a.seq, b.seq),",
		pkg:  "./incident", test: "TestTimelineOrder",
	},
	{
		name: "no dedupe",
		file: "storage/bolt/seen.go",
		old:  "if stored == nil {",
		new:  "if stored == nil || len(stored) > 0 {",
		pkg:  "./storage/bolt", test: "TestConformance/outcome/once",
	},
	{
		name: "a snapshot that grows with its incident",
		file: "incident/incident.go",
		old:  "c.entries = maps.Clone(in.entries)",
		new:  "c.entries = in.entries",
		pkg:  "./incident", test: "TestSnapshotsGrowApart",
	},
	{
		name: "a post that is not marked as begun",
		file: "bot/attempt.go",
		old:  "\t\to.Begun = true\n",
		new:  "",
		pkg:  "./bot", test: "TestDiedWhileThePlatformWasAsked",
	},
	{
		name: "a doubt that ends without an answer",
		file: "bot/attempt.go",
		old:  "a.found = a.found || found\n",
		new:  "a.found, a.owed.Begun = a.found || found, found\n",
		pkg:  "./bot", test: "TestDoubtOutlivesALookUpThatFails",
	},
	{
		name: "nobody is reminded",
		file: "bot/remind.go",
		old:  "if !r.wanted(in, tx.Now()) {",
		new:  "if r.wanted(in, tx.Now()) {",
		pkg:  "./bot", test: "TestRemindersComeAndGo",
	},
	{
		name: "an older version of a message that replaces a newer one",
		file: "bot/recent.go",
		old:  "if !r.gone && !r.said.Edited.After(s.Edited) {",
		new:  "if !r.gone {",
		pkg:  "./bot", test: "TestRecentKeepsTheNewestVersion",
	},
	{
		name: "nothing is caught up on",
		file: "bot/catchup.go",
		old:  "if !known && len(tags) == 0 {",
		new:  "if !known || len(tags) == 0 {",
		pkg:  "./bot", test: "TestWhatWasMissedIsReadBack",
	},
	{
		name: "a tag that a full disk loses",
		file: "bot/intake.go",
		old:  "if !asks(in) {\n\t\treturn chat.Reply{}, err",
		new:  "if !asks(in) {\n\t\treturn chat.Reply{}, nil",
		pkg:  "./integrations/local", test: "TestFullDiskOfTheStore", needs: root,
	},
	{
		name: "a command that runs once for each delivery",
		file: "bot/ask.go",
		old:  "Once: true, By: req.By",
		new:  "By: req.By",
		pkg:  "./integrations/local", test: "TestCases/.*/twice", needs: cases,
	},
	{
		name: "a late delivery that undoes an edit",
		file: "bot/recent.go",
		old:  "if !r.gone && !r.said.Edited.After(s.Edited) {",
		new:  "if !r.gone {",
		pkg:  "./integrations/local", test: "TestCases/.*/shuffled", needs: cases,
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
	if why := m.needs.missing(); why != "" {
		t.Skip(why)
	}
	test, _, _ := strings.Cut(m.test, "/")
	out, err := exec.Command("go", "test", "-overlay", m.overlay(t), "-run", "^"+m.test+"$", "-count=1", "-timeout=3m", m.pkg).CombinedOutput()
	switch {
	case err == nil:
		t.Errorf("%s passes although %s is broken", m.test, m.file)
	case !strings.Contains(string(out), "--- FAIL: "+test):
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
