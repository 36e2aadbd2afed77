package incident_test

import (
	"strings"
	"testing"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestFieldsOfWords(t *testing.T) {
	for _, c := range []struct {
		name  string
		field incident.Field
		steps []string // as they are typed: "+" in front appends
		want  []string
	}{
		{"text", incident.FieldSummary, []string{"It stuck."}, []string{"It stuck."}},
		{"replaced", incident.FieldSummary, []string{"It stuck.", "It broke."}, []string{"It broke."}},
		{"paragraphs", incident.FieldSummary, []string{"It stuck.", "+It broke."}, []string{"It stuck.", "It broke."}},
		{"appended to nothing", incident.FieldTrigger, []string{"+Rust."}, []string{"Rust."}},
		{"items", incident.FieldImpact, []string{"+Two barges.", "+A ferry."}, []string{"Two barges.", "A ferry."}},
		{"items replaced", incident.FieldImpact, []string{"+Two barges.", "+A ferry.", "Nobody."}, []string{"Nobody."}},
		{"cleared", incident.FieldImpact, []string{"+Two barges.", "-"}, nil},
		{"cleared again", incident.FieldImpact, []string{"-", "-"}, nil},
		{"title", incident.FieldTitle, []string{" The lock "}, []string{"The lock"}},
		{"network", incident.FieldNetwork, []string{"East canal", "-"}, nil},
		{"authors", incident.FieldAuthors, []string{"Ines, Tariq and Wen"}, []string{"Ines", "Tariq", "Wen"}},
		{"authors with an Oxford comma", incident.FieldAuthors, []string{"Ines, Tariq, and Wen"}, []string{"Ines", "Tariq", "Wen"}},
		{"authors once", incident.FieldAuthors, []string{"Ines,Ines", "+Wen and Ines"}, []string{"Ines", "Wen"}},
		{"an author whose name holds and", incident.FieldAuthors, []string{"Alexandra Sandoval"}, []string{"Alexandra Sandoval"}},
		{"front matter", "front.cover", []string{"lock.png"}, []string{"lock.png"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := newJournal(t)
			for _, typed := range c.steps {
				if more, appends := strings.CutPrefix(typed, "+"); appends {
					j.must("p-ines")(j.in.Append(c.field, more))
					continue
				}
				j.must("p-ines")(j.in.Set(c.field, typed, typedAt))
			}
			if diff := cmp.Diff(c.want, j.in.Values(c.field), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := j.in.Text(c.field); got != strings.Join(c.want, "\n\n") {
				t.Errorf("as a text it is %q", got)
			}
		})
	}
}

func TestFieldsOfOtherKinds(t *testing.T) {
	j := newJournal(t)
	for field, text := range map[incident.Field]string{incident.FieldNumber: " #12 ", incident.FieldDate: "2024-03-20", incident.FieldZone: "europe/lisbon",
		incident.FieldPrecision: "Seconds", incident.FieldPublished: "2024-04-01"} {
		j.must("p-ines")(j.in.Set(field, text, typedAt))
	}
	in := j.in
	if in.Number != 12 || in.Date.From.String() != "2024-03-20" || in.Zone.String() != "Europe/Lisbon" || in.Precision != incident.Second || in.Published.IsZero() {
		t.Errorf("number %d, date %+v, zone %s, precision %s, published %v", in.Number, in.Date, in.Zone, in.Precision, in.Published)
	}
	for _, field := range []incident.Field{incident.FieldNumber, incident.FieldDate, incident.FieldPublished} {
		j.must("p-ines")(j.in.Set(field, incident.Clear, typedAt))
	}
	if in.Number != 0 || in.Date != (incident.Date{}) || !in.Published.IsZero() {
		t.Errorf("cleared, and still number %d, date %+v, published %v", in.Number, in.Date, in.Published)
	}
}

func TestFrontKeysAreSorted(t *testing.T) {
	j := newJournal(t)
	for _, f := range []incident.Field{"front.tags", "front.cover", "front.gone"} {
		j.must("p-ines")(j.in.Set(f, "x", typedAt))
	}
	j.must("p-ines")(j.in.Set("front.gone", incident.Clear, typedAt))
	if diff := cmp.Diff([]string{"cover", "tags"}, j.in.FrontKeys()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCausesAndActionItemsAreCounted(t *testing.T) {
	j := newJournal(t)
	by := j.must("p-ines")
	by(j.in.AddCause("root", "Rust", ""))
	by(j.in.AddCause("contributing", "", "Nobody looked."))
	by(j.in.Recommend(2, "Look monthly."))
	by(j.in.RemoveCause(1))
	by(j.in.Recommend(1, "Write it down."))
	by(j.in.AddCause("superficial", "Salt", " "))
	want := []incident.Cause{{ID: "c2", Kind: "contributing", Text: "Nobody looked.", Recommendations: []string{"Look monthly.", "Write it down."}},
		{ID: "c3", Kind: "superficial", Title: "Salt"}}
	if diff := cmp.Diff(want, j.in.Causes); diff != "" {
		t.Errorf("causes (-want +got):\n%s", diff)
	}
	by(j.in.AddAction(incident.Action{Text: "Oil it", Type: "PREVENT", Term: "Short", Owner: " Wen ", Priority: 2, ID: "a77"}))
	by(j.in.AddAction(incident.Action{Text: "Paint it"}))
	by(j.in.FinishAction(1, true))
	by(j.in.ConcludeAction(1, "Oiled."))
	by(j.in.RemoveAction(2))
	by(j.in.AddAction(incident.Action{Text: "Watch it"}))
	wantActions := []incident.Action{{ID: "a1", Text: "Oil it", Type: "prevent", Term: "short", Owner: "Wen", Priority: 2, Done: true, Outcome: "Oiled."},
		{ID: "a3", Text: "Watch it"}}
	if diff := cmp.Diff(wantActions, j.in.Actions); diff != "" {
		t.Errorf("action items (-want +got):\n%s", diff)
	}
}

// TestLessonsAreCountedByKind removes the second of a kind, wherever it stands among all.
func TestLessonsAreCountedByKind(t *testing.T) {
	j := newJournal(t)
	for _, l := range []incident.Lesson{{Kind: incident.WentWell, Text: "a"}, {Kind: incident.WentWrong, Text: "b"}, {Kind: incident.WentWell, Text: "c"}} {
		j.must("p-ines")(j.in.AddLesson(l.Kind, l.Text))
	}
	j.must("p-ines")(j.in.RemoveLesson(incident.WentWell, 2))
	want := []incident.Lesson{{ID: "l1", Kind: incident.WentWell, Text: "a"}, {ID: "l2", Kind: incident.WentWrong, Text: "b"}}
	if diff := cmp.Diff(want, j.in.Lessons); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
