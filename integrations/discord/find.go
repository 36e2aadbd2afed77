package discord

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"boswell/chat"
)

// echoed remembers the key of a message of the bot's own that came back: the gateway tells it, and the history does not.
func (p *Platform) echoed(m message, ref chat.Ref) {
	if nonce := strings.Trim(string(m.Nonce), `"`); nonce != "" && nonce != "null" {
		p.nonces.put(nonce, ref)
	}
}

// Find looks for a message with a key among those that were answered, or came back over the gateway, while the program ran.
func (p *Platform) Find(_ context.Context, key string, _ chat.Place, _ time.Time) (chat.Ref, bool, error) {
	ref, ok := p.nonces.get(nonceOf(key))
	return ref, ok, nil
}

// FindPost looks for a message with a key, and then for one of the bot's in that place which says the same.
func (p *Platform) FindPost(ctx context.Context, key string, to chat.Place, m chat.Message, since time.Time) (chat.Ref, bool, error) {
	out, err := render(m)
	if err != nil {
		return chat.Ref{}, false, err
	}
	return p.findOwn(ctx, key, to, since, out.says)
}

// FindUpload looks for a file with a key, and then for one of the bot's in that place with the same name, size and caption:
// Discord tells no more of it.
func (p *Platform) FindUpload(ctx context.Context, key string, to chat.Place, f chat.Upload, _ io.Reader, size int64, since time.Time) (chat.Ref, bool, error) {
	out, err := captioned(f)
	if err != nil {
		return chat.Ref{}, false, err
	}
	return p.findOwn(ctx, key, to, since, func(m message) bool {
		return out.says(m) && slices.ContainsFunc(m.Attachments, func(a attachment) bool { return a.Filename == f.Name && a.Size == size })
	})
}

// clockMost is how far Discord's clock may be behind that of the bot.
const clockMost = 10 * time.Second

func (p *Platform) findOwn(ctx context.Context, key string, to chat.Place, since time.Time, wanted func(message) bool) (chat.Ref, bool, error) {
	if ref, ok := p.nonces.get(nonceOf(key)); ok {
		return ref, true, nil
	}
	who, err := p.self(ctx)
	if err != nil {
		return chat.Ref{}, false, err
	}
	s, ok := spotOf(to)
	if !ok {
		return chat.Ref{}, false, noSuchPlace()
	}
	pages := pager{p: p, s: s, after: justBefore(since.Add(-clockMost))}
	for {
		m, ok, err := pages.next(ctx)
		if err != nil || !ok {
			return chat.Ref{}, false, err
		}
		if m.Author != nil && m.Author.ID == who.user && wanted(m) {
			return p.ref(s, m.ID), true, nil
		}
	}
}

// says that a message reads as what is to be sent.
func (out outgoing) says(m message) bool {
	cards := slices.EqualFunc(out.Embeds, m.Embeds, func(ours outEmbed, theirs embed) bool {
		return strings.TrimSpace(ours.Description) == strings.TrimSpace(theirs.Description)
	})
	return cards && strings.TrimSpace(out.Content) == strings.TrimSpace(m.Content)
}
