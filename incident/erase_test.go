package incident_test

import (
	"errors"
	"slices"
	"testing"

	"boswell/incident"
)

// without is what the log adds up to once the records of some kinds are erased.
func (j *journal) without(kinds ...string) *incident.Incident {
	j.t.Helper()
	in := incident.New(7)
	for _, stored := range j.stored {
		r, _, err := incident.Unseal(stored)
		if err == nil && slices.Contains(kinds, incident.Kind(r.Event)) {
			r, _, err = incident.Unseal(incident.EraseSealed(stored))
		}
		if err != nil {
			j.t.Fatalf("%v", err)
		}
		in.Apply(r)
	}
	return in
}

// TestErasedOpeningIsPrivate: who must not see an incident does not see it because its title was erased.
func TestErasedOpeningIsPrivate(t *testing.T) {
	for _, private := range []bool{true, false} {
		j := &journal{t: t, in: incident.New(7), now: typedAt}
		j.must("p-ines")(incident.Open(incident.Opening{Title: "The code is 4711", Private: private, Room: &quay}))
		in := j.without("opened")
		if !in.Private || in.State != incident.StateOpen || in.Title() != incident.ErasedTitle || !in.Opened.Equal(j.in.Opened) || in.Opener != "p-ines" {
			t.Errorf("private %v: it is private %v, %q, titled %q, opened %s by %q", private, in.Private, in.State, in.Title(), in.Opened, in.Opener)
		}
	}
}

func TestErasedReasonLeavesItCancelled(t *testing.T) {
	j := newJournal(t)
	j.must("p-ines")(j.in.Update("The gate moves"))
	j.must("p-ines")(j.in.Cancel("Ask Wen, 4711"))
	in := j.without("cancelled", "update_posted")
	if in.State != incident.StateCancelled || !in.Closed.Equal(j.in.Closed) || !in.Updated.Equal(j.in.Updated) {
		t.Errorf("it is %q, closed %s, updated %s", in.State, in.Closed, in.Updated)
	}
}

// TestErasedHandlesStayTaken erases what has the first handle of each sort: what comes next is not taken for what is there.
func TestErasedHandlesStayTaken(t *testing.T) {
	j := newJournal(t)
	by := j.must("p-ines")
	j.note(incident.Note{Text: "the first"})
	by(j.in.AddCause("root", "", "the first"))
	by(j.in.AddLesson(incident.WentWell, "the first"))
	by(j.in.AddAction(incident.Action{Text: "the first"}))
	by(j.in.AddSupport("Chart", "https://chart.example/tide", j.now))
	in := j.without("noted", "cause_added", "lesson_added", "action_added", "support_added")
	note, err := in.Note(incident.Note{Text: "the second", Said: j.now})
	cause, causeErr := in.AddCause("root", "", "the second")
	lesson, lessonErr := in.AddLesson(incident.WentWell, "the second")
	action, actionErr := in.AddAction(incident.Action{Text: "the second"})
	if err := errors.Join(err, causeErr, lessonErr, actionErr); err != nil {
		t.Fatal(err)
	}
	if got := note[0].(incident.Noted).Entry; got != "e3" {
		t.Errorf("the next entry is %s", got)
	}
	if got := cause[0].(incident.CauseAdded).Cause.ID; got != "c2" {
		t.Errorf("the next cause is %s", got)
	}
	if got := lesson[0].(incident.LessonAdded).Lesson.ID; got != "l2" {
		t.Errorf("the next lesson is %s", got)
	}
	if got := action[0].(incident.ActionAdded).Action.ID; got != "a2" {
		t.Errorf("the next action item is %s", got)
	}
}

// TestLoss names the kinds whose records may be erased: none of them takes anything away, so that nothing comes back.
func TestLoss(t *testing.T) {
	var kept []string
	for _, e := range samples {
		loss, err := incident.Loss(incident.Kind(e))
		var r incident.Refusal
		switch {
		case err == nil && loss == "", err != nil && !errors.As(err, &r):
			t.Errorf("%s: %q, error %v", incident.Kind(e), loss, err)
		case err != nil:
			kept = append(kept, incident.Kind(e))
		}
	}
	want := []string{"number_set", "date_set", "zone_set", "precision_set", "published_set", "severity_set", "mitigated", "resolved",
		"state_restored", "closed", "reopened", "reminder_snoozed", "entry_retimed", "entry_follows", "entry_marked", "entry_removed",
		"entry_restored", "tagged", "untagged", "message_deleted", "tags_offered", "cause_removed", "lesson_removed", "action_finished", "action_removed",
		"support_removed", "support_restored", "left", "role_taken", "role_left", "room_unlinked", "card_posted", "missed"}
	slices.Sort(kept)
	slices.Sort(want)
	if !slices.Equal(kept, want) {
		t.Errorf("kept are %q, want %q", kept, want)
	}
}
