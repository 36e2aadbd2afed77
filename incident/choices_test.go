package incident_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"boswell/incident"

	"pgregory.net/rapid"
)

func TestChoicesAreRead(t *testing.T) {
	for _, c := range []struct {
		typed string
		got   func(string) (string, error)
		want  string
	}{
		{"sev1", severity, "sev1"}, {"SEV-2", severity, "sev2"}, {" 3 ", severity, "sev3"}, {"P4", severity, "sev4"}, {"s5", severity, "sev5"},
		{"Critical", severity, "sev1"}, {"low", severity, "sev4"},
		{"IC", role, "commander"}, {"incident  commander", role, "commander"}, {"Scribe", role, "scribe"}, {"comms", role, "communications"},
		{"outage begins", marker, "OUTAGE BEGINS"}, {"First  Report", marker, "FIRST REPORT"},
		{"seconds", precision, "second"}, {"Day", precision, "day"},
		{"Summary", field, "summary"}, {"front.Cover", field, "front.cover"}, {"front.שער", field, "front.שער"}, {"front.a_b-c.d1", field, "front.a_b-c.d1"},
		{"INC-12", id, "INC-12"}, {"inc12", id, "INC-12"}, {"#12", id, "INC-12"}, {" 12 ", id, "INC-12"}, {"inc #012", id, "INC-12"},
	} {
		if got, err := c.got(c.typed); got != c.want || err != nil {
			t.Errorf("%q was read as %q (%v), want %q", c.typed, got, err, c.want)
		}
	}
}

func severity(s string) (string, error) {
	got, err := incident.ParseSeverity(s)
	return string(got), err
}
func role(s string) (string, error)   { got, err := incident.ParseRole(s); return string(got), err }
func marker(s string) (string, error) { got, err := incident.ParseMarker(s); return string(got), err }
func precision(s string) (string, error) {
	got, err := incident.ParsePrecision(s)
	return string(got), err
}
func field(s string) (string, error) { got, err := incident.ParseField(s); return string(got), err }
func id(s string) (string, error)    { got, err := incident.ParseID(s); return got.String(), err }
func cause(s string) (string, error) { got, err := incident.ParseCauseKind(s); return string(got), err }
func lesson(s string) (string, error) {
	got, err := incident.ParseLessonKind(s)
	return string(got), err
}

const fields = "The fields are: title, number, network, date, zone, precision, authors, summary, background, trigger, resolution, " +
	"resolution.steps, detection, impact, references, published, preamble, closing, timeline.note, responders.note, front.<key>."

func TestChoicesAreRefused(t *testing.T) {
	for _, c := range []struct {
		typed string
		read  func(string) (string, error)
		want  string
	}{
		{"sev9", severity, `There is no severity "sev9". Choose one of sev1 (the worst) to sev5.`},
		{"", severity, `There is no severity "". Choose one of sev1 (the worst) to sev5.`},
		{"scrib", role, `There is no role "scrib". Did you mean "scribe"? Choose one of: commander, communications, liaison, operations, planning, scribe.`},
		{"hourly", precision, `There is no precision "hourly". Choose one of: day, minute, second.`},
		{"rot", cause, `There is no kind of cause "rot". Did you mean "root"? Choose one of: contributing, root, superficial.`},
		{"good", lesson, `There is no kind of lesson "good". Choose one of: general, lucky, well, wrong.`},
		{"OUTAGE BEGAN", marker, `There is no marker "OUTAGE BEGAN". Did you mean "OUTAGE BEGINS"? Choose one of: DETECTED, FIRST REPORT, ` +
			`INCIDENT BEGINS, INCIDENT ENDS, OUTAGE BEGINS, OUTAGE ENDS, OUTAGE MITIGATED, RECURRENCE, RESOLVED, TRIGGER.`},
		{"sumary", field, `There is no field "sumary". Did you mean "summary"? ` + fields},
		{"status", field, `There is no field "status". ` + fields},
		{strings.Repeat("x", 500), field, `There is no field "` + strings.Repeat("x", 40) + `…". ` + fields},
		{"front.", field, `"" is not a key of front matter. Use letters, digits, - and _, for example front.cover.`},
		{"front.a b", field, `"a b" is not a key of front matter. Use letters, digits, - and _, for example front.cover.`},
		{"front.a\u202eb", field, `"a\u202eb" is not a key of front matter. Use letters, digits, - and _, for example front.cover.`},
		{"front.a\xffb", field, `"a�b" is not a key of front matter. Use letters, digits, - and _, for example front.cover.`},
		{"front." + strings.Repeat("k", 41), field,
			`"` + strings.Repeat("k", 40) + `…" is not a key of front matter. Use letters, digits, - and _, for example front.cover.`},
		{"INC-0", id, "\"INC-0\" is not the name of an incident. Write it like INC-7."},
		{"lock", id, "\"lock\" is not the name of an incident. Write it like INC-7."},
		{"99999999999999999999", id, "\"99999999999999999999\" is not the name of an incident. Write it like INC-7."},
	} {
		_, err := c.read(c.typed)
		wantRefusal(t, err, c.want)
		checkSentence(t, err)
	}
}

