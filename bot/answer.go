package bot

import (
	"context"
	"slices"
	"strings"

	"boswell/chat"
)

// answer fits a reply to what the platform can do. It is the one place that knows every fallback: no forms, the line to
// type; no menus, buttons; no buttons, the words to type; no whisper, a direct message, else a reply in the room; text too
// long, further messages.
func (b *Bot) answer(ctx context.Context, p chat.Platform, in chat.Inbound, r chat.Reply) (chat.Reply, error) {
	if r.IsZero() {
		return r, nil
	}
	if _, suggests := in.(chat.Suggest); suggests {
		return r, nil
	}
	if r.Form != nil && !canOpen(p, in.Origin()) {
		r.Text = append(r.Text, typedForm(*r.Form)...)
		r.Form, r.Refused = nil, true
	}
	parts := fit(p.Limits(), r.Message)
	for _, m := range r.More {
		parts = append(parts, fit(p.Limits(), m)...)
	}
	r.Message, r.More = parts[0], parts[1:]
	if r.Public || in.Origin().Direct {
		return r, nil
	}
	return b.private(ctx, p, in.Origin(), r)
}

// private keeps a reply from the others in the room. Where the platform has no whisper it becomes a direct message; where
// that does not work either, the room sees it: an answer that everybody sees is better than none. Of one that the others may
// not see, they only see that it is there.
func (b *Bot) private(ctx context.Context, p chat.Platform, meta chat.Meta, r chat.Reply) (chat.Reply, error) {
	_, whispers := p.(chat.Whisperer)
	switch {
	case whispers || r.Form != nil:
		return r, nil
	case b.inDirect(ctx, p, meta, r):
		return chat.Reply{}, nil
	case r.Confidential:
		return r.Withheld(), nil
	default:
		r.Public = true
		return r, nil
	}
}

// inDirect gives a reply to its sender in a direct message.
func (b *Bot) inDirect(ctx context.Context, p chat.Platform, meta chat.Meta, r chat.Reply) bool {
	place, ok := b.direct(ctx, p, meta.From.ID)
	if !ok {
		return false
	}
	for i, m := range append([]chat.Message{r.Message}, r.More...) {
		err := twice(func() error {
			_, err := p.Post(ctx, key(p.ID(), meta.Delivery)+"/answer/"+string(rune('a'+i)), place, m)
			return err
		})
		if err != nil {
			b.log.Warn().Err(err).Str("platform", string(p.ID())).Msg("could not answer in a direct message")
			return false
		}
	}
	return true
}

// direct is the place to speak to one person alone.
func (b *Bot) direct(ctx context.Context, p chat.Platform, user chat.UserID) (place chat.Place, ok bool) {
	d, ok := p.(chat.Director)
	if !ok {
		return chat.Place{}, false
	}
	err := twice(func() (err error) {
		place, err = d.Direct(ctx, user)
		return err
	})
	if err != nil {
		b.log.Warn().Err(err).Str("platform", string(p.ID())).Msg("could not open a direct message")
		return chat.Place{}, false
	}
	return place, true
}

// twice tries once more what may have failed only for the moment: somebody waits for the answer.
func twice(try func() error) error {
	err := try()
	if err != nil && chat.AsFailure(err).Temporary {
		err = try()
	}
	return err
}

func canOpen(p chat.Platform, meta chat.Meta) bool {
	l := p.Limits()
	_, opens := p.(chat.FormOpener)
	return opens && l.FormFields > 0 && meta.Trigger != ""
}

// typedForm says in words what a form would ask for.
func typedForm(f chat.Form) chat.Text {
	t := chat.Say(f.Title + ": this still needs ")
	for i, field := range f.Fields {
		if i > 0 {
			t = t.Plain(", ")
		}
		t = t.Bold(strings.ToLower(field.Label))
	}
	if f.Typed != "" {
		t = t.Plain(". Write ").Code(f.Typed)
	}
	return t
}

