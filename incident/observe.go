package incident

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// A Sighting is what was seen of one message: live, looked up, or read back after an absence. Any part may be missing.
type Sighting struct {
	Message MessageRef
	// Content is what it says; nil where that was not seen.
	Content *Content
	// Tags are the tags that were set or removed.
	Tags []SeenTag
	// Complete says that Tags are all that are on the message: what the log knows besides has been removed by At. Tags that
	// were offered to people are not taken this way, unless Take is set.
	Complete bool
	Take     bool
	// Gone says that the message is no longer there.
	Gone bool
	// Why says why a message could not be read, where it was tried.
	Why string
	// At is when it was seen so.
	At time.Time
}

// A SeenTag is a tag that one person set in one way, or removed.
type SeenTag struct {
	Tag     Tag
	Way     Way
	Person  PersonID
	At      time.Time // zero where the platform does not tell
	Removed bool
	// Every says, with Removed, that whoever set it, it is gone.
	Every bool
}

// Observe compares what was seen with what the log knows and returns the difference. Seeing the same again, something
// older, or a message that nobody tagged yields nothing. An incident that has ended takes in no more than what a message says
// that was tagged before and is not read yet.
func (in *Incident) Observe(s Sighting) []Event {
	m, known := in.messages[s.Message]
	if !known {
		m = &message{ref: s.Message}
	}
	if !in.State.Live() {
		if m.content != nil {
			return nil
		}
		return contentChanges(m, s, len(m.setTags()) > 0)
	}
	events, after := in.tagChanges(m, s)
	tagged := len(setTags(after)) > 0
	return append(events, contentChanges(m, s, tagged)...)
}

// tagChanges are the tags that differ, and what is known of tags after them. What is older than what the log knows of the
// same tag changes nothing, so deliveries may come twice and in any order; of two changes at the same instant the removal
// stands.
func (in *Incident) tagChanges(m *message, s Sighting) (events []Event, after map[tagKey]tagState) {
	entry := m.entry
	if entry == "" {
		entry = in.nextEntry()
	}
	after = maps.Clone(m.tags)
	if after == nil {
		after = map[tagKey]tagState{}
	}
	for _, t := range spread(m, s) {
		key, at := keyOf(t.Tag, t.Way, t.Person), t.At
		if at.IsZero() {
			at = s.At
		}
		if old, known := after[key]; !t.tells(old, known, at) || !known && in.onOffer(s) {
			continue
		}
		after[key] = tagState{set: !t.Removed, at: at, by: t.Person}
		events = append(events, tagEvent(s.Message, t, at, entry))
	}
	return events, after
}

// onOffer says that what was read back of a message was offered to people, who did not take it.
func (in *Incident) onOffer(s Sighting) bool {
	return s.Complete && !s.Take && in.offered[s.Message]
}

// tells says that the log does not know this yet. A removal of what was never seen is worth knowing where its time is
// known: the tag itself may still arrive.
func (t SeenTag) tells(old tagState, known bool, at time.Time) bool {
	switch {
	case !known:
		return !t.Removed || !t.At.IsZero()
	case t.At.IsZero() && old.set == !t.Removed, at.Before(old.at):
		return false
	case at.Equal(old.at):
		return t.Removed && old.set
	default:
		return true
	}
}

func tagEvent(ref MessageRef, t SeenTag, at time.Time, entry EntryID) Event {
	if t.Removed {
		return Untagged{Message: ref, Tag: t.Tag, Way: t.Way, Tagger: t.Person, At: at}
	}
	return Tagged{Message: ref, Tag: t.Tag, Way: t.Way, Tagger: t.Person, At: at, Entry: entry}
}

// spread is the tags of a sighting, with those that it implies to be gone written out.
func spread(m *message, s Sighting) []SeenTag {
	var tags []SeenTag
	for _, t := range s.Tags {
		if !t.Every {
			tags = append(tags, t)
			continue
		}
		for _, k := range m.setTags() {
			if k.tag == t.Tag && k.way == t.Way {
				tags = append(tags, SeenTag{Tag: k.tag, Way: k.way, Person: k.person, At: t.At, Removed: true})
			}
		}
	}
	if !s.Complete {
		return tags
	}
	for _, k := range m.setTags() {
		if k.way == WayShortcut {
			continue // leaves no mark on the message
		}
		if !slices.ContainsFunc(s.Tags, func(t SeenTag) bool { return keyOf(t.Tag, t.Way, t.Person) == k && !t.Removed }) {
			tags = append(tags, SeenTag{Tag: k.tag, Way: k.way, Person: k.person, Removed: true})
		}
	}
	return tags
}

