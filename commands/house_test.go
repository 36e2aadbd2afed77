package commands_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
	"boswell/storage/bolt"
)

// A house is a real store with a few rooms and people around it. What is owed to them is done at once and kept in order.
type house struct {
	t        *testing.T
	store    storage.Store
	now      time.Time
	settings commands.Settings
	here     commands.Here
	message  string // what the message says that commands refer to
	guests   map[string]bool
	direct   bool        // commands are given in direct messages
	broken   incident.ID // whose records cannot be read
	hold     bool        // what is owed waits
	asked    int
	sent     []sending
	posts    int
}

// sending is an effect that was done, and where.
type sending struct {
	room   string
	effect chat.Effect
}

const (
	platform = "acme"
	ops      = "ops"
	alerts   = "alerts"
	news     = "news"
)

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2024, time.March, 21, 14, 30, 0, 0, time.UTC), guests: map[string]bool{}}
	store, err := bolt.Open(t.TempDir(), bolt.Options{Clock: func() time.Time { return h.now }, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	h.store = store
	h.settings = commands.Settings{Slash: "/incident"}
	h.here = commands.Here{MakesRooms: true, Announce: place(news), Reminders: []string{"commander", "update"}}
	return h
}

func place(room string) chat.Place {
	return chat.Place{Platform: platform, Channel: chat.ChannelID(room)}
}

func roomID(room string) incident.RoomID {
	return incident.RoomID{Platform: platform, Channel: room}
}

func person(name string) storage.Person {
	return storage.Person{ID: incident.PersonID("p-" + strings.ToLower(name)), Name: name,
		Accounts: []storage.Account{{Platform: platform, User: chat.UserID(name), Handle: strings.ToLower(name)}}}
}

// title is a name from a handle.
func title(handle string) string { return strings.ToUpper(handle[:1]) + handle[1:] }

// ask gives a command and does what is owed afterwards.
func (h *house) ask(who, where, line string) (chat.Reply, error) {
	h.t.Helper()
	p, err := commands.Parse(line, nil)
	if err != nil {
		return chat.Reply{}, err
	}
	return h.run(who, where, p)
}

// press presses a button of an answer.
func (h *house) press(who, where string, b chat.Button) (chat.Reply, error) {
	h.t.Helper()
	p, err := commands.FromButton(b.Action, b.Value)
	if err != nil {
		return chat.Reply{}, err
	}
	return h.run(who, where, p)
}

func (h *house) run(who, where string, p commands.Parsed) (chat.Reply, error) {
	h.t.Helper()
	if len(p.Missing) > 0 {
		form := commands.FormFor(p, h.settings.Slash)
		return chat.Reply{Form: &form}, nil
	}
	h.asked++
	cause := storage.Cause{Key: fmt.Sprint("ask/", h.asked), Once: true, By: person(who).ID}
	errRehearsed := errors.New("rehearsed")
	var rehearsed chat.Reply
	// The function may run again, so it is rehearsed: both runs must answer the same.
	for _, rehearse := range []bool{true, false} {
		out, err := h.store.Do(context.Background(), cause, func(tx storage.Tx) (storage.Outcome, error) {
			reply, err := h.decide(tx, who, where, p)
			if rehearse && err == nil {
				rehearsed = reply
				return storage.Outcome{}, errRehearsed
			}
			return storage.Outcome{Reply: reply}, err
		})
		switch {
		case errors.Is(err, errRehearsed):
		case err != nil:
			return out.Reply, err
		case fmt.Sprint(out.Reply) != fmt.Sprint(rehearsed):
			h.t.Errorf("%s answered %v, and the second time %v", p.Line(), rehearsed, out.Reply)
		default:
			if h.hold {
				return out.Reply, nil
			}
			return out.Reply, h.deliver()
		}
	}
	return chat.Reply{}, errors.New("not run")
}

// decide is what happens within the transaction: everything is resolved, then the command runs.
func (h *house) decide(tx storage.Tx, who, where string, p commands.Parsed) (chat.Reply, error) {
	req := h.request(withDamage{tx, h.broken}, who, where)
	req.Text = p.Text
	if err := tx.PutPerson(person(who)); err != nil {
		return chat.Reply{}, err
	}
	for _, a := range p.Command.Args {
		typed, given := p.Text[a.Name]
		switch {
		case !given:
		case a.Kind == chat.ArgPerson && typed != incident.Clear && typed != "me":
			someone := person(title(strings.TrimPrefix(typed, "@")))
			req.People[a.Name] = someone
			if err := tx.PutPerson(someone); err != nil {
				return chat.Reply{}, err
			}
		case a.Kind == chat.ArgPeople:
			for _, word := range strings.Fields(typed) {
				handle := strings.TrimPrefix(word, "@")
				req.Users[a.Name] = append(req.Users[a.Name], chat.User{ID: chat.UserID(title(handle)), Name: title(handle), Group: handle == "sre"})
			}
		case a.Kind == chat.ArgRoom:
			req.Rooms[a.Name] = roomNamed(typed)
		case a.Kind == chat.ArgMessage:
			req.Messages[a.Name] = incident.Content{Text: h.message}
		}
	}
	return req.Answer(p)
}

func (h *house) request(tx storage.Tx, who, where string) commands.Request {
	user := chat.User{ID: chat.UserID(who), Name: who, Handle: strings.ToLower(who), Guest: h.guests[who]}
	return commands.Request{Tx: tx, By: person(who).ID, User: user, At: h.now, Place: place(where), Direct: h.direct,
		People: map[chat.FieldID]storage.Person{}, Users: map[chat.FieldID][]chat.User{}, Messages: map[chat.FieldID]incident.Content{}, Settings: h.settings, Here: h.here,
		Rooms: map[chat.FieldID]incident.Room{commands.FieldHere: {RoomID: roomID(where), Name: "#" + where}}}
}

// withDamage is a transaction in which one incident cannot be read.
type withDamage struct {
	storage.Tx
	broken incident.ID
}

func (d withDamage) Incident(id incident.ID) (*incident.Incident, error) {
	if id == d.broken {
		return nil, fmt.Errorf("%w: record 2 of %s", storage.ErrDamaged, id)
	}
	return d.Tx.Incident(id)
}

func roomNamed(typed string) incident.Room {
	if other, name, away := strings.Cut(typed, ":"); away {
		return incident.Room{RoomID: incident.RoomID{Platform: other, Channel: name}, Name: name, Unreadable: other + " is not connected"}
	}
	name := strings.TrimPrefix(typed, "#")
	return incident.Room{RoomID: roomID(name), Name: "#" + name}
}

// must gives a command that is expected to be answered, and returns the answer as people read it.
func (h *house) must(who, where, line string) string {
	h.t.Helper()
	reply, err := h.ask(who, where, line)
	if err != nil {
		h.t.Fatalf("%s: %v", line, err)
	}
	return shown(reply)
}

// shown is a reply as people read it.
func shown(r chat.Reply) string {
	text := r.Text.String()
	for _, row := range r.Rows {
		text += "\n" + row.Label + ": " + row.Text.String()
	}
	for _, b := range r.Buttons {
		text += "\n[" + b.Label + "]"
	}
	for _, menu := range r.Menus {
		text += "\n[" + menu.Label + ":"
		for _, o := range menu.Options {
			text += " " + o.Label + " |"
		}
		text = strings.TrimSuffix(text, " |") + "]"
	}
	if r.Form != nil {
		text += "\nform: " + r.Form.Title
	}
	return text
}

// says fails unless the answer to a command says all of these.
func (h *house) says(who, where, line string, want ...string) {
	h.t.Helper()
	got := h.must(who, where, line)
	for _, w := range want {
		if !strings.Contains(got, w) {
			h.t.Errorf("%s: the answer lacks %q:\n%s", line, w, got)
		}
	}
}

// refuses fails unless a command is refused with all of these words, and changes nothing.
func (h *house) refuses(who, where, line string, want ...string) {
	h.t.Helper()
	before := h.logs()
	reply, err := h.ask(who, where, line)
	var r incident.Refusal
	if !errors.As(err, &r) {
		h.t.Errorf("%.80s: answered %q and %v, want a refusal", line, shown(reply), err)
		return
	}
	for _, w := range want {
		if !strings.Contains(r.Text, w) {
			h.t.Errorf("%.80s: the refusal %q does not say %q", line, r.Text, w)
		}
	}
	if after := h.logs(); after != before {
		h.t.Errorf("%.80s was refused, but the logs grew from %s to %s", line, before, after)
	}
}

// logs says how long all logs are.
func (h *house) logs() string {
	h.t.Helper()
	text := ""
	h.view(func(r storage.Reader) error {
		for s, err := range r.Incidents() {
			if err != nil {
				return err
			}
			seq, _, err := r.Head(s.ID)
			if err != nil {
				return err
			}
			text += fmt.Sprintf("%s:%d ", s.ID, seq)
		}
		return nil
	})
	return text
}

func (h *house) view(fn func(storage.Reader) error) {
	h.t.Helper()
	if err := h.store.View(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) incident(id incident.ID) (in *incident.Incident) {
	h.t.Helper()
	h.view(func(r storage.Reader) (err error) {
		in, err = r.Incident(id)
		return err
	})
	return in
}

// took returns what was sent since it was last asked.
func (h *house) took() []sending {
	sent := h.sent
	h.sent = nil
	return sent
}

// kinds are the effects as words: "post ops".
func kinds(sent []sending) []string {
	var words []string
	for _, s := range sent {
		words = append(words, chat.EffectKind(s.effect)+" "+s.room)
	}
	return words
}

// expectSent fails unless exactly these effects were sent since it was last asked, in whatever order.
func (h *house) expectSent(want ...string) []sending {
	h.t.Helper()
	sent := h.took()
	got := kinds(sent)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		h.t.Errorf("sent %q, want %q", got, want)
	}
	return sent
}

// started is a house with an incident in #ops.
func started(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.must("Ada", ops, "start Checkout answers 500")
	h.took()
	return h
}

// records are the records of an incident.
func records(t *testing.T, h *house, id incident.ID) iter.Seq2[incident.Record, error] {
	t.Helper()
	return func(yield func(incident.Record, error) bool) {
		h.view(func(r storage.Reader) error {
			for record, err := range r.Records(id, 1) {
				if !yield(record, err) {
					break
				}
			}
			return nil
		})
	}
}

func headOf(h *house, id incident.ID) (hash string) {
	h.t.Helper()
	h.view(func(r storage.Reader) error {
		_, head, err := r.Head(id)
		hash = head.String()
		return err
	})
	return hash
}

// owed is what waits, in its order.
func (h *house) owed() (all []storage.Owed) {
	h.t.Helper()
	h.view(func(r storage.Reader) error {
		for o, err := range r.Owed(0) {
			if err != nil {
				return err
			}
			all = append(all, o)
		}
		return nil
	})
	return all
}

// forget drops what is owed, as if it could not be done.
func (h *house) forget() {
	h.t.Helper()
	waiting := h.owed()
	_, err := h.store.Do(context.Background(), storage.Cause{Key: "forget"}, func(tx storage.Tx) (storage.Outcome, error) {
		for _, o := range waiting {
			if err := tx.Settle(o.ID); err != nil {
				return storage.Outcome{}, err
			}
		}
		return storage.Outcome{}, nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}
