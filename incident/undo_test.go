package incident_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"boswell/incident"

	"pgregory.net/rapid"
)

// furnished is an incident with one of everything, in which p-tariq has a role and p-wen left.
func furnished(t failer) *journal {
	j := tagged(t)
	s := saying(seen(2, set(support, pushpin, "p-ines", 2)), "pump log", 0)
	s.Message = inQuay("M-2")
	j.see(s)
	j.note(incident.Note{Text: "the crew is called", At: incident.At(minute(5), incident.Minute)})
	by := j.must("p-ines")
	by(j.in.Set(incident.FieldSummary, "It stuck.", j.now))
	by(j.in.SetStatus("Open; crew on its way"))
	by(j.in.Set(incident.FieldAuthors, "Ines", j.now))
	by(j.in.Mitigate(incident.At(minute(6), incident.Minute)))
	by(j.in.Link(incident.Room{RoomID: incident.RoomID{Platform: "harbour", Channel: "C-mole"}, Name: "#mole"}))
	by(j.in.AddCause("root", "Rust", "The hinge was dry."))
	by(j.in.AddCause("contributing", "", "Nobody looked."))
	by(j.in.AddLesson(incident.WentWell, "The crew was fast."))
	by(j.in.AddAction(incident.Action{Text: "Oil the hinge", Owner: "Wen"}))
	by(j.in.AddSupport("Chart", "https://chart.example/tide", j.now))
	by(j.in.Join("p-wen", "called the crew"))
	by(j.in.Leave("p-wen"))
	by(j.in.TakeRole(incident.Commander, "p-tariq"))
	by(j.in.Snooze("update", minute(40)))
	return j
}

