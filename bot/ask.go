package bot

import (
	"context"
	"errors"
	"time"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
)

// invoked runs a command that somebody typed.
func (b *Bot) invoked(ctx context.Context, p chat.Platform, in chat.Invoked) (chat.Reply, error) {
	parsed, err := commands.Parse(in.Line, in.Args)
	if err != nil {
		return chat.Reply{}, err
	}
	return b.ask(ctx, p, question{meta: in.Meta, parsed: parsed, mentions: in.Mentions, on: in.On})
}

// pressed runs the command behind a button.
func (b *Bot) pressed(ctx context.Context, p chat.Platform, in chat.Pressed) (chat.Reply, error) {
	parsed, err := commands.FromButton(in.Action, in.Value)
	if err != nil {
		return chat.Reply{}, err
	}
	return b.ask(ctx, p, question{meta: in.Meta, parsed: parsed, on: &in.On})
}

// submitted runs the command whose arguments a form asked for.
func (b *Bot) submitted(ctx context.Context, p chat.Platform, in chat.Submitted) (chat.Reply, error) {
	state, err := b.formState(ctx, in.State)
	if err != nil {
		return chat.Reply{}, err
	}
	parsed, err := commands.FromForm(state, in.Values)
	if err != nil {
		return chat.Reply{}, err
	}
	return b.ask(ctx, p, question{meta: in.Meta, parsed: parsed})
}

// question is a command and where it came from.
type question struct {
	meta     chat.Meta
	parsed   commands.Parsed
	mentions []chat.User
	on       *chat.Ref
}

// ask runs a command: what the network knows is asked for first, then everything is decided in one transaction.
func (b *Bot) ask(ctx context.Context, p chat.Platform, q question) (chat.Reply, error) {
	if len(q.parsed.Missing) > 0 {
		return b.form(ctx, p, q)
	}
	req, err := b.resolve(ctx, p, q)
	if err != nil {
		return chat.Reply{}, err
	}
	if q.parsed.Command.Reads {
		return b.read(ctx, q, req)
	}
	cause := storage.Cause{Key: key(p.ID(), q.meta.Delivery), Once: true, By: req.By}
	out, err := b.store.Do(ctx, cause, func(tx storage.Tx) (storage.Outcome, error) {
		return b.decide(tx, p, q, req)
	})
	if err != nil {
		return out.Reply, err
	}
	b.relink(ctx)
	return out.Reply, nil
}

// decide runs a command within its transaction.
func (b *Bot) decide(tx storage.Tx, p chat.Platform, q question, req commands.Request) (storage.Outcome, error) {
	if err := b.know(tx, p.ID(), append(q.mentions, q.meta.From)...); err != nil {
		return storage.Outcome{}, err
	}
	for _, person := range req.People {
		if _, there := tx.Person(person.ID); !there {
			if err := tx.PutPerson(person); err != nil {
				return storage.Outcome{}, err
			}
		}
	}
	watched := &watchedTx{Tx: tx}
	req.Tx = watched
	reply, err := req.Answer(q.parsed)
	out := storage.Outcome{Reply: reply, Incident: watched.opened}
	if req.Incident != nil {
		out.Incident = req.Incident.ID
	}
	if err != nil {
		return out, err
	}
	return out, b.remind(tx, watched)
}

// read answers a question that changes nothing, without a transaction.
func (b *Bot) read(ctx context.Context, q question, req commands.Request) (reply chat.Reply, err error) {
	err = b.store.View(ctx, func(r storage.Reader) error {
		req.Tx = readOnly{Reader: r, now: b.clock.Now()}
		reply, err = req.Answer(q.parsed)
		return err
	})
	return reply, err
}

// suggest completes what is being typed. It answers nothing rather than an error: somebody is typing.
func (b *Bot) suggest(ctx context.Context, p chat.Platform, s chat.Suggest) (reply chat.Reply, err error) {
	err = b.store.View(ctx, func(r storage.Reader) error {
		req := b.request(p, s.Meta)
		req.Tx = readOnly{Reader: r, now: b.clock.Now()}
		reply.Choices = commands.Complete(&req, s)
		return nil
	})
	return reply, err
}

// request is a command's surroundings.
func (b *Bot) request(p chat.Platform, meta chat.Meta) commands.Request {
	at := meta.At
	if at.IsZero() {
		at = b.clock.Now()
	}
	settings := b.o.Settings
	settings.Slash = p.Limits().Slash
	here := commands.Here{Announce: b.announceIn(), Summon: b.summoned}
	_, here.MakesRooms = p.(chat.RoomMaker)
	for _, r := range b.o.Reminders {
		here.Reminders = append(here.Reminders, r.Name)
	}
	return commands.Request{By: personID(p.ID(), meta.From), User: meta.From, At: at, Place: meta.Place, Direct: meta.Direct,
		Settings: settings, Here: here}
}

// summoned are those who are configured to come to every incident of a severity.
func (b *Bot) summoned(platform chat.PlatformID, s incident.Severity) []chat.UserID {
	if p, ok := b.platforms[platform].(chat.Summoner); ok {
		return p.Summon(string(s))
	}
	return nil
}

// watchedTx notices what a command did that reminders hang on.
type watchedTx struct {
	storage.Tx
	opened  incident.ID
	touched map[incident.ID]bool
}

func (w *watchedTx) Create(events ...incident.Event) (incident.ID, error) {
	id, err := w.Tx.Create(events...)
	w.opened = id
	w.touch(id)
	return id, err
}

func (w *watchedTx) Append(id incident.ID, events ...incident.Event) error {
	w.touch(id)
	return w.Tx.Append(id, events...)
}

func (w *watchedTx) touch(id incident.ID) {
	if w.touched == nil {
		w.touched = map[incident.ID]bool{}
	}
	w.touched[id] = true
}

// readOnly lets a command that changes nothing read without a transaction. Writing is an error of the program.
type readOnly struct {
	storage.Reader
	now time.Time
}

var errReadOnly = errors.New("a command that is declared to change nothing tried to write")

func (r readOnly) Now() time.Time { return r.now }
func (readOnly) Create(...incident.Event) (incident.ID, error) {
	return 0, errReadOnly
}
func (readOnly) Append(incident.ID, ...incident.Event) error { return errReadOnly }
func (readOnly) Owe(storage.Owed) (chat.EffectID, error)     { return 0, errReadOnly }
func (readOnly) Effect(chat.EffectID) (storage.Owed, error)  { return storage.Owed{}, errReadOnly }
func (readOnly) PutEffect(storage.Owed) error                { return errReadOnly }
func (readOnly) Settle(chat.EffectID) error                  { return errReadOnly }
func (readOnly) PutPerson(storage.Person) error              { return errReadOnly }
func (readOnly) SetCovered(incident.RoomID, time.Time) error { return errReadOnly }
func (readOnly) PutValue(string, []byte, time.Time) error    { return errReadOnly }
func (readOnly) Schedule(storage.Due) error                  { return errReadOnly }
func (readOnly) Unschedule(string) error                     { return errReadOnly }
