package storagetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"boswell/incident"
	"boswell/storage"
)

// testModel runs random transactions against the store and against maps in memory, and compares everything that can be asked.
func testModel(b *bench) {
	at := noon
	rapid.Check(b.T, func(t *rapid.T) {
		m := &model{bench: b, clock: &at, logs: map[incident.ID][]incident.Event{}, answers: map[string]string{}, owed: map[string]bool{},
			claims: map[incident.RoomID]map[incident.ID]time.Time{}}
		m.begin()
		t.Repeat(map[string]func(*rapid.T){
			"transaction": m.transaction,
			"repeat":      m.repeat,
			"reopen":      func(*rapid.T) { b.reopen() },
			"":            m.compare,
		})
	})
	b.verified()
}

// A model is what the store should hold of one round. Rounds share the store; those before left base incidents in it.
type model struct {
	bench   *bench
	base    incident.ID
	clock   *time.Time // of the transaction that ran last; it goes on from round to round
	logs    map[incident.ID][]incident.Event
	answers map[string]string // of commands, by their keys: the reply, or the refusal behind "!"
	owed    map[string]bool
	claims  map[incident.RoomID]map[incident.ID]time.Time // live incidents of a room, and since when
}

// begin settles what earlier rounds left owed and ends what they left open.
func (m *model) begin() {
	m.bench.change(func(tx storage.Tx) error {
		m.base = 0
		for s, err := range tx.Incidents() {
			if err != nil {
				return err
			}
			m.base = s.ID
			break
		}
		for o, err := range tx.Owed(0) {
			if err := errors.Join(err, tx.Settle(o.ID)); err != nil {
				return err
			}
		}
		for live := tx.LiveRooms(); len(live) > 0; live = tx.LiveRooms() {
			for _, id := range live {
				if err := tx.Append(id, incident.Cancelled{}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

var modelRooms = []incident.RoomID{room("roof", ""), room("cellar", ""), room("cellar", "t")}

// An action is one write, on the store and on the model.
type action struct {
	store func(storage.Tx) error
	model func(*model)
}

func (m *model) transaction(t *rapid.T) {
	*m.clock = m.clock.Add(time.Nanosecond)
	cause := storage.Cause{Key: m.clock.String(), Once: rapid.Bool().Draw(t, "once"), By: ann, At: *m.clock}
	end := rapid.SampledFrom([]string{"commit", "commit", "refuse", "break"}).Draw(t, "end")
	var actions []action
	for range rapid.IntRange(0, 4).Draw(t, "actions") {
		actions = append(actions, m.action(t, len(actions)))
	}
	broke := errors.New("broke")
	out, err := m.bench.Do(context.Background(), cause, func(tx storage.Tx) (storage.Outcome, error) {
		for _, a := range actions {
			if err := a.store(tx); err != nil {
				return storage.Outcome{}, err
			}
		}
		return say(end), map[string]error{"refuse": incident.Refusal{Text: end}, "break": broke}[end]
	})
	switch {
	case end == "commit" && err == nil:
		for _, a := range actions {
			a.model(m)
		}
		m.answered(cause, end)
	case end == "refuse" && out.Refused == end:
		m.answered(cause, "!"+end)
	case end != "break" || !errors.Is(err, broke):
		t.Fatalf("%s is answered with %+v, %v", end, out, err)
	}
}

// answered notes what a command is answered with from now on; an observation is answered anew.
func (m *model) answered(cause storage.Cause, answer string) {
	if cause.Once {
		m.answers[cause.Key] = answer
	}
}

func (m *model) action(t *rapid.T, n int) action {
	ids := slices.Sorted(maps.Keys(m.logs))
	kind := "create"
	if len(ids) > 0 {
		kind = rapid.SampledFrom([]string{"create", "status", "link", "unlink", "close", "reopen", "owe", "settle"}).Draw(t, "kind")
	}
	switch kind {
	case "create":
		return m.create(fmt.Sprintf("%s.%d", m.clock, n))
	case "owe":
		return owe(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "effect"))
	case "settle":
		return settle(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "effect"))
	}
	id := rapid.SampledFrom(ids).Draw(t, "incident")
	r := rapid.SampledFrom(modelRooms).Draw(t, "room")
	e := map[string]incident.Event{"status": incident.StatusSet{Text: fmt.Sprint(n)}, "link": linked(r), "unlink": incident.RoomUnlinked{Room: r},
		"close": incident.Closed{}, "reopen": incident.Reopened{}}[kind]
	return action{
		func(tx storage.Tx) error { return tx.Append(id, e) },
		func(m *model) { m.append(id, e) },
	}
}

func (m *model) create(title string) action {
	e := incident.Opened{Title: title}
	return action{
		func(tx storage.Tx) error { _, err := tx.Create(e); return err },
		func(m *model) { m.append(m.base+incident.ID(len(m.logs)+1), e) },
	}
}

func owe(key string) action {
	return action{
		func(tx storage.Tx) error { _, err := tx.Owe(post(key)); return err },
		func(m *model) { m.owed[key] = true },
	}
}

func settle(key string) action {
	return action{
		func(tx storage.Tx) error {
			for o, err := range tx.Owed(0) {
				if err != nil {
					return err
				}
				if o.Key == key {
					return tx.Settle(o.ID)
				}
			}
			return nil
		},
		func(m *model) { delete(m.owed, key) },
	}
}

// append folds the log as a whole before and after, and derives the rooms from that.
func (m *model) append(id incident.ID, e incident.Event) {
	before := m.fold(id)
	m.logs[id] = append(m.logs[id], e)
	now := m.fold(id)
	for _, r := range modelRooms {
		had, has := holds(before, r), holds(now, r)
		if had && !has {
			delete(m.claims[r], id)
		}
		if has && !had {
			if m.claims[r] == nil {
				m.claims[r] = map[incident.ID]time.Time{}
			}
			m.claims[r][id] = *m.clock
		}
	}
}

func holds(in *incident.Incident, r incident.RoomID) bool {
	_, ok := in.Room(r)
	return ok && in.State.Live()
}

func (m *model) fold(id incident.ID) *incident.Incident {
	in := incident.New(id)
	for i, e := range m.logs[id] {
		in.Apply(incident.Record{Incident: id, Seq: uint64(i + 1), By: ann, Event: e})
	}
	return in
}

// repeat sends a command again that was answered.
func (m *model) repeat(t *rapid.T) {
	keys := slices.Sorted(maps.Keys(m.answers))
	if len(keys) == 0 {
		t.Skip("nothing was answered yet")
	}
	key := rapid.SampledFrom(keys).Draw(t, "key")
	out, err := m.bench.Do(context.Background(), storage.Cause{Key: key, Once: true}, func(storage.Tx) (storage.Outcome, error) {
		t.Fatalf("%s ran again", key)
		return storage.Outcome{}, nil
	})
	answer := out.Reply.Text.String()
	if out.Refused != "" {
		answer = "!" + err.Error()
	}
	if !out.Again || answer != m.answers[key] {
		t.Fatalf("%s is answered again with %+v, %v, want %q", key, out, err, m.answers[key])
	}
}

func (m *model) compare(t *rapid.T) {
	err := m.bench.View(context.Background(), func(r storage.Reader) error {
		for id := range m.logs {
			m.compareIncident(t, r, id)
		}
		for _, id := range modelRooms {
			m.compareRoom(t, r, id)
		}
		keys, err := owedKeys(r, 0)
		slices.Sort(keys)
		if want := slices.Sorted(maps.Keys(m.owed)); !slices.Equal(keys, want) {
			t.Fatalf("%v is owed, want %v", keys, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (m *model) compareIncident(t *rapid.T, r storage.Reader, id incident.ID) {
	var events []incident.Event
	for record, err := range r.Records(id, 1) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, record.Event)
	}
	want := m.fold(id)
	in, err := r.Incident(id)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(events, m.logs[id], func(a, b incident.Event) bool { return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) }) {
		t.Fatalf("the log of %s is %v, want %v", id, events, m.logs[id])
	}
	if in.Status() != want.Status() || in.State != want.State || in.Title() != want.Title() || len(in.Rooms) != len(want.Rooms) {
		t.Fatalf("%s is %s, %q, with %d rooms; want %s, %q, %d", id, in.State, in.Status(), len(in.Rooms), want.State, want.Status(), len(want.Rooms))
	}
}

func (m *model) compareRoom(t *rapid.T, r storage.Reader, id incident.RoomID) {
	claims := m.claims[id]
	if len(claims) == 0 && id.Thread != "" {
		claims = m.claims[incident.RoomID{Platform: id.Platform, Channel: id.Channel}]
	}
	// The last to take the room has it; of those who took it in one transaction, the newest incident.
	var want incident.ID
	for i, since := range claims {
		if want == 0 || since.After(claims[want]) || since.Equal(claims[want]) && i > want {
			want = i
		}
	}
	if have, ok := r.InRoom(id); have != want || ok != (want != 0) {
		t.Fatalf("in %v is %s, %t; want %s of %v", id, have, ok, want, claims)
	}
}
