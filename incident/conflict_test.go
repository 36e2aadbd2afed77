package incident_test

import (
	"testing"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
)

// undoes records what an undo yields, and gives what it names.
func undoes(j *journal, by incident.PersonID) []string {
	j.t.Helper()
	events, what, err := j.in.Undo(by)
	j.must(by)(events, err)
	return what
}

func TestUndoTakesBackOnesOwnLastChange(t *testing.T) {
	j := newJournal(t)
	j.must("p-ines")(j.in.SetStatus("Open; looking"))
	j.must("p-ines")(j.in.SetSeverity(incident.Sev2))
	j.must("p-tariq")(j.in.Set(incident.FieldNetwork, "East canal", j.now))
	if what := undoes(j, "p-ines"); !cmp.Equal(what, []string{"The severity is as it was before"}) {
		t.Errorf("took back %q", what)
	}
	if j.in.Severity != "" || j.in.Status() != "Open; looking" || j.in.Text(incident.FieldNetwork) != "East canal" {
		t.Errorf("severity %q, status %q, network %q", j.in.Severity, j.in.Status(), j.in.Text(incident.FieldNetwork))
	}
}

func TestUndoTakesBackAllOfOneCause(t *testing.T) {
	j := tagged(t)
	before := viewsOf(j.in)
	text, at := "bone dry", incident.At(minute(9), incident.Minute)
	edit, err := j.in.Edit("e1", &text, &at)
	if err != nil {
		t.Fatal(err)
	}
	j.record("p-ines", append(edit, incident.SeveritySet{Severity: incident.Sev3})...)
	if what := undoes(j, "p-ines"); !cmp.Equal(what, []string{"Entry e1 “bone dry” is as it was before", "The severity is as it was before"}) {
		t.Errorf("took back %q", what)
	}
	if diff := diffUndone(before, viewsOf(j.in)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// TestUndoOfRecordsWithoutACause takes such records for changes of their own.
func TestUndoOfRecordsWithoutACause(t *testing.T) {
	j := newJournal(t)
	for _, e := range []incident.Event{incident.SeveritySet{Severity: incident.Sev2}, incident.NumberSet{Number: 4}} {
		j.keep(incident.Record{Incident: 7, Seq: j.in.Head + 1, At: j.now, By: "p-ines", Event: e})
	}
	if what := undoes(j, "p-ines"); !cmp.Equal(what, []string{"The number is as it was before"}) || j.in.Severity != incident.Sev2 {
		t.Errorf("took back %q; the severity is %q", what, j.in.Severity)
	}
}

func TestAnEditOfTheMessageDoesNotHinderUndo(t *testing.T) {
	j := tagged(t)
	text := "bone dry"
	j.must("p-ines")(j.in.Edit("e1", &text, nil))
	j.see(saying(seen(2), "wet", 2))
	undoes(j, "p-ines")
	if diff := cmp.Diff([]string{"wet"}, texts(j.in)); diff != "" {
		t.Errorf("the entry follows its message again (-want +got):\n%s", diff)
	}
}

// asked is a question of somebody.
type asked struct {
	by incident.PersonID
	ask
}

func status(text string) ask {
	return func(in *incident.Incident) ([]incident.Event, error) { return in.SetStatus(text) }
}

func command(p incident.PersonID) ask {
	return func(in *incident.Incident) ([]incident.Event, error) { return in.TakeRole(incident.Commander, p) }
}

func join(p incident.PersonID, did string) ask {
	return func(in *incident.Incident) ([]incident.Event, error) { return in.Join(p, did) }
}

func leave(p incident.PersonID) ask {
	return func(in *incident.Incident) ([]incident.Event, error) { return in.Leave(p) }
}

func undoOf(by incident.PersonID) ask {
	return func(in *incident.Incident) ([]incident.Event, error) {
		events, _, err := in.Undo(by)
		return events, err
	}
}

var (
	mole      = incident.Room{RoomID: incident.RoomID{Platform: "harbour", Channel: "C-mole"}, Name: "#mole"}
	link      = ask(func(in *incident.Incident) ([]incident.Event, error) { return in.Link(mole) })
	unlink    = ask(func(in *incident.Incident) ([]incident.Event, error) { return in.Unlink(mole.RoomID) })
	scribe    = ask(func(in *incident.Incident) ([]incident.Event, error) { return in.TakeRole(incident.Scribe, "p-ines") })
	mark      = ask(func(in *incident.Incident) ([]incident.Event, error) { return in.Mark("1", incident.Detected) })
	remove    = ask(func(in *incident.Incident) ([]incident.Event, error) { return in.Remove("1") })
	addCause  = ask(func(in *incident.Incident) ([]incident.Event, error) { return in.AddCause("root", "Rust", "") })
	recommend = ask(func(in *incident.Incident) ([]incident.Event, error) { return in.Recommend(1, "Oil it.") })
)

// conflicts are changes, after which p-ines undoes their last one.
var conflicts = []struct {
	name  string
	steps []asked
	want  string // how the refusal begins; empty where it is undone
}{
	{"by another", []asked{{"p-ines", status("a")}, {"p-tariq", status("b")}}, "The status"},
	{"by the bot", []asked{{"p-ines", link}, {"", unlink}}, "The linked room"},
	{"and undone", []asked{{"p-ines", status("a")}, {"p-tariq", status("b")}, {"p-tariq", undoOf("p-tariq")}}, "The status"},
	{"after an undo", []asked{{"p-ines", status("a")}, {"p-ines", undoOf("p-ines")}, {"p-tariq", status("b")}}, "The status"},
	{"something else", []asked{{"p-ines", status("a")}, {"p-tariq", mark}}, ""},
	{"an entry", []asked{{"p-ines", mark}, {"p-tariq", remove}}, "Entry e1"},
	{"a cause", []asked{{"p-ines", addCause}, {"p-tariq", recommend}}, "The cause"},
	{"a role", []asked{{"p-ines", command("p-ines")}, {"p-tariq", command("p-tariq")}}, "The role commander"},
	{"another role", []asked{{"p-ines", command("p-wen")}, {"p-tariq", scribe}}, ""},
	{"who was given the role said what they did", []asked{{"p-ines", command("p-wen")}, {"p-wen", join("p-wen", "called the crew")}}, "The role commander"},
	{"who had the role before left", []asked{{"p-tariq", command("p-tariq")}, {"p-ines", command("p-wen")},
		{"p-tariq", leave("p-tariq")}}, "The role commander"},
	{"who joined was given a role", []asked{{"p-ines", join("p-ines", "")}, {"p-tariq", scribe}}, "Joining"},
	{"the role of who left was taken", []asked{{"p-tariq", command("p-ines")}, {"p-ines", leave("p-ines")}, {"p-tariq", command("p-tariq")}}, "Leaving"},
	{"the role of who left and came back was taken", []asked{{"p-tariq", command("p-ines")}, {"p-ines", leave("p-ines")}, {"p-ines", undoOf("p-ines")},
		{"p-tariq", command("p-tariq")}}, "The responder"},
	{"the role of who left again was taken", []asked{{"p-tariq", command("p-ines")}, {"p-ines", leave("p-ines")}, {"p-ines", undoOf("p-ines")},
		{"p-ines", undoOf("p-ines")}, {"p-tariq", command("p-tariq")}}, "The responder"},
}

func TestUndoIsRefusedWhereSomebodyTouchedTheSame(t *testing.T) {
	for _, c := range conflicts {
		t.Run(c.name, func(t *testing.T) {
			j := tagged(t)
			for _, s := range c.steps {
				j.must(s.by)(s.ask(j.in))
			}
			_, _, err := j.in.Undo("p-ines")
			if c.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			wantRefusal(t, err, c.want+" was changed again since, so your change cannot be undone. Set it to what it should be.")
		})
	}
}

func TestUndoIsRefusedForWhatPeopleWereTold(t *testing.T) {
	j := newJournal(t)
	_, _, err := j.in.Undo("p-tariq")
	wantRefusal(t, err, "You have changed nothing in INC-7 that could be undone. A tag is undone by removing the reaction or pin.")
	_, _, err = j.in.Undo("p-ines")
	wantRefusal(t, err, "Your last change opened the incident. If that was a mistake, `/incident INC-7 cancel` ends it.")
	j.must("p-ines")(j.in.Update("The gate moves."))
	_, _, err = j.in.Undo("p-ines")
	wantRefusal(t, err, "Your last change was an update that people have read by now. Post another with `/incident INC-7 update <text>`.")
	j.must("p-ines")(j.in.Close())
	_, _, err = j.in.Undo("p-ines")
	wantRefusal(t, err, "INC-7 is closed. `/incident INC-7 reopen` opens it again.")
	j.must("p-tariq")(j.in.Reopen())
	_, _, err = j.in.Undo("p-ines")
	wantRefusal(t, err, "Your last change closed the incident. `/incident INC-7 reopen` opens it again.")
	_, _, err = j.in.Undo("p-tariq")
	wantRefusal(t, err, "Your last change reopened the incident. `/incident INC-7 close` closes it.")
	j.must("p-ines")(j.in.Cancel("only a drill"))
	j.must("p-tariq")(j.in.Reopen())
	_, _, err = j.in.Undo("p-ines")
	wantRefusal(t, err, "Your last change cancelled the incident. `/incident INC-7 reopen` opens it again.")
}

// TestATagIsNobodysChange keeps what people tag out of their undo.
func TestATagIsNobodysChange(t *testing.T) {
	j := newJournal(t)
	j.must("p-tariq")(j.in.SetSeverity(incident.Sev2))
	j.record("p-tariq", j.in.Observe(saying(seen(1, set(timeline, pushpin, "p-tariq", 1)), "dry", 0))...)
	if what := undoes(j, "p-tariq"); !cmp.Equal(what, []string{"The severity is as it was before"}) || len(j.in.Timeline()) != 1 {
		t.Errorf("took back %q; the timeline has %q", what, texts(j.in))
	}
}
