package incident_test

import (
	"testing"
	"time"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
)

func TestTheCourseOfAnIncident(t *testing.T) {
	early, late := incident.At(minute(5), incident.Minute), incident.At(minute(9), incident.Minute)
	mitigate := func(at incident.Moment) ask {
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Mitigate(at) }
	}
	resolve := func(at incident.Moment) ask {
		return func(in *incident.Incident) ([]incident.Event, error) { return in.Resolve(at) }
	}
	cancel := func(in *incident.Incident) ([]incident.Event, error) { return in.Cancel("only a drill") }
	end, reopen := (*incident.Incident).Close, (*incident.Incident).Reopen
	for _, c := range []struct {
		name                string
		steps               []ask
		state               incident.State
		mitigated, resolved incident.Moment
	}{
		{"opened", nil, incident.StateOpen, incident.Moment{}, incident.Moment{}},
		{"mitigated", []ask{mitigate(early)}, incident.StateMitigated, early, incident.Moment{}},
		{"mitigated, nobody knows when", []ask{mitigate(incident.Moment{})}, incident.StateMitigated, incident.Moment{}, incident.Moment{}},
		{"mitigated, the time comes later", []ask{mitigate(incident.Moment{}), mitigate(early)}, incident.StateMitigated, early, incident.Moment{}},
		{"mitigated, asked again without a time", []ask{mitigate(early), mitigate(incident.Moment{})}, incident.StateMitigated, early, incident.Moment{}},
		{"mitigated at another time", []ask{mitigate(late), mitigate(early)}, incident.StateMitigated, early, incident.Moment{}},
		{"resolved", []ask{resolve(late)}, incident.StateResolved, incident.Moment{}, late},
		{"resolved, asked again without a time", []ask{resolve(late), resolve(incident.Moment{})}, incident.StateResolved, incident.Moment{}, late},
		{"resolved, the mitigation comes later", []ask{resolve(late), mitigate(early)}, incident.StateResolved, early, late},
		{"closed unresolved", []ask{end}, incident.StateClosed, incident.Moment{}, incident.Moment{}},
		{"reopened", []ask{end, reopen}, incident.StateOpen, incident.Moment{}, incident.Moment{}},
		{"reopened in its state", []ask{mitigate(early), resolve(late), end, reopen}, incident.StateResolved, early, late},
		{"reopened twice", []ask{mitigate(early), end, reopen, end, end, reopen}, incident.StateMitigated, early, incident.Moment{}},
		{"broken again", []ask{mitigate(early), resolve(late), reopen, reopen}, incident.StateOpen, incident.Moment{}, incident.Moment{}},
		{"mitigated once more", []ask{mitigate(early), reopen, mitigate(late)}, incident.StateMitigated, late, incident.Moment{}},
		{"cancelled", []ask{mitigate(early), cancel, cancel}, incident.StateCancelled, early, incident.Moment{}},
		{"cancelled by mistake", []ask{mitigate(early), cancel, reopen}, incident.StateMitigated, early, incident.Moment{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := newJournal(t)
			for _, ask := range c.steps {
				j.must("p-ines")(ask(j.in))
			}
			if j.in.State != c.state || !j.in.Mitigated.Equal(c.mitigated) || !j.in.Resolved.Equal(c.resolved) {
				t.Errorf("it is %s, mitigated %+v, resolved %+v", j.in.State, j.in.Mitigated, j.in.Resolved)
			}
			if j.in.Closed.IsZero() != j.in.State.Live() {
				t.Errorf("it is %s and was closed %v", j.in.State, j.in.Closed)
			}
		})
	}
}

func TestOpeningSaysEverything(t *testing.T) {
	home := quay
	home.Home = true
	o := incident.Opening{Title: " The east lock stands open ", Severity: incident.Sev2, Drill: true, Private: true,
		Zone: zoneNamed(t, "Europe/Lisbon"), Since: minute(-60), Room: &quay}
	j := &journal{t: t, in: incident.New(7), now: typedAt}
	j.must("p-ines")(incident.Open(o))
	in := j.in
	if in.Title() != "The east lock stands open" || in.Severity != o.Severity || !in.Drill || !in.Private || in.Zone != o.Zone ||
		!in.Since.Equal(o.Since) || in.Opener != "p-ines" || !in.Opened.After(typedAt) || in.Precision != incident.Minute {
		t.Errorf("got %+v", in)
	}
	if diff := cmp.Diff([]incident.Room{home}, in.Rooms); diff != "" || quay.Home {
		t.Errorf("rooms (-want +got):\n%s", diff)
	}
	events, err := incident.Open(incident.Opening{Title: "The gate"})
	if diff := cmp.Diff([]incident.Event{incident.Opened{Title: "The gate"}}, events); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestRoomsAreLinked(t *testing.T) {
	mole := incident.Room{RoomID: incident.RoomID{Platform: "harbour", Channel: "C-mole"}, Name: "#mole", Unreadable: "I am not in that room."}
	j := newJournal(t)
	j.must("p-ines")(j.in.Link(mole))
	mole.Unreadable = ""
	j.must("p-ines")(j.in.Link(mole))
	renamed := quay
	renamed.Name = "#east-quay"
	j.must("p-ines")(j.in.Link(renamed))
	renamed.Home = true
	if diff := cmp.Diff([]incident.Room{renamed, mole}, j.in.Rooms); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	j.must("p-ines")(j.in.Unlink(mole.RoomID))
	if _, linked := j.in.Room(mole.RoomID); linked || len(j.in.Rooms) != 1 {
		t.Errorf("left %+v", j.in.Rooms)
	}
}

func TestASnoozeIsNeverShortened(t *testing.T) {
	j := newJournal(t)
	for _, until := range []time.Time{minute(9), minute(5), minute(12), minute(12)} {
		j.must("p-ines")(j.in.Snooze("update", until))
	}
	if !j.in.Snoozed["update"].Equal(minute(12)) || len(j.stored) != 4 {
		t.Errorf("until %v after %d records", j.in.Snoozed["update"], len(j.stored))
	}
}
