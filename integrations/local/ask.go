package local

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"boswell/chat"
)

// What people can ask of the bot. A Key, if any, makes the same call again wait for the same answer instead of asking
// twice.
type (
	// Typing is a command: Line is what stands after Slash, On the message that it is called on. In a thread, that is the
	// message that the thread is about unless On says otherwise.
	Typing struct {
		Key  string
		By   chat.UserID
		To   chat.Place
		Line string
		On   *chat.Ref
	}
	// Pressing is a button of a message, or the option of one of its menus.
	Pressing struct {
		Key    string
		By     chat.UserID
		On     chat.Ref
		Action chat.ActionID
		Value  string
	}
	// Filling is the form of a message, filled in. A form is sent once, unless it is refused.
	Filling struct {
		Key    string
		By     chat.UserID
		On     chat.Ref
		Values map[chat.FieldID]string
	}
	// Calling is an action from the menu of a message.
	Calling struct {
		Key    string
		By     chat.UserID
		On     chat.Ref
		Action chat.ActionID
	}
)

// An Answer is what the one who asked was shown: nothing where the bot had nothing to say.
type Answer struct {
	Messages []Message
	// Public says that everybody in the room sees it.
	Public bool
	// Refused says that the bot did not do what was asked for: it refused, or asks for more with a form.
	Refused bool

	problem string // with the form that was sent
}

// Type gives the bot a command and waits for the answer. If ctx is done before, the command stands all the same, and its
// answer will be shown in the room.
func (c *Chat) Type(ctx context.Context, t Typing) (Answer, error) {
	id, err := c.typed(ctx, t)
	if err != nil {
		return Answer{}, err
	}
	return c.await(ctx, t.By, id)
}

func (c *Chat) typed(ctx context.Context, t Typing) (chat.DeliveryID, error) {
	line, err := checkText(t.Line, true)
	if err != nil {
		return "", err
	}
	on := chat.MessageID(t.To.Thread)
	if t.On != nil {
		on = t.On.Message
	}
	return c.ask(ctx, t.By, t.Key, func(d *draft) error {
		r, err := d.state.askable(t.By, t.To.Channel)
		if err != nil {
			return err
		}
		if err := r.hasThread(t.By, t.To.Thread); err != nil {
			return err
		}
		if on != "" {
			if _, err := d.state.visible(t.By, *d.state.onto(r.id, on)); err != nil {
				return err
			}
		}
		d.add(typed{asking: d.asking(r.id, t.To.Thread, t.By, t.Key), Line: strings.TrimSpace(line), On: on})
		return nil
	})
}

// Press presses a button, or picks the option of a menu, and waits for the answer.
func (c *Chat) Press(ctx context.Context, p Pressing) (Answer, error) {
	id, err := c.ask(ctx, p.By, p.Key, func(d *draft) error {
		m, err := d.state.asked(p.By, p.On)
		if err != nil {
			return err
		}
		if !offers(m.content, p) {
			return gone("That button is no longer there. Look at the message again.")
		}
		d.add(pressed{asking: d.asking(m.room, m.thread, p.By, p.Key), On: m.id, Action: p.Action, Value: p.Value})
		return nil
	})
	if err != nil {
		return Answer{}, err
	}
	return c.await(ctx, p.By, id)
}

// offers says that a message has a button, or an option of a menu, like the one that is pressed.
func offers(m chat.Message, p Pressing) bool {
	same := func(b chat.Button) bool { return b.Action == p.Action && b.Value == p.Value }
	return slices.ContainsFunc(m.Buttons, same) ||
		slices.ContainsFunc(m.Menus, func(menu chat.Menu) bool { return slices.ContainsFunc(menu.Options, same) })
}

// Submit sends a form and waits for the answer. What is missing, does not fit or is refused by the bot is a *Problem, and the
// form can be sent again.
func (c *Chat) Submit(ctx context.Context, f Filling) (Answer, error) {
	id, err := c.ask(ctx, f.By, f.Key, func(d *draft) error {
		m, err := d.state.asked(f.By, f.On)
		if err != nil {
			return err
		}
		if m.form == nil || m.sent {
			return gone("That form was sent already. Ask for it again.")
		}
		values, err := filled(m.form, f.Values)
		if err != nil {
			return err
		}
		d.add(submitted{asking: d.asking(m.room, m.thread, f.By, f.Key), On: m.id, Action: m.form.Action,
			State: m.form.State, Values: values})
		return nil
	})
	if err != nil {
		return Answer{}, err
	}
	answer, err := c.await(ctx, f.By, id)
	if err == nil && answer.problem != "" {
		err = problem("%s", answer.problem)
	}
	return answer, err
}