// fit makes the messages that a platform can take of one: menus become buttons, buttons become words where there are none,
// commands are written as they are typed there, and a long text is split.
func fit(l chat.Limits, m chat.Message) []chat.Message {
	m = withoutMenus(l, m)
	if l.Buttons == 0 && len(m.Buttons) > 0 {
		m.Text = withTyped(m.Text, m.Buttons)
		m.Buttons = nil
	}
	if l.Buttons > 0 && len(m.Buttons) > l.Buttons {
		m.Text = withTyped(m.Text, m.Buttons[l.Buttons:])
		m.Buttons = m.Buttons[:l.Buttons]
	}
	texts := split(typedHere(l, m.Text), l.Text)
	parts := make([]chat.Message, len(texts))
	for i, t := range texts {
		parts[i].Text = t
	}
	parts[0].Rows = m.Rows
	parts[len(parts)-1].Buttons, parts[len(parts)-1].Menus = m.Buttons, m.Menus
	return parts
}

// usualSlash is what commands are written with in sentences that do not know where they will be read.
const usualSlash = "/incident"

// typedHere writes commands as they are typed on a platform.
func typedHere(l chat.Limits, t chat.Text) chat.Text {
	if l.Slash == "" || l.Slash == usualSlash {
		return t
	}
	t = slices.Clone(t)
	for i, span := range t {
		if rest, ok := strings.CutPrefix(span.Text, usualSlash); ok && span.Kind == chat.SpanCode && (rest == "" || rest[0] == ' ') {
			t[i].Text = l.Slash + rest
		}
	}
	return t
}

// withoutMenus takes out the menus that a platform does not take. The options of each become buttons if all of them fit, else
// what to type.
func withoutMenus(l chat.Limits, m chat.Message) chat.Message {
	kept := min(l.Menus, len(m.Menus))
	for _, menu := range m.Menus[kept:] {
		if len(m.Buttons)+len(menu.Options) <= l.Buttons {
			m.Buttons = slices.Concat(m.Buttons, menu.Apart())
		} else {
			m.Text = withTyped(m.Text, []chat.Button{{Label: menu.Label, Typed: menu.Typed}})
		}
	}
	m.Menus = m.Menus[:kept]
	return m
}

// withTyped adds what to type instead of pressing.
func withTyped(t chat.Text, buttons []chat.Button) chat.Text {
	t = append(chat.Text{}, t...)
	for _, button := range buttons {
		if button.Typed != "" {
			t = t.Plain("\n" + button.Label + ": ").Code(button.Typed)
		}
	}
	return t
}

// roomForMarkup is how many characters the markup of one message may add to its text.
const roomForMarkup = 100

// split cuts a text into pieces of at most most characters, at the ends of lines where that is possible.
func split(t chat.Text, most int) []chat.Text {
	if most <= 0 || len([]rune(t.String())) <= most {
		return []chat.Text{t}
	}
	most = max(most-roomForMarkup, 1)
	var all []chat.Text
	var now chat.Text
	left := most
	for _, span := range t {
		for _, piece := range pieces(span, most, left) {
			if n := len([]rune(piece.Text)); n > left {
				all, now, left = append(all, now), nil, most
			}
			now, left = append(now, piece), left-len([]rune(piece.Text))
		}
	}
	return append(all, now)
}

// pieces cuts one span so that the first piece fits what is left, if a line does, and every other fits a message.
func pieces(s chat.Span, most, left int) []chat.Span {
	var all []chat.Span
	room := left
	for rest := []rune(s.Text); ; room = most {
		piece := s
		if len(rest) <= room {
			piece.Text = string(rest)
			return append(all, piece)
		}
		at := lineEnd(rest, room)
		if at == 0 && room < most {
			continue // nothing of it fits the message that was begun
		}
		if at == 0 {
			at = room
		}
		piece.Text = string(rest[:at])
		all, rest = append(all, piece), rest[at:]
	}
}

// lineEnd is behind the last end of a line within the first n characters, or 0.
func lineEnd(text []rune, n int) int {
	for i := min(n, len(text)) - 1; i >= 0; i-- {
		if text[i] == '\n' {
			return i + 1
		}
	}
	return 0
}
