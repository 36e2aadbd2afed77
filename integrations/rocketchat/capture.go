package rocketchat

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"boswell/chat"
)

// said is a message as the rest of the program sees it.
func (p *Platform) said(ctx context.Context, m *message) chat.Said {
	known, _ := p.rooms.get(m.Room)
	s := chat.Said{Ref: p.ref(m.Room, m.ID), Text: p.readable(ctx, m), Edited: m.Edited.Time, Order: p.order(m)}
	s.Meta = chat.Meta{At: m.Said.Time, From: p.author(ctx, m), Place: p.place(m.Room, m.Thread), Direct: known.alone()}
	s.Link = p.Link(s.Ref)
	for _, f := range m.files() {
		s.Files = append(s.Files, p.file(f))
	}
	return s
}

// instant is a millisecond of a room.
type instant struct {
	room string
	at   int64
}

// order is where a message stands among others. The server tells of messages of the same millisecond in their order, and
// nothing about it.
func (p *Platform) order(m *message) string {
	at := instant{m.Room, m.Said.UnixMilli()}
	ids, _ := p.instants.get(at)
	rank := slices.Index(ids, m.ID)
	if rank < 0 {
		rank = len(ids)
		p.instants.put(at, append(slices.Clip(ids), m.ID))
	}
	return fmt.Sprintf("%020d/%06d", at.at, rank)
}

// author is who said a message. A name that is not of the account itself is somebody whom a bridge carries, or one of the
// names of a webhook.
func (p *Platform) author(ctx context.Context, m *message) chat.User {
	u := p.person(ctx, m.Sender)
	alias := strings.TrimSpace(m.Alias.v)
	if alias == "" || u.Self || alias == u.Name || alias == u.Handle {
		return u
	}
	u.Alias = alias
	u.Bot = len(m.Bot.v) > 0
	return u
}

// quote is how a message begins that answers to another: a link without words.
var quote = regexp.MustCompile(`^\s*\[ ?\]\(([^)\s]+)\)[ \t]*\n?`)

// quoted takes the quotes off the beginning of a text, and returns what they link to.
func quoted(text string) (rest string, links []string) {
	for strings.Contains(text, "](") {
		m := quote.FindStringSubmatch(text)
		if m == nil {
			break
		}
		text, links = text[len(m[0]):], append(links, m[1])
	}
	return text, links
}

// words are what a message says. Bots often say nothing in the text and all in attachments, and files carry what is said
// with them.
func (m *message) words() string {
	text, _ := quoted(m.Text)
	if strings.TrimSpace(text) != "" {
		return text
	}
	var parts []string
	for _, a := range m.Attachments.v {
		for _, part := range a.v.words() {
			if part != "" {
				parts = append(parts, part)
			}
		}
	}
	return strings.Join(parts, "\n")
}

func (a attachment) words() []string {
	switch {
	case a.MessageLink != "":
		return nil // the quote of another message
	case a.Type == "file" || a.TitleLink != "" && a.Text == "":
		return []string{a.Description}
	case a.Pretext == "" && a.Title == "" && a.Text == "":
		return []string{a.Fallback}
	default:
		return []string{a.Pretext, a.Title, a.Text}
	}
}

// readable is the text of a message with people's names in place of their usernames.
func (p *Platform) readable(ctx context.Context, m *message) string {
	text := m.words()
	for _, who := range m.Mentions.v {
		if !who.person() {
			continue
		}
		if name := p.person(ctx, who).Name; name != "" && name != who.Username {
			text = renamed(text, who.Username, name)
		}
	}
	return text
}

// renamed puts a name in place of a username where that is mentioned.
func renamed(text, username, name string) string {
	var b strings.Builder
	for {
		at := strings.Index(text, "@"+username)
		if at < 0 {
			b.WriteString(text)
			return b.String()
		}
		end := at + 1 + len(username)
		b.WriteString(text[:at])
		if (at == 0 || !usernameByte(text[at-1])) && !goesOn(text[end:]) {
			b.WriteString("@" + name)
		} else {
			b.WriteString(text[at:end])
		}
		text = text[end:]
	}
}

// goesOn says that what follows a username belongs to it: then it is another one.
func goesOn(rest string) bool {
	rest = strings.TrimLeft(rest, ".-_")
	return rest != "" && usernameByte(rest[0])
}

func usernameByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_' || c == '.'
}

// files are the files of a message, without the small pictures that the server made of others.
func (m *message) files() []file {
	all := slices.Clone(m.Files.v)
	if len(all) == 0 && m.File.v.ID != "" {
		all = []file{m.File.v}
	}
	if len(all) == 0 {
		for _, a := range m.Attachments.v {
			if f, ok := a.v.file(); ok {
				all = append(all, f)
			}
		}
	}
	named := func(name string) bool { return slices.ContainsFunc(all, func(f file) bool { return f.Name == name }) }
	return slices.DeleteFunc(all, func(f file) bool {
		of, small := strings.CutPrefix(f.Name, "thumb-")
		return f.ID == "" || small && named(of)
	})
}

// uploadPath is where the server has the files.
const uploadPath = "/file-upload/"

// file is the file that an attachment shows, by its address.
func (a attachment) file() (file, bool) {
	u, err := url.Parse(a.TitleLink)
	if err != nil || a.Type != "file" {
		return file{}, false
	}
	_, rest, ok := strings.Cut(u.Path, uploadPath)
	id, name, _ := strings.Cut(rest, "/")
	return file{ID: id, Name: first(a.Title, path.Base(name))}, ok && id != ""
}

func (p *Platform) file(f file) chat.File {
	return chat.File{ID: f.ID, Name: first(f.Name, f.ID), Type: f.Type, Size: f.Size,
		Link: p.address() + uploadPath + url.PathEscape(f.ID) + "/" + url.PathEscape(f.Name)}
}

// say hands a message on.
func (r *running) say(m *message) bool {
	s := r.p.said(r.ctx, m)
	s.Delivery = chat.DeliveryID(fmt.Sprintf("said/%s/%d", m.ID, millis(m.Edited.Time)))
	s.Room = r.meta(m.Room, "", time.Time{}).Room
	_, taken := r.deliver(s)
	return taken
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