// TestAnythingTypedIsReadOrRefused holds for every word that people choose.
func TestAnythingTypedIsReadOrRefused(t *testing.T) { rapid.Check(t, anyChoice) }

func anyChoice(t *rapid.T) {
	text := drawnText.Draw(t, "typed")
	for _, read := range []func(string) (string, error){severity, role, marker, precision, field, id, cause, lesson} {
		got, err := read(text)
		if err != nil {
			checkSentence(t, err)
			continue
		}
		if again, err := read(got); again != got || err != nil {
			t.Fatalf("%q was read as %q, and that as %q (%v)", text, got, again, err)
		}
	}
}

func TestFieldsAreRefused(t *testing.T) {
	j := newJournal(t)
	for _, f := range []incident.Field{incident.FieldTitle, incident.FieldZone, incident.FieldPrecision} {
		wantRefusal(t, refusal(j.in.Set(f, " - ", typedAt)), fmt.Sprintf("The field %s cannot be empty. `/incident INC-7 set %s <text>` replaces it.", f, f))
	}
	for _, f := range []incident.Field{incident.FieldTitle, incident.FieldNumber, incident.FieldDate, incident.FieldZone,
		incident.FieldPrecision, incident.FieldPublished, "front.cover"} {
		wantRefusal(t, refusal(j.in.Append(f, "more")), fmt.Sprintf("The field %s holds one value. `/incident INC-7 set %s <text>` replaces it.", f, f))
	}
	wantRefusal(t, refusal(j.in.Set(incident.FieldAuthors, " , ", typedAt)),
		`"," names nobody. Write the authors apart by commas: `+"`/incident INC-7 set authors Ada, Grace`.")
}

// TestEndedIncidentsRefuseChanges asks everything that people can ask of incidents that are over.
func TestEndedIncidentsRefuseChanges(t *testing.T) {
	for _, c := range []struct {
		end  incident.Event
		want string
		asks string // what may be asked still
	}{
		{incident.Closed{}, "INC-7 is closed. `/incident INC-7 reopen` opens it again.", "close"},
		{incident.Cancelled{}, "INC-7 was cancelled. `/incident INC-7 reopen` opens it again.", "cancel"},
	} {
		rapid.Check(t, func(t *rapid.T) {
			j := furnished(t)
			j.record("p-ines", c.end)
			for _, d := range decisions {
				events, err := d.draw(t, j.now)(j.in)
				switch {
				case d.name == "reopen" || d.name == "card":
					continue
				case d.trait == observed && completes(events):
					continue // what was not read before the end
				case len(events) > 0:
					t.Fatalf("%s yields %#v", d.name, events)
				case d.trait == observed || d.name == c.asks:
					if err != nil {
						t.Fatalf("%s: %v", d.name, err)
					}
				case err == nil || err.Error() != c.want:
					t.Fatalf("%s: %v", d.name, err)
				}
			}
		})
	}
}

// completes says of events that all say more of what was before.
func completes(events []incident.Event) bool {
	return len(events) > 0 && !slices.ContainsFunc(events, func(e incident.Event) bool {
		switch e.(type) {
		case incident.MessageRead, incident.MessageDeleted, incident.MessageUnreadable, incident.FileKept, incident.Missed:
			return false
		default:
			return true
		}
	})
}

func TestCourseIsRefused(t *testing.T) {
	j := newJournal(t)
	wantRefusal(t, refusal(j.in.Unlink(quay.RoomID)), "INC-7 is fought in #quay, so that room stays linked. When it is over, `/incident INC-7 close` ends it.")
	j.must("p-ines")(j.in.Resolve(incident.Moment{}))
	wantRefusal(t, refusal(j.in.Mitigate(incident.Moment{})),
		"INC-7 is resolved already. To say when it was mitigated, add the time: `/incident INC-7 mitigate at:14:05`.")
}
