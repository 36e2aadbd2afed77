package local

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"boswell/chat"
)

// A Saying is a message to be posted.
type Saying struct {
	// Key, if any, makes the same call again return the same message.
	Key string
	By  chat.UserID
	// Alias is the name to show instead; for bots that carry what others say.
	Alias string
	// To is the room, or a thread of it: a thread bears the name of the message that it is about.
	To    chat.Place
	Text  string
	Files []Attachment
}

// Say posts a message and lets its author enter the room. A text that begins with Slash is not posted: it is the command
// that it says, for which Say does not wait, and the Ref is then empty. One that nearly does is a *Problem.
func (c *Chat) Say(ctx context.Context, s Saying) (chat.Ref, error) {
	text, err := checkText(s.Text, len(s.Files) > 0)
	if err != nil {
		return chat.Ref{}, err
	}
	if line, ok := slashed(text); ok && len(s.Files) == 0 {
		_, err := c.typed(ctx, Typing{Key: s.Key, By: s.By, To: s.To, Line: line})
		return chat.Ref{}, err
	}
	if meant := c.meant(text); meant != "" && len(s.Files) == 0 {
		return chat.Ref{}, problem("There is no such command. Did you mean %s? A blank before it posts it as it stands.", meant)
	}
	files, err := c.keep(s.Files)
	if err != nil {
		return chat.Ref{}, err
	}
	var ref chat.Ref
	err = c.do(ctx, func(d *draft) error {
		ref, err = d.say(s, text, files)
		return err
	})
	return ref, err
}

// checkText is a text as it is kept: line breaks are "\n", and every character is one.
func checkText(text string, mayBeEmpty bool) (string, error) {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\r\n", "\n")
	if n := utf8.RuneCountInString(text); n > MaxText {
		return "", problem("That message has %d characters, and %d fit. Send it in parts, or as a file.", n, MaxText)
	}
	if strings.TrimSpace(text) == "" && !mayBeEmpty {
		return "", problem("That message is empty. Write something.")
	}
	return text, nil
}

func (d *draft) say(s Saying, text string, files []chat.File) (chat.Ref, error) {
	key := personal(s.By, s.Key)
	if ref, ok := d.state.messageKeys[key]; ok {
		return ref, nil
	}
	r, err := d.state.writable(s.By, s.To.Channel)
	if err != nil {
		return chat.Ref{}, err
	}
	if err := r.hasThread(s.By, s.To.Thread); err != nil {
		return chat.Ref{}, err
	}
	d.enter(r, s.By, s.By)
	seq := d.add(said{inRoom: inRoom{r.id}, Thread: s.To.Thread, By: s.By, Alias: oneLine(clip(s.Alias, maxName)),
		Content: chat.Message{Text: chat.Say(text)}, Files: files, Key: key})
	return *d.state.onto(r.id, chat.MessageID(number(seq))), nil
}

// hasThread says whether a thread can be written in: it is about a message of the room that is no answer itself.
func (r *room) hasThread(by chat.UserID, thread chat.ThreadID) error {
	if thread == "" {
		return nil
	}
	m := r.byID[chat.MessageID(thread)]
	if m == nil || !m.shows(by) || m.to != "" {
		return gone("The message that this thread is about is no longer there.")
	}
	if m.thread != "" {
		return problem("A thread has no threads of its own. Answer in the thread that the message is in.")
	}
	return nil
}

// Edit replaces the text of one's own message.
func (c *Chat) Edit(ctx context.Context, by chat.UserID, on chat.Ref, text string) error {
	text, err := checkText(text, false)
	if err != nil {
		return err
	}
	return c.do(ctx, func(d *draft) error {
		m, err := d.state.changeable(by, on)
		if err != nil {
			return err
		}
		if m.by != by {
			return problem("That message is somebody else's. Only its author can change it.")
		}
		if m.content.Text.String() != text {
			d.add(edited{inRoom: inRoom{m.room}, Message: m.id, Content: chat.Message{Text: chat.Say(text)}})
		}
		return nil
	})
}

// Delete takes back one's own message. Its answers stay.
func (c *Chat) Delete(ctx context.Context, by chat.UserID, on chat.Ref) error {
	return c.do(ctx, func(d *draft) error {
		m, err := d.state.changeable(by, on)
		if err != nil {
			return err
		}
		if m.by != by {
			return problem("That message is somebody else's. Only its author can delete it.")
		}
		d.add(unsaid{inRoom: inRoom{m.room}, Message: m.id, By: by})
		return nil
	})
}

// React sets or removes one's own reaction: an emoji, or its name between colons. Setting it twice is no error.
func (c *Chat) React(ctx context.Context, by chat.UserID, on chat.Ref, emoji string, set bool) error {
	emoji, err := checkEmoji(emoji)
	if err != nil {
		return err
	}
	return c.do(ctx, func(d *draft) error {
		m, err := d.state.changeable(by, on)
		if err == nil {
			d.react(m, by, emoji, set)
		}
		return err
	})
}

func (d *draft) react(m *message, by chat.UserID, emoji string, set bool) {
	if is := m.reactionOf(by, emoji) >= 0; is != set {
		d.add(reacted{inRoom: inRoom{m.room}, Message: m.id, By: by, Emoji: emoji, Removed: !set})
	}
}

// Pin pins a message or unpins it. Pinning twice is no error.
func (c *Chat) Pin(ctx context.Context, by chat.UserID, on chat.Ref, set bool) error {
	return c.do(ctx, func(d *draft) error {
		m, err := d.state.changeable(by, on)
		if err == nil {
			d.pin(m, by, set)
		}
		return err
	})
}

func (d *draft) pin(m *message, by chat.UserID, set bool) {
	if m.pinned != set {
		d.add(pinned{inRoom: inRoom{m.room}, Message: m.id, By: by, Removed: !set})
	}
}

// visible is a message that a person sees.
func (s *state) visible(by chat.UserID, on chat.Ref) (*message, error) {
	r, err := s.room(by, on.Channel)
	if err != nil {
		return nil, err
	}
	m := r.byID[on.Message]
	if m == nil || !m.shows(by) || on.Platform != s.platform {
		return nil, errNoMessage
	}
	return m, nil
}

// changeable is a message that a person sees with everybody else, in a room that is not archived.
func (s *state) changeable(by chat.UserID, on chat.Ref) (*message, error) {
	m, err := s.visible(by, on)
	if err != nil {
		return nil, err
	}
	if _, err := s.writable(by, m.room); err != nil {
		return nil, err
	}
	if m.to != "" {
		return nil, errOnlyYou
	}
	return m, nil
}

// checkEmoji is an emoji as it is kept: the character where there is one.
func checkEmoji(emoji string) (string, error) {
	emoji = strings.TrimSpace(emoji)
	if name, ok := strings.CutPrefix(emoji, ":"); ok {
		if char, known := emojis[strings.TrimSuffix(name, ":")]; known {
			return char, nil
		}
	}
	emoji = strings.TrimSuffix(emoji, "\uFE0F")
	if emoji == "" || len(emoji) > maxName || slices.ContainsFunc([]rune(emoji), notInEmoji) {
		return "", problem("%q is no emoji. Choose one from the list.", clip(emoji, maxName))
	}
	return emoji, nil
}