// undoable are decisions of p-ines in the furnished incident that can be taken back. Together they yield every kind of
// event that has an inverse.
var undoable = []struct {
	name string
	ask
}{
	{"set", func(in *incident.Incident) ([]incident.Event, error) { return in.Set("summary", "It broke.", typedAt) }},
	{"set what was empty", func(in *incident.Incident) ([]incident.Event, error) {
		return in.Set("front.cover", "lock.png", typedAt)
	}},
	{"clear", func(in *incident.Incident) ([]incident.Event, error) { return in.Set("summary", "-", typedAt) }},
	{"append", func(in *incident.Incident) ([]incident.Event, error) { return in.Append("impact", "Two barges.") }},
	{"title", func(in *incident.Incident) ([]incident.Event, error) { return in.Set("title", "The lock", typedAt) }},
	{"authors", func(in *incident.Incident) ([]incident.Event, error) { return in.Append("authors", "Tariq") }},
	{"number", func(in *incident.Incident) ([]incident.Event, error) { return in.Set("number", "12", typedAt) }},
	{"date", func(in *incident.Incident) ([]incident.Event, error) { return in.Set("date", "2024-03-21", typedAt) }},
	{"zone", func(in *incident.Incident) ([]incident.Event, error) { return in.Set("zone", "Asia/Kolkata", typedAt) }},
	{"precision", func(in *incident.Incident) ([]incident.Event, error) { return in.Set("precision", "day", typedAt) }},
	{"published", func(in *incident.Incident) ([]incident.Event, error) {
		return in.Set("published", "2024-03-21", typedAt)
	}},
	{"severity", func(in *incident.Incident) ([]incident.Event, error) { return in.SetSeverity(incident.Sev1) }},
	{"status", func(in *incident.Incident) ([]incident.Event, error) { return in.SetStatus("Open; crew at work") }},
	{"mitigate", func(in *incident.Incident) ([]incident.Event, error) {
		return in.Mitigate(incident.At(minute(9), incident.Minute))
	}},
	{"resolve", func(in *incident.Incident) ([]incident.Event, error) { return in.Resolve(incident.Moment{}) }},
	{"snooze", func(in *incident.Incident) ([]incident.Event, error) { return in.Snooze("update", minute(50)) }},
	{"snooze the first time", func(in *incident.Incident) ([]incident.Event, error) { return in.Snooze("roles", minute(50)) }},
	{"note", func(in *incident.Incident) ([]incident.Event, error) {
		return in.Note(incident.Note{Text: "the crew is there", Said: typedAt, After: "1"})
	}},
	{"edit", func(in *incident.Incident) ([]incident.Event, error) {
		text, at := "bone dry", incident.At(minute(7), incident.Second)
		return in.Edit("e1", &text, &at)
	}},
	{"mark", func(in *incident.Incident) ([]incident.Event, error) { return in.Mark("e3", incident.Detected) }},
	{"remove", func(in *incident.Incident) ([]incident.Event, error) { return in.Remove("e1") }},
	{"cause", func(in *incident.Incident) ([]incident.Event, error) { return in.AddCause("superficial", "Salt", "") }},
	{"recommend", func(in *incident.Incident) ([]incident.Event, error) { return in.Recommend(1, "Oil it.") }},
	{"remove cause", func(in *incident.Incident) ([]incident.Event, error) { return in.RemoveCause(1) }},
	{"lesson", func(in *incident.Incident) ([]incident.Event, error) {
		return in.AddLesson(incident.GotLucky, "Low tide.")
	}},
	{"remove lesson", func(in *incident.Incident) ([]incident.Event, error) { return in.RemoveLesson(incident.WentWell, 1) }},
	{"action", func(in *incident.Incident) ([]incident.Event, error) {
		return in.AddAction(incident.Action{Text: "Look monthly"})
	}},
	{"finish action", func(in *incident.Incident) ([]incident.Event, error) { return in.FinishAction(1, true) }},
	{"conclude action", func(in *incident.Incident) ([]incident.Event, error) { return in.ConcludeAction(1, "Oiled.") }},
	{"revise action", func(in *incident.Incident) ([]incident.Event, error) {
		return in.ReviseAction(1, func(a *incident.Action) { a.Owner = "Tariq" })
	}},
	{"remove action", func(in *incident.Incident) ([]incident.Event, error) { return in.RemoveAction(1) }},
	{"support", func(in *incident.Incident) ([]incident.Event, error) { return in.AddSupport("", "the tide", typedAt) }},
	{"remove support", func(in *incident.Incident) ([]incident.Event, error) { return in.RemoveSupport(1) }},
	{"join", func(in *incident.Incident) ([]incident.Event, error) { return in.Join("p-ines", "held the lamp") }},
	{"join again", func(in *incident.Incident) ([]incident.Event, error) { return in.Join("p-wen", "") }},
	{"leave", func(in *incident.Incident) ([]incident.Event, error) { return in.Leave("p-tariq") }},
	{"take role", func(in *incident.Incident) ([]incident.Event, error) { return in.TakeRole(incident.Commander, "p-wen") }},
	{"leave role", func(in *incident.Incident) ([]incident.Event, error) { return in.LeaveRole(incident.Commander) }},
	{"link", func(in *incident.Incident) ([]incident.Event, error) {
		return in.Link(incident.Room{RoomID: incident.RoomID{Platform: "harbour", Channel: "C-dock"}, Name: "#dock"})
	}},
	{"unlink", func(in *incident.Incident) ([]incident.Event, error) {
		return in.Unlink(incident.RoomID{Platform: "harbour", Channel: "C-mole"})
	}},
}

// lasting kinds are never undone: what people were told, and what was observed.
var lastingKinds = strings.Fields(`opened closed reopened cancelled update_posted tagged untagged message_read message_deleted
	message_unreadable tags_offered file_kept card_posted missed send_failed`)

func TestUndoRestoresWhatWas(t *testing.T) {
	undone := map[string]bool{}
	for _, c := range undoable {
		t.Run(c.name, func(t *testing.T) {
			j := furnished(t)
			before := viewsOf(j.in)
			j.must("p-ines")(c.ask(j.in))
			after := viewsOf(j.in)
			if diffUndone(before, after) == "" {
				t.Fatal("the decision changed nothing")
			}
			for round, want := range []views{before, after, before} {
				events, what, err := j.in.Undo("p-ines")
				if err != nil || len(what) == 0 {
					t.Fatalf("undo %d: it was %q, error %v", round+1, what, err)
				}
				j.record("p-ines", events...)
				if diff := diffUndone(want, viewsOf(j.in)); diff != "" {
					t.Errorf("after undo %d (-want +got):\n%s", round+1, diff)
				}
			}
			for kind := range recordedKinds(j) {
				undone[kind] = true
			}
		})
	}
	for _, e := range samples {
		if kind := incident.Kind(e); !undone[kind] && !slices.Contains(lastingKinds, kind) {
			t.Errorf("%s is never undone here", kind)
		}
	}
}

