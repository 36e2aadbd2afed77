package slacksim

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/chat/chattest"
)

// Messages are those of a channel as its members see them.
func (w *World) Messages(_ context.Context, in chat.Place) ([]chattest.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[string(in.Channel)]
	if c == nil {
		return nil, fmt.Errorf("there is no channel %q", in.Channel)
	}
	var all []chattest.Message
	for _, m := range c.messages {
		if !m.deleted {
			all = append(all, w.look(c, m))
		}
	}
	return all, nil
}

// look is a message as people see it.
func (w *World) look(c *channel, m *message) chattest.Message {
	seen := chattest.Message{Ref: w.ref(c, m.ts), Place: w.place(c, m.thread), From: w.sender(m), Shown: w.shown(m),
		Edited: m.editedTS != "", Pinned: m.pinned, Reactions: map[string][]chat.UserID{}, Pinged: w.pinged(c, m), Buttons: buttonsOf(m.blocks),
		Menus: menusOf(m.blocks)}
	for _, r := range m.reactions {
		for _, u := range r.users {
			seen.Reactions[shownEmoji(r.name)] = append(seen.Reactions[shownEmoji(r.name)], chat.UserID(u))
		}
	}
	for _, f := range m.files {
		seen.Files = append(seen.Files, chattest.File{Name: f.name, Language: languageOf(f), Contents: f.contents})
	}
	return seen
}

func languageOf(f *file) string {
	if f.mode == "snippet" {
		return f.filetype
	}
	return ""
}

func (w *World) sender(m *message) chat.User {
	u := chat.User{}
	if known := w.users[m.user]; known != nil {
		u = w.user(known)
	}
	u.Alias = m.username
	return u
}

// shown is what a client shows: the blocks where there are some, else the text with its markup.
func (w *World) shown(m *message) chat.Text {
	if m.blocks != nil {
		return w.blocksText(m.blocks)
	}
	return w.markup(m.text)
}

// blocksText is what is read in blocks.
func (w *World) blocksText(v any) chat.Text {
	var t chat.Text
	list, _ := v.([]any)
	for _, x := range list {
		b, _ := x.(object)
		switch b["type"] {
		case "rich_text":
			t = append(t, w.richText(b)...)
		case "section", "header":
			t = append(t, w.textObject(b["text"])...)
		}
	}
	return t
}

func (w *World) textObject(v any) chat.Text {
	o, _ := v.(object)
	if o["type"] == "mrkdwn" {
		return w.markup(textOf(v))
	}
	return chat.Say(textOf(v))
}

// richText shows rich text, in which nothing is markup.
func (w *World) richText(b object) chat.Text {
	var t chat.Text
	list, _ := b["elements"].([]any)
	for _, x := range list {
		part, _ := x.(object)
		elements, _ := part["elements"].([]any)
		for _, y := range elements {
			e, _ := y.(object)
			span := w.element(e)
			if part["type"] == "rich_text_preformatted" {
				span.Kind = chat.SpanBlock
			}
			t = append(t, span)
		}
	}
	return t
}

func (w *World) element(e object) chat.Span {
	text, _ := e["text"].(string)
	style, _ := e["style"].(object)
	switch e["type"] {
	case "link":
		address, _ := e["url"].(string)
		if text == "" {
			text = address
		}
		return chat.Span{Kind: chat.SpanLink, Text: text, Link: address}
	case "user":
		id, _ := e["user_id"].(string)
		return w.mentionSpan(id)
	case "usergroup":
		id, _ := e["usergroup_id"].(string)
		if g := w.groups[id]; g != nil {
			return chat.Span{Kind: chat.SpanMention, Text: g.handle, User: chat.UserID(id)}
		}
	}
	switch {
	case style["bold"] == true:
		return chat.Span{Kind: chat.SpanBold, Text: text}
	case style["code"] == true:
		return chat.Span{Kind: chat.SpanCode, Text: text}
	default:
		return chat.Span{Text: text}
	}
}

func (w *World) mentionSpan(id string) chat.Span {
	name := id
	if u := w.users[id]; u != nil {
		name = u.display
	}
	return chat.Span{Kind: chat.SpanMention, Text: name, User: chat.UserID(id)}
}

// markupToken is what Slack's markup gives a look or a meaning.
var markupToken = regexp.MustCompile("(?s)```(.+?)```|`([^`\n]+)`|<([^<>]+)>|\\*([^*\n]+)\\*")

