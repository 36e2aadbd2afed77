package incident_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"boswell/incident"
)

// A journal keeps the log of one incident as a store does: sealed, chained, each record a second after the one before it.
type journal struct {
	t      failer
	in     *incident.Incident
	stored [][]byte
	head   incident.Hash
	now    time.Time
	causes int
}

// quay is where the incidents of these tests are fought.
var quay = incident.Room{RoomID: incident.RoomID{Platform: "harbour", Channel: "C-quay"}, Name: "#quay"}

// newJournal is the log of an incident that p-ines just opened.
func newJournal(t failer) *journal {
	j := &journal{t: t, in: incident.New(7), now: typedAt}
	j.must("p-ines")(incident.Open(incident.Opening{Title: "The east lock stands open", Room: &quay}))
	return j
}

// record keeps events that one person caused together; nobody is the bot.
func (j *journal) record(by incident.PersonID, events ...incident.Event) {
	j.t.Helper()
	j.causes++
	for _, e := range events {
		j.now = j.now.Add(time.Second)
		j.keep(incident.Record{Incident: 7, Seq: j.in.Head + 1, At: j.now, By: by, Cause: fmt.Sprintf("harbour|D-%d", j.causes), Event: e})
	}
}

func (j *journal) keep(r incident.Record) {
	j.t.Helper()
	r.Prev = j.head
	var salt incident.Salt
	binary.BigEndian.PutUint64(salt[:], r.Seq)
	stored, sum, err := incident.Seal(r, salt)
	if err != nil {
		j.t.Fatalf("seal %#v: %v", r.Event, err)
	}
	j.stored, j.head = append(j.stored, stored), sum
	j.in.Apply(r)
}

// must records what a decision yields, and fails if it was refused.
func (j *journal) must(by incident.PersonID) func(events []incident.Event, err error) {
	return func(events []incident.Event, err error) {
		j.t.Helper()
		if err != nil {
			j.t.Fatalf("refused: %v", err)
		}
		j.record(by, events...)
	}
}

// see records what was observed. The bot is who tells.
func (j *journal) see(s incident.Sighting) []incident.Event {
	j.t.Helper()
	if s.At.IsZero() {
		s.At = j.now
	}
	events := j.in.Observe(s)
	j.record("", events...)
	return events
}

// note records a note and gives its handle.
func (j *journal) note(n incident.Note) incident.EntryID {
	j.t.Helper()
	if n.Said.IsZero() {
		n.Said = j.now
	}
	events, err := j.in.Note(n)
	j.must("p-ines")(events, err)
	return events[0].(incident.Noted).Entry
}

// reread is the incident that the stored log adds up to, its chain checked.
func (j *journal) reread() *incident.Incident {
	j.t.Helper()
	in, prev := incident.New(7), incident.Hash{}
	for n, stored := range j.stored {
		r, sum, err := incident.Unseal(bytes.Clone(stored))
		if err != nil || r.Prev != prev || r.Seq != uint64(n)+1 {
			j.t.Fatalf("record %d: seq %d, chained %v, error %v", n+1, r.Seq, r.Prev == prev, err)
		}
		in.Apply(r)
		prev = sum
	}
	return in
}

// texts are the texts of the timeline, in its order.
func texts(in *incident.Incident) []string {
	var all []string
	for _, e := range in.Timeline() {
		all = append(all, e.Text)
	}
	return all
}
