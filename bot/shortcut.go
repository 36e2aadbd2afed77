package bot

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
)

// shortcut tags the message that it was called on.
func (b *Bot) shortcut(ctx context.Context, p chat.Platform, in chat.Shortcut) (chat.Reply, error) {
	tag := incident.TagTimeline
	if in.Action == chat.ActionSupporting {
		tag = incident.TagSupporting
	}
	id, linked := b.links.in(in.On)
	if !linked {
		return chat.Reply{}, incident.Refuse("No incident is under way in this room. `%s start <title>` opens one.", p.Limits().Slash)
	}
	s := sight{ref: in.On, by: in.From, said: in.Message, tags: []incident.SeenTag{{
		Tag: tag, Way: incident.WayShortcut, Person: personID(p.ID(), in.From), At: in.At}}}
	if err := b.observe(ctx, id, in.Meta, s); err != nil {
		return chat.Reply{}, err
	}
	return b.added(ctx, id, in.On, tag, p.Limits().Slash)
}

// added says what a message became.
func (b *Bot) added(ctx context.Context, id incident.ID, on chat.Ref, tag incident.Tag, slash string) (reply chat.Reply, err error) {
	err = b.store.View(ctx, func(r storage.Reader) error {
		in, err := r.Incident(id)
		if err != nil {
			return err
		}
		if tag == incident.TagSupporting {
			reply.Text = chat.Say(fmt.Sprintf("Added to the supporting information of %s.", id))
			return nil
		}
		entry, _ := in.EntryOf(messageOf(on))
		reply.Text = chat.Say(fmt.Sprintf("Added to the timeline of %s as %s.", id, entry))
		reply.Buttons = []chat.Button{commands.EditButton(id, entry, slash)}
		return nil
	})
	return reply, err
}

// offerMessage asks whether tags that are older than the link of a room count.
func offerMessage(id incident.ID, n int, since time.Time, slash string) chat.Message {
	messages := strconv.Itoa(n) + " tagged messages"
	if n == 1 {
		messages = "one tagged message"
	}
	return chat.Message{
		Text: chat.Say(fmt.Sprintf("I found %s here since %s UTC, from before %s. Shall the timeline have them?",
			messages, since.UTC().Format("2006-01-02 15:04"), id)),
		Buttons: []chat.Button{commands.TakeButton(id, slash)},
	}
}