func (m *message) setTags() []tagKey { return setTags(m.tags) }

// setTags are the tags that are set, in a fixed order.
func setTags(tags map[tagKey]tagState) []tagKey {
	var keys []tagKey
	for k, s := range tags {
		if s.set {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b tagKey) int {
		return cmp.Or(cmp.Compare(a.tag, b.tag), cmp.Compare(a.way, b.way), cmp.Compare(a.person, b.person))
	})
	return keys
}

// contentChanges are the changes of the text of a message that is tagged, or was while its text was read. A deletion is final.
func contentChanges(m *message, s Sighting, tagged bool) []Event {
	switch {
	case m.deleted || !tagged && m.content == nil:
		return nil
	case s.Gone:
		return []Event{MessageDeleted{Message: s.Message, At: s.At}}
	case s.Content != nil && m.content.older(*s.Content):
		return []Event{MessageRead{Message: s.Message, Content: *s.Content}}
	case s.Content == nil && s.Why != "" && m.content == nil && m.lost != s.Why:
		return []Event{MessageUnreadable{Message: s.Message, Why: s.Why}}
	default:
		return nil
	}
}

// older says that c is not yet what the newer content says. Of two versions the later counts even if it says the same, since
// one between them may still arrive.
func (c *Content) older(than Content) bool {
	if c == nil {
		return true
	}
	if !c.Version.Equal(than.Version) {
		return than.Version.After(c.Version)
	}
	return c.Text != than.Text || !slices.EqualFunc(c.Files, than.Files, func(a, b File) bool { return a.ID == b.ID })
}

// Wants says what the log still needs to know of a message that is tagged: its text, and the files that were named but are
// not kept.
func (in *Incident) Wants(ref MessageRef) (text bool, files []File) {
	m, ok := in.messages[ref]
	if !ok || m.deleted || len(m.setTags()) == 0 {
		return false, nil
	}
	if m.content == nil {
		return m.lost == "", nil
	}
	for _, f := range m.kept() {
		if f.Hash == "" && f.Problem == "" {
			files = append(files, f)
		}
	}
	return false, files
}

// IsTagged says whether a message has a tag of this kind now.
func (in *Incident) IsTagged(ref MessageRef, tag Tag) bool {
	m, ok := in.messages[ref]
	return ok && !m.deleted && m.tagged(tag)
}

// Knows says whether the log has anything to compare with what a message says now.
func (in *Incident) Knows(ref MessageRef) bool {
	m, ok := in.messages[ref]
	return ok && !m.deleted && m.entry != ""
}

// KeepFile records that a file of a tagged message lies in the store, or why it does not. Of an incident that has ended, that
// is known of each file once.
func (in *Incident) KeepFile(ref MessageRef, f File) []Event {
	m, ok := in.messages[ref]
	if !ok {
		return nil
	}
	if old, kept := m.files[f.ID]; kept && (old == f || !in.State.Live()) {
		return nil
	}
	return []Event{FileKept{Message: ref, File: f}}
}

// Offer records that the tags of messages were offered to people, since they were set before the room was linked.
func (in *Incident) Offer(refs []MessageRef) []Event {
	fresh := slices.DeleteFunc(slices.Clone(refs), func(r MessageRef) bool { return in.offered[r] || in.Knows(r) })
	return changed(len(fresh) > 0 && in.State.Live(), TagsOffered{fresh})
}

// Offered says whether the tags of a message were offered to people, who may not have taken them.
func (in *Incident) Offered(ref MessageRef) bool { return in.offered[ref] }

// A FollowedMessage is a message that an entry or supporting information follows.
type FollowedMessage struct {
	Message MessageRef
	Said    time.Time
}

// Followed are the messages of a room that are tagged now and whose text is known.
func (in *Incident) Followed(room RoomID) []FollowedMessage {
	var all []FollowedMessage
	for ref, m := range in.messages {
		if ref.Platform == room.Platform && ref.Channel == room.Channel && m.content != nil && !m.deleted && len(m.setTags()) > 0 {
			all = append(all, FollowedMessage{ref, m.content.Said})
		}
	}
	slices.SortFunc(all, func(a, b FollowedMessage) int { return a.Said.Compare(b.Said) })
	return all
}
