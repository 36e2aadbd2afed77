package incident_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"boswell/incident"

	"pgregory.net/rapid"
)

// TestEveryDecisionIsDrawn keeps a decision from being left out of the properties below.
func TestEveryDecisionIsDrawn(t *testing.T) {
	typ, events := reflect.TypeFor[*incident.Incident](), reflect.TypeFor[[]incident.Event]()
	decides := 0
	for i := range typ.NumMethod() {
		if m := typ.Method(i); m.Type.NumOut() > 0 && m.Type.Out(0) == events && m.Name != "Undo" {
			decides++
		}
	}
	if decides != len(decisions) {
		t.Errorf("an incident can decide %d things, of which %d are drawn", decides, len(decisions))
	}
}

func TestAnyLifeOfAnIncident(t *testing.T) { rapid.Check(t, anyLife) }

func FuzzAnyLifeOfAnIncident(f *testing.F) { f.Fuzz(rapid.MakeFuzz(anyLife)) }

// anyLife asks and tells an incident anything in any order. What is refused is refused in a sentence, what was granted is
// not granted twice, snapshots stay as they are, and the stored log adds up to the same incident.
func anyLife(t *rapid.T) {
	j := newJournal(t)
	for range rapid.IntRange(1, 30).Draw(t, "steps") {
		snapshot := j.in.Clone()
		before := viewsOf(snapshot)
		if rapid.IntRange(0, 9).Draw(t, "undo") == 0 {
			undo(t, j, drawnPerson.Draw(t, "by"))
		} else {
			decide(t, j)
		}
		checkTimeline(t, j.in)
		if diff := diffViews(before, viewsOf(snapshot)); diff != "" {
			t.Fatalf("a snapshot was changed (-was +is):\n%s", diff)
		}
	}
	if diff := diffViews(viewsOf(j.in), viewsOf(j.reread())); diff != "" {
		t.Fatalf("the stored log adds up to something else (-lived +read):\n%s", diff)
	}
}

// decide asks for anything and records what it yields.
func decide(t *rapid.T, j *journal) {
	d := rapid.OneOf(rapid.SampledFrom(decisions), rapid.Just(observe)).Draw(t, "decision")
	question := d.draw(t, j.now)
	by := incident.PersonID("")
	if d.trait != observed {
		by = drawnPerson.Draw(t, "by")
	}
	events, err := question(j.in)
	if err != nil {
		checkSentence(t, err)
		if len(events) > 0 {
			t.Fatalf("%s was refused, and yields %#v", d.name, events)
		}
		return
	}
	j.record(by, events...)
	if d.trait == adding {
		return
	}
	if again, err := question(j.in); len(again) > 0 || err != nil {
		t.Fatalf("%s again yields %#v and the error %v after %#v", d.name, again, err, events)
	}
}

func undo(t *rapid.T, j *journal, by incident.PersonID) {
	events, what, err := j.in.Undo(by)
	if err != nil {
		checkSentence(t, err)
		return
	}
	if len(what) == 0 {
		t.Fatalf("undo yields %#v and does not say what that is", events)
	}
	j.record(by, events...)
}

// checkTimeline fails unless every entry that can be found by its handle stands in the timeline once, or is pending.
func checkTimeline(t failer, in *incident.Incident) {
	t.Helper()
	seen := map[incident.EntryID]bool{}
	for _, e := range append(in.Timeline(), in.Pending()...) {
		if seen[e.ID] {
			t.Fatalf("%s stands in the timeline twice", e.ID)
		}
		seen[e.ID] = true
	}
	for _, label := range []string{"e1", "e2", "e3", "e4", "e5"} {
		_, there := in.Entry(incident.EntryID(label))
		if _, err := in.Find(label); there != seen[incident.EntryID(label)] || there != (err == nil) {
			t.Fatalf("%s: is an entry %v, in the timeline %v, found with the error %v", label, there, seen[incident.EntryID(label)], err)
		}
	}
}

// inside are words of the program that mean nothing to people.
var inside = []string{"event", "record", "seq", "nil", "struct", "json", "invalid", "error", "null", "p-ines", "p-tariq", "p-wen"}

// checkShown fails unless err is a Refusal that says something.
func checkShown(t failer, err error) string {
	t.Helper()
	var refusal incident.Refusal
	if !errors.As(err, &refusal) || refusal.Text == "" {
		t.Fatalf("%v is no refusal", err)
	}
	return refusal.Text
}

// checkSentence fails unless err is a Refusal in full sentences that names nothing internal.
func checkSentence(t failer, err error) {
	t.Helper()
	text := checkShown(t, err)
	first, _ := utf8.DecodeRuneInString(text)
	if !unicode.IsUpper(first) && first != '"' && !unicode.IsDigit(first) {
		t.Fatalf("%q does not begin as a sentence", text)
	}
	if last := text[len(text)-1]; last != '.' && last != '?' {
		t.Fatalf("%q does not end as a sentence", text)
	}
	if len(text) > 1000 || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		t.Fatalf("%q cannot be shown", text)
	}
	for _, word := range strings.FieldsFunc(quotedParts(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
		for _, in := range inside {
			if strings.EqualFold(word, in) {
				t.Fatalf("%q names %q", text, word)
			}
		}
	}
}

// quotedParts is text without what it quotes of what was typed.
func quotedParts(text string) string {
	var own []string
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 0 {
			own = append(own, part)
		}
	}
	return strings.Join(own, " ")
}
