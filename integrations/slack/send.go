package slack

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// metadataType marks the messages that carry a key. Any app in the channel can read it, so a key is no secret.
const metadataType = "boswell_post"

// Post sends a message, with its key in the metadata, where Find looks for it. A public channel that the bot is not in is
// entered first.
func (p *Platform) Post(ctx context.Context, key string, to chat.Place, m chat.Message) (chat.Ref, error) {
	if err := sendable(m); err != nil {
		return chat.Ref{}, err
	}
	options := append(content(m), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	if key != "" {
		options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType,
			EventPayload: map[string]any{"key": key}}))
	}
	if to.Thread != "" {
		options = append(options, slack.MsgOptionTS(string(to.Thread)))
	}
	if err := p.pace.wait(ctx, string(to.Channel)); err != nil {
		return chat.Ref{}, chat.Temporary(err, 0)
	}
	var channel, ts string
	err := p.joined(ctx, string(to.Channel), func() (err error) {
		channel, ts, err = p.api.PostMessageContext(ctx, string(to.Channel), options...)
		return err
	})
	if err != nil {
		return chat.Ref{}, p.sorted("post a message", err)
	}
	p.echoes.posted(p.o.Now())
	return p.ref(channel, ts), nil
}

// sendable refuses what Slack would refuse or cut.
func sendable(m chat.Message) error {
	if n := utf8.RuneCountInString(m.Text.String()); n > textMost {
		return chat.Final(fmt.Errorf("a text of %d characters", n), forPeople["msg_too_long"])
	}
	if n := len(m.Menus); n > menusMost || slices.ContainsFunc(m.Menus, func(menu chat.Menu) bool { return len(menu.Options) == 0 }) {
		return chat.Final(fmt.Errorf("%d menus", n), fmt.Sprintf("A message takes %d menus from me, each with something to choose. Leave the others out.", menusMost))
	}
	if len(blocks(m)) == 0 {
		return chat.Final(errors.New("an empty message"), forPeople["no_text"])
	}
	return nil
}

func content(m chat.Message) []slack.MsgOption {
	return []slack.MsgOption{slack.MsgOptionText(fallback(m), false), slack.MsgOptionBlocks(blocks(m)...)}
}

// Edit replaces a message of the bot's.
func (p *Platform) Edit(ctx context.Context, on chat.Ref, m chat.Message) error {
	if err := sendable(m); err != nil {
		return err
	}
	_, _, _, err := p.api.UpdateMessageContext(ctx, string(on.Channel), string(on.Message), content(m)...)
	return p.sorted("edit a message", err)
}

// Whisper shows a message to one person in a channel; in a direct conversation, where nobody else is, it is posted. It is
// not kept by Slack.
func (p *Platform) Whisper(ctx context.Context, to chat.Place, user chat.UserID, m chat.Message) error {
	if direct(string(to.Channel)) {
		_, err := p.Post(ctx, "", to, m)
		return err
	}
	if err := sendable(m); err != nil {
		return err
	}
	options := content(m)
	if to.Thread != "" {
		options = append(options, slack.MsgOptionTS(string(to.Thread)))
	}
	err := p.joined(ctx, string(to.Channel), func() error {
		_, err := p.api.PostEphemeralContext(ctx, string(to.Channel), string(user), options...)
		return err
	})
	return p.sorted("whisper", err)
}

// Direct opens the conversation with one person.
func (p *Platform) Direct(ctx context.Context, user chat.UserID) (chat.Place, error) {
	c, _, _, err := p.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{string(user)}})
	if err != nil {
		return chat.Place{}, p.sorted("open a direct conversation", err)
	}
	return p.place(c.ID, ""), nil
}

// React sets a reaction of the bot's, or takes it back.
func (p *Platform) React(ctx context.Context, on chat.Ref, emoji string, set bool) error {
	name, ok := nameOfEmoji(emoji)
	if !ok {
		return chat.Final(fmt.Errorf("no Slack name for the emoji %q", emoji), "Slack does not know the emoji "+emoji+".")
	}
	item := slack.NewRefToMessage(string(on.Channel), string(on.Message))
	if set {
		return p.sorted("react", p.joined(ctx, string(on.Channel), func() error {
			return ignore(p.api.AddReactionContext(ctx, name, item), "already_reacted")
		}))
	}
	return p.sorted("take a reaction back", ignore(p.api.RemoveReactionContext(ctx, name, item), "no_reaction"))
}

// Pin pins or unpins a message.
func (p *Platform) Pin(ctx context.Context, on chat.Ref, set bool) error {
	item := slack.NewRefToMessage(string(on.Channel), string(on.Message))
	if set {
		return p.sorted("pin", ignore(p.api.AddPinContext(ctx, string(on.Channel), item), "already_pinned"))
	}
	return p.sorted("unpin", ignore(p.api.RemovePinContext(ctx, string(on.Channel), item), "not_pinned", "no_pin"))
}

// findBack is how much earlier than an effect was promised its message is looked for: clocks differ.
const findBack = time.Minute

// Find looks for the message that carries a key, among those of the bot since a moment.
func (p *Platform) Find(ctx context.Context, key string, to chat.Place, since time.Time) (chat.Ref, bool, error) {
	return p.findOwn(ctx, to, since, func(m wireMessage) (bool, error) {
		return m.Metadata.EventType == metadataType && m.Metadata.Payload.Key == key, nil
	})
}

// findOwn looks for a message among those of the bot in a channel or thread since a moment.
func (p *Platform) findOwn(ctx context.Context, to chat.Place, since time.Time, wanted func(wireMessage) (bool, error)) (chat.Ref, bool, error) {
	me, err := p.self(ctx)
	if err != nil {
		return chat.Ref{}, false, err
	}
	method, args := "conversations.history", url.Values{"channel": {string(to.Channel)},
		"oldest": {stamp(since.Add(-findBack))}, "include_all_metadata": {"true"}}
	if to.Thread != "" {
		method = "conversations.replies"
		args.Set("ts", string(to.Thread))
	}
	var found string
	err = p.pages(ctx, method, args, func(page *listPage) error {
		for _, m := range page.Messages {
			if m.BotID != me.bot && m.User != me.user {
				continue
			}
			if yes, err := wanted(m); err != nil {
				return err
			} else if yes {
				found = m.TS
				return errEnough
			}
		}
		return nil
	})
	if c := code(err); c == "not_in_channel" || c == "thread_not_found" || strings.HasSuffix(c, "channel_not_found") {
		return chat.Ref{}, false, nil // where nothing can be seen, nothing was posted
	}
	return p.ref(string(to.Channel), found), found != "", p.sorted("look for a message", err)
}
