package bot

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// heeds says whether anybody cares what is said or done in a place: whether an incident is fought there.
func (b *Bot) heeds(at chat.Place) bool {
	b.heard.note(at.Platform, b.clock.Now())
	_, linked := b.links.of(at)
	return linked
}

// said hears a message. Most are of no concern, and cost nothing.
func (b *Bot) said(ctx context.Context, s chat.Said) error {
	id, linked := b.links.of(s.Place)
	if !linked {
		return nil
	}
	return b.heed(ctx, id, s)
}

// heed remembers a message and, where it is tagged or tags itself, lets its entry follow it.
func (b *Bot) heed(ctx context.Context, id incident.ID, s chat.Said) error {
	known := b.recent.hear(s)
	if known.gone || known.said.Edited.After(s.Edited) || s.From.Self {
		return nil
	}
	words := tagsItself(s.Text)
	if !words {
		if follows, err := b.follows(ctx, id, s.Ref); err != nil || !follows {
			return err
		}
	}
	return b.observe(ctx, id, s.Meta, sight{ref: s.Ref, said: &s, tags: wordTags(s, words), at: s.Edited})
}

// follows says whether the log has anything to compare with a message. It saves the transaction for all the others.
func (b *Bot) follows(ctx context.Context, id incident.ID, ref chat.Ref) (known bool, err error) {
	err = b.store.View(ctx, func(r storage.Reader) error {
		in, err := r.Incident(id)
		known = err == nil && in.Knows(messageOf(ref))
		return err
	})
	return known, err
}

// unsaid takes a deleted message out.
func (b *Bot) unsaid(ctx context.Context, u chat.Unsaid) error {
	id, linked := b.links.of(u.Place)
	if !linked {
		return nil
	}
	b.recent.forget(u.Ref)
	if follows, err := b.follows(ctx, id, u.Ref); err != nil || !follows {
		return err
	}
	return b.observe(ctx, id, u.Meta, sight{ref: u.Ref, gone: true})
}

// reacted takes a tag that was set or removed by a reaction.
func (b *Bot) reacted(ctx context.Context, r chat.Reacted) error {
	tag, tags := b.tagOf(r.Emoji)
	id, linked := b.links.in(r.On)
	if !tags || !linked || r.From.Self {
		return nil
	}
	return b.observe(ctx, id, r.Meta, sight{ref: r.On, by: r.From, tags: []incident.SeenTag{{
		Tag: tag, Way: wayOf(r.Emoji), Person: personID(r.Place.Platform, r.From), At: r.At, Removed: r.Removed, Every: r.Every}}})
}

// pinned takes a native pin.
func (b *Bot) pinned(ctx context.Context, p chat.Pinned) error {
	id, linked := b.links.in(p.On)
	if !linked || p.From.Self {
		return nil
	}
	return b.observe(ctx, id, p.Meta, sight{ref: p.On, by: p.From, tags: []incident.SeenTag{{
		Tag: incident.TagTimeline, Way: incident.WayPin, Person: personID(p.Place.Platform, p.From), At: p.At, Removed: p.Removed}}})
}

// tagOf says what a reaction tags a message as.
func (b *Bot) tagOf(emoji string) (incident.Tag, bool) {
	emoji = plainEmoji(emoji)
	switch {
	case slices.Contains(b.o.TimelineEmoji, emoji):
		return incident.TagTimeline, true
	case slices.Contains(b.o.SupportEmoji, emoji):
		return incident.TagSupporting, true
	default:
		return "", false
	}
}

// wayOf names the way of a reaction: each emoji is one.
func wayOf(emoji string) incident.Way { return incident.WayReaction + incident.Way(plainEmoji(emoji)) }

// plainEmoji is an emoji without variation selectors and skin tones, which say nothing here.
func plainEmoji(emoji string) string {
	return strings.Map(func(r rune) rune {
		if r == '\ufe0f' || r >= 0x1f3fb && r <= 0x1f3ff {
			return -1
		}
		return r
	}, emoji)
}

var timelineWord = regexp.MustCompile(`(?i)(^|\s)#timeline\b`)

// tagsItself says that a message tags itself with the words #timeline.
func tagsItself(text string) bool { return timelineWord.MatchString(text) }