// markup shows a text with Slack's markup.
func (w *World) markup(text string) chat.Text {
	var t chat.Text
	plain := func(s string) {
		if s != "" {
			t = t.Plain(clientUnescaper.Replace(s))
		}
	}
	from := 0
	for _, m := range markupToken.FindAllStringSubmatchIndex(text, -1) {
		plain(text[from:m[0]])
		from = m[1]
		switch {
		case m[2] >= 0:
			t = t.Block(clientUnescaper.Replace(text[m[2]:m[3]]))
		case m[4] >= 0:
			t = t.Code(clientUnescaper.Replace(text[m[4]:m[5]]))
		case m[6] >= 0:
			t = append(t, w.angle(text[m[6]:m[7]]))
		default:
			t = t.Bold(clientUnescaper.Replace(text[m[8]:m[9]]))
		}
	}
	plain(text[from:])
	return t
}

// angle shows what stands between < and >.
func (w *World) angle(inside string) chat.Span {
	target, label, _ := strings.Cut(inside, "|")
	target, label = clientUnescaper.Replace(target), clientUnescaper.Replace(label)
	switch target[0] {
	case '@':
		return w.mentionSpan(target[1:])
	case '#':
		if c := w.channels[target[1:]]; c != nil {
			label = c.name
		}
		return chat.Span{Text: "#" + label}
	case '!':
		if label == "" {
			label = "@" + target[1:]
		}
		return chat.Span{Text: label}
	}
	if label == "" {
		label = target
	}
	return chat.Span{Kind: chat.SpanLink, Text: label, Link: target}
}

var (
	pings      = regexp.MustCompile(`<@([UW][^|>]+)`)
	groupPings = regexp.MustCompile(`<!subteam\^([^|>]+)`)
)

// pinged are those whom a message notifies: by its blocks, or by the markup of its text.
func (w *World) pinged(c *channel, m *message) []chat.UserID {
	var ids []chat.UserID
	add := func(id string) {
		if !slices.Contains(ids, chat.UserID(id)) && id != m.user {
			ids = append(ids, chat.UserID(id))
		}
	}
	for _, x := range pings.FindAllStringSubmatch(m.text, -1) {
		add(x[1])
	}
	for _, x := range groupPings.FindAllStringSubmatch(m.text, -1) {
		w.eachOf(x[1], add)
	}
	if strings.Contains(m.text, "<!channel>") || strings.Contains(m.text, "<!here>") || strings.Contains(m.text, "<!everyone>") {
		for _, id := range c.members {
			add(id)
		}
	}
	if m.blocks != nil {
		for _, s := range w.blocksText(m.blocks) {
			if s.Kind == chat.SpanMention {
				w.eachOf(string(s.User), add)
			}
		}
	}
	return ids
}

// eachOf is a person, or everybody in a group.
func (w *World) eachOf(id string, add func(string)) {
	if g := w.groups[id]; g != nil {
		for _, member := range g.users {
			add(member)
		}
		return
	}
	add(id)
}

// Whispers are what one person alone has been shown in a channel.
func (w *World) Whispers(_ context.Context, to chat.UserID, in chat.Place) ([]chattest.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []chattest.Message
	for _, x := range w.whispers {
		if x.to == string(to) && x.channel == string(in.Channel) {
			all = append(all, w.look(w.channels[x.channel], x.message))
		}
	}
	return all, nil
}

// Look is what people see of a channel besides its messages.
func (w *World) Look(_ context.Context, in chat.Place) (chattest.RoomLook, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[string(in.Channel)]
	if c == nil {
		return chattest.RoomLook{}, fmt.Errorf("there is no channel %q", in.Channel)
	}
	look := chattest.RoomLook{Name: c.name, Topic: c.topic, Archived: c.archived, Bookmarks: map[string]string{}}
	for _, id := range c.members {
		look.Members = append(look.Members, chat.UserID(id))
	}
	for _, b := range c.bookmarks {
		look.Bookmarks[b.title] = b.link
	}
	return look, nil
}

// ChannelNamed is the channel of a name.
func (w *World) ChannelNamed(name string) (chat.Place, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channelNamed(name)
	if c == nil {
		return chat.Place{}, false
	}
	return w.place(c, ""), true
}