// filled are the values of a form that its fields allow, without empty ones.
func filled(form *chat.Form, values map[chat.FieldID]string) (map[chat.FieldID]string, error) {
	values, kept := maps.Clone(values), map[chat.FieldID]string{}
	for _, f := range form.Fields {
		value := strings.ReplaceAll(strings.ToValidUTF8(values[f.ID], "�"), "\r\n", "\n")
		delete(values, f.ID)
		limit := f.Max
		if limit == 0 {
			limit = MaxText
		}
		choice := func(c chat.Choice) bool { return c.Value == value }
		switch n := utf8.RuneCountInString(value); {
		case n > limit:
			return nil, problem("%s takes %d characters and has %d. Shorten it.", f.Label, limit, n)
		case strings.TrimSpace(value) == "" && f.Required:
			return nil, problem("%s is missing. Fill it in.", f.Label)
		case value == "":
		case f.Kind == chat.FormChoice && !slices.ContainsFunc(f.Choices, choice):
			return nil, problem("%q is none of the choices of %s. Choose one.", clip(value, maxName), f.Label)
		default:
			kept[f.ID] = value
		}
	}
	for id := range values {
		return nil, problem("The form has no field %q. Load it again.", clip(string(id), maxName))
	}
	return kept, nil
}

// Call calls an action on a message and waits for the answer.
func (c *Chat) Call(ctx context.Context, l Calling) (Answer, error) {
	id, err := c.ask(ctx, l.By, l.Key, func(d *draft) error {
		m, err := d.state.asked(l.By, l.On)
		if err != nil {
			return err
		}
		if m.to != "" {
			return errOnlyYou
		}
		d.add(called{asking: d.asking(m.room, m.thread, l.By, l.Key), On: m.id, Action: l.Action})
		return nil
	})
	if err != nil {
		return Answer{}, err
	}
	return c.await(ctx, l.By, id)
}

// askable is a room that a person sees, where the bot hears them.
func (s *state) askable(by chat.UserID, id chat.ChannelID) (*room, error) {
	r, err := s.writable(by, id)
	if err == nil && !r.has(Boswell) {
		return nil, problem("Boswell is not in this room. Bring it in, or ask in another one.")
	}
	return r, err
}

// asked is a message that a person sees, in a room where the bot hears them.
func (s *state) asked(by chat.UserID, on chat.Ref) (*message, error) {
	m, err := s.visible(by, on)
	if err != nil {
		return nil, err
	}
	_, err = s.askable(by, m.room)
	return m, err
}

func (d *draft) asking(room chat.ChannelID, thread chat.ThreadID, by chat.UserID, key string) asking {
	return asking{inRoom: inRoom{room}, Thread: thread, By: by, Key: personal(by, key)}
}

// ask makes a question happen, unless the same one was asked before, and names its delivery. decide adds one thing.
func (c *Chat) ask(ctx context.Context, by chat.UserID, key string, decide func(*draft) error) (chat.DeliveryID, error) {
	var id chat.DeliveryID
	err := c.do(ctx, func(d *draft) error {
		if known, ok := d.state.askKeys[personal(by, key)]; ok {
			id = known
			return nil
		}
		id = chat.DeliveryID(number(d.state.seq + 1))
		return decide(d)
	})
	return id, err
}

// await waits until the bot has answered, and says what it showed.
func (c *Chat) await(ctx context.Context, by chat.UserID, id chat.DeliveryID) (Answer, error) {
	var answer Answer
	for {
		var done chan struct{}
		err := c.read(func(s *state) error {
			a := s.asks[id]
			if done = a.done; a.ended {
				done, answer = nil, s.answerFor(by, a)
			}
			return nil
		})
		if err != nil || done == nil {
			return answer, err
		}
		select {
		case <-done:
		case <-c.closing:
			return Answer{}, ErrClosed
		case <-ctx.Done():
			return Answer{}, fmt.Errorf("the bot has not answered yet: %w", ctx.Err())
		}
	}
}

func (s *state) answerFor(by chat.UserID, a *ask) Answer {
	answer := Answer{Public: a.public, Refused: a.refused, problem: a.problem}
	for _, m := range a.shown {
		if m.shows(by) {
			answer.Messages = append(answer.Messages, s.view(by, m))
		}
	}
	return answer
}