// TestUndoSaysHowThingsStand: who undoes twice learns that the second undo took back the first.
func TestUndoSaysHowThingsStand(t *testing.T) {
	for _, c := range []struct {
		name string
		ask
		first, second string
	}{
		{"note", func(in *incident.Incident) ([]incident.Event, error) {
			return in.Note(incident.Note{Text: "the crew is there", Said: typedAt})
		}, "Entry e5 “the crew is there” is off the timeline again", "Entry e5 “the crew is there” is on the timeline again"},
		{"reword", func(in *incident.Incident) ([]incident.Event, error) {
			text := "bone dry"
			return in.Edit("e3", &text, nil)
		}, "Entry e3 “bone dry” is as it was before", "Entry e3 says “bone dry” again"},
		{"mark", func(in *incident.Incident) ([]incident.Event, error) { return in.Mark("e3", incident.Detected) },
			"Entry e3 “the crew is called” is marked as it was before", "Entry e3 “the crew is called” is marked as it was before"},
		{"set", func(in *incident.Incident) ([]incident.Event, error) { return in.Set("summary", "It\nbroke.", typedAt) },
			"The field summary says “It stuck.” again", "The field summary says “It broke.” again"},
		{"append", func(in *incident.Incident) ([]incident.Event, error) { return in.Append("impact", "Two barges.") },
			"The field impact is empty again", "The field impact says “Two barges.” again"},
		{"cause", func(in *incident.Incident) ([]incident.Event, error) { return in.AddCause("superficial", "Salt", "") },
			"The cause is taken out again", "The cause is as it was before"},
		{"remove support", func(in *incident.Incident) ([]incident.Event, error) { return in.RemoveSupport(1) },
			"The supporting information is back", "The supporting information is taken out again"},
		{"unlink", func(in *incident.Incident) ([]incident.Event, error) {
			return in.Unlink(incident.RoomID{Platform: "harbour", Channel: "C-mole"})
		}, "#mole is linked again", "The linked room is not linked any more"},
	} {
		j := furnished(t)
		j.must("p-ines")(c.ask(j.in))
		for _, want := range []string{c.first, c.second} {
			if what := undoes(j, "p-ines"); !slices.Equal(what, []string{want}) {
				t.Errorf("%s: took back %q, want %q", c.name, what, want)
			}
		}
	}
}

// recordedKinds are the kinds of event in a log.
func recordedKinds(j *journal) map[string]bool {
	kinds := map[string]bool{}
	for _, stored := range j.stored {
		r, _, err := incident.Unseal(stored)
		if err != nil {
			j.t.Fatalf("%v", err)
		}
		kinds[incident.Kind(r.Event)] = true
	}
	return kinds
}

// TestUndoOfAnything undoes any decision after any others, twice.
func TestUndoOfAnything(t *testing.T) { rapid.Check(t, anyUndo) }

func FuzzUndoOfAnything(f *testing.F) { f.Fuzz(rapid.MakeFuzz(anyUndo)) }

func anyUndo(t *rapid.T) {
	j := newJournal(t)
	for range rapid.IntRange(0, 20).Draw(t, "steps") {
		decide(t, j)
	}
	d := rapid.SampledFrom(decisions).Filter(func(d decision) bool { return d.trait != observed }).Draw(t, "undone")
	before := viewsOf(j.in)
	events, err := d.draw(t, j.now)(j.in)
	if err != nil || len(events) == 0 {
		return
	}
	j.record("p-ines", events...)
	after := viewsOf(j.in)
	for round, want := range []views{before, after} {
		back, _, err := j.in.Undo("p-ines")
		if err != nil {
			if !slices.Contains(lastingKinds, incident.Kind(events[0])) {
				t.Fatalf("undo %d of %s, %#v: %v", round+1, d.name, events, err)
			}
			return
		}
		j.record("p-ines", back...)
		if diff := diffUndone(want, viewsOf(j.in)); diff != "" {
			t.Fatalf("undo %d of %s, %s, gives (-want +got):\n%s", round+1, d.name, fmt.Sprint(events), diff)
		}
	}
}