// wordTags is the tag that the words of a message set, or no longer set. It is as old as the words; that they are not there
// says something only where they were.
func wordTags(s chat.Said, set bool) []incident.SeenTag {
	tag := incident.SeenTag{Tag: incident.TagTimeline, Way: incident.WayWords, Person: personID(s.Place.Platform, s.From), Removed: !set}
	if set {
		tag.At = s.At
		if !s.Edited.IsZero() {
			tag.At = s.Edited
		}
	}
	return []incident.SeenTag{tag}
}

// sight is what a platform showed of one message.
type sight struct {
	ref      chat.Ref
	by       chat.User // who set or removed the tags
	said     *chat.Said
	tags     []incident.SeenTag
	complete bool
	take     bool
	gone     bool
	why      string
	at       time.Time
}

// observe compares what was seen with the log, and owes what follows: the ✅ of a tag, the text of a message that nobody
// here remembers, its files.
func (b *Bot) observe(ctx context.Context, id incident.ID, meta chat.Meta, s sight) error {
	s = b.recalled(s)
	if s.at.IsZero() {
		s.at = meta.At
	}
	if s.at.IsZero() {
		s.at = b.clock.Now()
	}
	cause := storage.Cause{Key: key(s.ref.Platform, meta.Delivery), By: personID(s.ref.Platform, s.by)}
	_, err := b.store.Do(ctx, cause, func(tx storage.Tx) (storage.Outcome, error) {
		return storage.Outcome{Incident: id}, b.record(tx, id, s)
	})
	return err
}

// recalled adds what is remembered of the message.
func (b *Bot) recalled(s sight) sight {
	if s.said != nil || s.gone {
		return s
	}
	if known, ok := b.recent.recall(s.ref); ok {
		s.gone = known.gone
		if known.said.Ref == s.ref {
			s.said = &known.said
		}
	}
	return s
}

// record writes the difference between a sighting and the log.
func (b *Bot) record(tx storage.Tx, id incident.ID, s sight) error {
	in, err := tx.Incident(id)
	if err != nil {
		return err
	}
	ref := messageOf(s.ref)
	events := in.Observe(incident.Sighting{Message: ref, Content: contentOf(s.said), Tags: s.tags, Complete: s.complete,
		Take: s.take, Gone: s.gone, Why: s.why, At: s.at})
	if len(events) == 0 {
		return nil
	}
	was := in.IsTagged(ref, incident.TagTimeline) || in.IsTagged(ref, incident.TagSupporting)
	if err := tx.Append(id, events...); err != nil {
		return err
	}
	if err := b.knowAll(tx, s); err != nil {
		return err
	}
	if in, err = tx.Incident(id); err != nil {
		return err
	}
	is := in.IsTagged(ref, incident.TagTimeline) || in.IsTagged(ref, incident.TagSupporting)
	if was != is && !s.gone {
		if err := b.oweSeen(tx, id, s.ref, is); err != nil {
			return err
		}
	}
	return oweReading(tx, in, s.ref)
}

func (b *Bot) oweSeen(tx storage.Tx, id incident.ID, ref chat.Ref, set bool) error {
	if _, can := b.platforms[ref.Platform].(chat.Reactor); !can {
		return nil
	}
	return oweReaction(tx, id, ref, set)
}

func (b *Bot) knowAll(tx storage.Tx, s sight) error {
	users := []chat.User{s.by}
	if s.said != nil {
		users = append(users, s.said.From)
	}
	return b.know(tx, s.ref.Platform, users...)
}

// contentOf is what the log keeps of a message. The words that tagged it are not part of what it says.
func contentOf(s *chat.Said) *incident.Content {
	if s == nil {
		return nil
	}
	c := &incident.Content{Author: personID(s.Ref.Platform, s.From), Alias: s.From.Alias, Said: s.At, Order: s.Order,
		Text: clean(s.Text), Version: s.Edited, Link: s.Link}
	for _, f := range s.Files {
		c.Files = append(c.Files, incident.File{ID: f.ID, Name: f.Name, Type: f.Type, Language: f.Language, Size: f.Size, Link: f.Link})
	}
	return c
}

func clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if tagsItself(text) {
		text = strings.TrimSpace(timelineWord.ReplaceAllString(text, "$1"))
	}
	return text
}
