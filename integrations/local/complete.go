package local

import (
	"context"
	"crypto/rand"
	"slices"

	"boswell/chat"
	"boswell/chat/typing"
)

// Complete says what could stand in the place of the last word of a line, which is being typed after Slash. It needs the
// bot's declarations, and for some arguments the bot; without them it has less to say.
func (c *Chat) Complete(ctx context.Context, by chat.UserID, in chat.Place, line string) ([]chat.Choice, error) {
	l := typing.Read(c.Commands(), line)
	choices, err := c.values(ctx, by, in, l)
	if err != nil {
		return nil, err
	}
	for i := range choices {
		choices[i].Value = l.Word(choices[i].Value)
	}
	choices = append(choices, l.Names...)
	return choices[:min(len(choices), MaxChoices)], nil
}

// values are the values that the argument could have.
func (c *Chat) values(ctx context.Context, by chat.UserID, in chat.Place, l typing.Line) ([]chat.Choice, error) {
	switch {
	case l.Field.Suggest:
		return c.suggest(ctx, by, in, l)
	case l.Field.Kind == chat.ArgPerson:
		return c.handles(l.Typed)
	case l.Field.Kind == chat.ArgRoom:
		return c.roomNames(by, l.Typed)
	default:
		return l.Declared(), nil
	}
}

func (c *Chat) handles(typed string) ([]chat.Choice, error) {
	people, err := c.People()
	var all []chat.Choice
	for _, u := range people {
		all = append(all, chat.Choice{Value: "@" + u.Handle, Label: u.Display()})
	}
	return typing.Begun(all, typed), err
}

func (c *Chat) roomNames(by chat.UserID, typed string) ([]chat.Choice, error) {
	rooms, err := c.Rooms(by)
	var all []chat.Choice
	for _, r := range rooms {
		if !r.Direct {
			all = append(all, chat.Choice{Value: "#" + r.Name, Label: r.Name})
		}
	}
	return typing.Begun(all, typed), err
}

// suggest asks the bot, if it runs.
func (c *Chat) suggest(ctx context.Context, by chat.UserID, in chat.Place, l typing.Line) ([]chat.Choice, error) {
	h := c.handler.Load()
	if h == nil {
		return nil, nil
	}
	var meta chat.Meta
	err := c.read(func(s *state) error {
		r, err := s.room(by, in.Channel)
		if err == nil {
			meta = chat.Meta{Delivery: chat.DeliveryID("suggest/" + rand.Text()), At: c.options.Now(), From: s.people[by],
				Place: s.place(r.id, in.Thread), Direct: r.withBot()}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	reply, err := (*h)(ctx, chat.Suggest{Meta: meta, Line: l.Path, Args: l.Args, Field: l.Field.Name, Typed: l.Typed})
	return slices.Clone(reply.Choices), err
}

// Commands are those that the bot has declared.
func (c *Chat) Commands() []chat.Command {
	c.declared.Lock()
	defer c.declared.Unlock()
	return c.commands
}
