package bolt

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"boswell/incident"
	"boswell/storage"
)

// A tip is where the log of an incident ends.
type tip struct {
	seq    uint64
	erased uint64 // how many of its records were erased: with seq, it names one state of the log
	hash   incident.Hash
	at     time.Time
	closed time.Time // when the incident was closed or cancelled; zero while it is live
}

// tipSize is how many bytes of a head are its tip.
const tipSize = 2*numberSize + hashSize + 2*timeSize

// encodeHead puts a summary, as encodeSummary gave it, behind a tip.
func encodeHead(t tip, summary []byte) []byte {
	b := make([]byte, 0, tipSize+len(summary))
	b = binary.BigEndian.AppendUint64(b, t.seq)
	b = binary.BigEndian.AppendUint64(b, t.erased)
	b = append(b, t.hash[:]...)
	return append(appendTime(appendTime(b, t.at), t.closed), summary...)
}

func encodeSummary(s storage.Summary) ([]byte, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("the summary of %s: %w", s.ID, err)
	}
	return text, nil
}

func decodeTip(head []byte) (t tip, summary []byte, err error) {
	if len(head) < tipSize {
		return t, nil, fmt.Errorf("%w: the head of a log has %d bytes", storage.ErrDamaged, len(head))
	}
	t.seq = binary.BigEndian.Uint64(head)
	t.erased = binary.BigEndian.Uint64(head[numberSize:])
	rest := head[2*numberSize:]
	rest = rest[copy(t.hash[:], rest):]
	if t.at, rest, err = cutTime(rest); err != nil {
		return t, nil, err
	}
	t.closed, summary, err = cutTime(rest)
	return t, summary, err
}

func decodeSummary(head []byte) (s storage.Summary, err error) {
	_, text, err := decodeTip(head)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("%w: the summary of an incident: %v", storage.ErrDamaged, err)
	}
	return s, nil
}

// summarize is what a list shows of an incident.
func summarize(in *incident.Incident) storage.Summary {
	s := storage.Summary{
		ID: in.ID, Number: in.Number, Title: in.Title(), State: in.State, Status: in.Status(), Severity: in.Severity,
		Drill: in.Drill, Private: in.Private, Opened: in.Opened, Closed: in.Closed,
		Commander: in.Holder(incident.Commander),
	}
	for _, r := range in.Rooms {
		s.Platforms = append(s.Platforms, r.Platform)
	}
	slices.Sort(s.Platforms)
	s.Platforms = slices.Compact(s.Platforms)
	if len(in.Responders) > 0 {
		s.Responders = make(map[incident.PersonID]string, len(in.Responders))
	}
	for _, r := range in.Responders {
		s.Responders[r.Person] = currentRoles(r)
	}
	return s
}

func currentRoles(r incident.Responder) string {
	var names []string
	for _, span := range r.Roles {
		if span.To.IsZero() {
			names = append(names, string(span.Role))
		}
	}
	return strings.Join(names, ", ")
}

// shown is what the summary of an incident follows from, to be compared quickly: most records change nothing of it.
type shown struct {
	words      words
	rooms      []incident.Room
	responders []incident.Responder
}

type words struct {
	number         int
	title, status  string
	state          incident.State
	severity       incident.Severity
	drill, private bool
	opened, closed time.Time
}

func show(in *incident.Incident) shown {
	return shown{words{in.Number, in.Title(), in.Status(), in.State, in.Severity, in.Drill, in.Private, in.Opened, in.Closed}, in.Rooms, in.Responders}
}

// same may be wrong when it says no; the lists of an incident are never changed in place.
func (s shown) same(o shown) bool {
	return s.words == o.words && same(s.rooms, o.rooms) && same(s.responders, o.responders)
}

// same says that two lists are one slice.
func same[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
