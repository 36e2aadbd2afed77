package incident_test

import (
	"testing"
	"time"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
)

func TestGapsAreRecordedOnce(t *testing.T) {
	gap := incident.Gap{Room: quay.RoomID, From: minute(1), To: minute(4), Why: "missing permission"}
	j := newJournal(t)
	for range 2 {
		j.record("", j.in.Miss(gap)...)
	}
	empty, other := gap, gap
	empty.To = empty.From
	other.Why = "the connection was down"
	j.record("", j.in.Miss(empty)...)
	j.record("", j.in.Miss(other)...)
	if diff := cmp.Diff([]incident.Gap{gap, other}, j.in.Gaps); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// gapFrom is a gap of #quay between two minutes.
func gapFrom(from, to int, why string) incident.Gap {
	return incident.Gap{Room: quay.RoomID, From: minute(from), To: minute(to), Why: why}
}

func TestGapsThatMeetAreOne(t *testing.T) {
	j := newJournal(t)
	for _, g := range []incident.Gap{gapFrom(1, 4, "away"), gapFrom(4, 6, "away"), gapFrom(5, 8, "away"), gapFrom(8, 9, "forbidden"),
		gapFrom(20, 21, "forbidden"), gapFrom(2, 7, "away")} {
		j.record("", j.in.Miss(g)...)
	}
	want := []incident.Gap{gapFrom(1, 8, "away"), gapFrom(8, 9, "forbidden"), gapFrom(20, 21, "forbidden")}
	if diff := cmp.Diff(want, j.in.Unread()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestARoomThatCannotBeReadIsAGap follows #mole from when it cannot be read any more until it can again, is taken away, or the
// incident ends.
func TestARoomThatCannotBeReadIsAGap(t *testing.T) {
	mole := incident.Room{RoomID: incident.RoomID{Platform: "harbour", Channel: "C-mole"}, Name: "#mole"}
	link := func(j *journal, why string) {
		room := mole
		room.Unreadable = why
		j.must("")(j.in.Link(room))
	}
	deaf := func(t *testing.T) (*journal, incident.Gap) {
		j := newJournal(t)
		link(j, "")
		link(j, "it was archived")
		since := j.now
		link(j, "I was removed")
		return j, incident.Gap{Room: mole.RoomID, From: since, Why: "I was removed"}
	}
	for name, c := range map[string]struct {
		then func(j *journal)
		ends bool // with the last record; else it goes on
		want bool
	}{
		"goes on":    {func(j *journal) { j.record("p-ines", incident.Joined{Person: "p-tariq"}) }, false, true},
		"ends":       {func(j *journal) { j.must("p-ines")(j.in.Close()) }, true, true},
		"taken away": {func(j *journal) { j.must("p-ines")(j.in.Unlink(mole.RoomID)) }, false, false},
		"linked anew": {func(j *journal) {
			j.must("p-ines")(j.in.Unlink(mole.RoomID))
			link(j, "it is not connected")
		}, false, false},
		"back": {func(j *journal) { link(j, "") }, false, false},
		"reopened": {func(j *journal) {
			j.must("p-ines")(j.in.Close())
			j.must("p-ines")(j.in.Reopen())
		}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			j, gap := deaf(t)
			c.then(j)
			var want []incident.Gap
			if c.ends {
				gap.To = j.now
			}
			if c.want {
				want = append(want, gap)
			}
			if diff := cmp.Diff(want, j.in.Unread()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("missed meanwhile", func(t *testing.T) {
		j, gap := deaf(t)
		before := incident.Gap{Room: mole.RoomID, From: gap.From.Add(-time.Minute), To: gap.From.Add(time.Hour), Why: "away"}
		j.record("", j.in.Miss(before)...)
		before.To = gap.From
		if diff := cmp.Diff([]incident.Gap{before, gap}, j.in.Unread()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestNothingIsMissedAfterTheEnd(t *testing.T) {
	j := newJournal(t)
	j.must("p-ines")(j.in.Close())
	gap := incident.Gap{Room: quay.RoomID, From: j.now.Add(-time.Minute), To: j.now.Add(time.Hour), Why: "away"}
	j.record("", j.in.Miss(gap)...)
	gap.To = j.in.Closed
	if diff := cmp.Diff([]incident.Gap{gap}, j.in.Unread()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
