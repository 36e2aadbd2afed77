package incident

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// An Entry is one line of the timeline with its four times: when it happened, when it was said, when it was tagged and
// when it was recorded.
type Entry struct {
	ID       EntryID
	Happened Moment
	Text     string
	Marker   Marker
	Said     time.Time // when the message was sent or the note typed
	Tagged   time.Time // when the first tag was set; zero for a note
	Recorded time.Time
	Author   PersonID
	Alias    string   // the author's name where a bridge gave one
	Tagger   PersonID // who set the first tag, or typed the note
	// Message is the message that the entry follows; nil for a note.
	Message *MessageRef
	Link    string
	Files   []File
	After   EntryID
	// Edited says which parts were set by hand.
	TextByHand, TimeByHand bool
	// Waiting says that the text is not known yet; Lost, if not empty, why it could not be read.
	Waiting bool
	Lost    string

	order   string
	seq     uint64
	removed bool // by hand
	hand    struct {
		text string
		at   Moment
	}
}

// message is what the log knows of a message that was tagged at some time.
type message struct {
	ref     MessageRef
	content *Content
	deleted bool
	lost    string
	tags    map[tagKey]tagState
	entry   EntryID // handle of its timeline entry and supporting item
	files   map[string]File
}

// tagKey tells the tags of a message apart: a reaction is each person's own, any other way there is one for all.
type tagKey struct {
	tag    Tag
	way    Way
	person PersonID
}

func keyOf(t Tag, w Way, p PersonID) tagKey {
	if !strings.HasPrefix(string(w), string(WayReaction)) {
		p = ""
	}
	return tagKey{t, w, p}
}

type tagState struct {
	set bool
	at  time.Time
	by  PersonID
	seq uint64
}

func (m *message) tagged(tag Tag) bool {
	for k, s := range m.tags {
		if k.tag == tag && s.set {
			return true
		}
	}
	return false
}

// first is the earliest tag of a kind that is set, and who set it.
func (m *message) first(tag Tag) (at time.Time, by PersonID) {
	var seq uint64
	for k, s := range m.tags {
		if k.tag != tag || !s.set {
			continue
		}
		if at.IsZero() || s.at.Before(at) || s.at.Equal(at) && s.seq < seq {
			at, by, seq = s.at, s.by, s.seq
		}
	}
	return at, by
}

// revise gives the message a copy to change, so that snapshots keep theirs.
func (in *Incident) revise(ref MessageRef) *message {
	m := message{ref: ref, tags: map[tagKey]tagState{}}
	if old, ok := in.messages[ref]; ok {
		m = *old
		m.tags = maps.Clone(old.tags)
	}
	in.messages[ref] = &m
	return &m
}

func (in *Incident) applyMessage(r Record, e Event) {
	switch e := e.(type) {
	case Tagged:
		in.applyTagged(r, e)
	case Untagged:
		in.applyUntagged(r, e)
	case MessageRead:
		m := in.revise(e.Message)
		m.content, m.lost = &e.Content, ""
	case MessageDeleted:
		in.revise(e.Message).deleted = true
	case MessageUnreadable:
		in.revise(e.Message).lost = e.Why
	case TagsOffered:
		for _, ref := range e.Messages {
			in.offered[ref] = true
		}
	case FileKept:
		m := in.revise(e.Message)
		m.files = maps.Clone(m.files)
		if m.files == nil {
			m.files = map[string]File{}
		}
		m.files[e.File.ID] = e.File
	}
}

func (in *Incident) applyTagged(r Record, e Tagged) {
	m := in.revise(e.Message)
	m.tags[keyOf(e.Tag, e.Way, e.Tagger)] = tagState{true, e.At, e.Tagger, r.Seq}
	m.entry = e.Entry
	in.count(e.Entry)
	if _, ok := in.entries[e.Entry]; !ok {
		in.entries[e.Entry] = &Entry{ID: e.Entry, Message: &e.Message, Recorded: r.At, seq: r.Seq}
	}
}

func (in *Incident) applyUntagged(r Record, e Untagged) {
	m := in.revise(e.Message)
	m.tags[keyOf(e.Tag, e.Way, e.Tagger)] = tagState{false, e.At, e.Tagger, r.Seq}
	if m.tagged(e.Tag) {
		return
	}
	// The last tag is gone: a removal by hand has done its work, and a new tag brings the entry back.
	switch e.Tag {
	case TagTimeline:
		in.changeEntry(m.entry, func(x *Entry) { x.removed = false })
	case TagSupporting:
		delete(in.outSupport, m.entry)
	}
}

func (in *Incident) changeEntry(id EntryID, change func(*Entry)) {
	old, ok := in.entries[id]
	if !ok {
		return
	}
	fresh := *old
	change(&fresh)
	in.entries[id] = &fresh
}

func (in *Incident) applyEntry(r Record, e Event) {
	switch e := e.(type) {
	case Noted:
		in.count(e.Entry)
		in.entries[e.Entry] = &Entry{ID: e.Entry, Happened: e.At, Text: e.Text, Said: e.Said, Recorded: r.At,
			Author: r.By, Tagger: r.By, After: e.After, Marker: e.Marker, seq: r.Seq}
	case EntryReworded:
		in.changeEntry(e.Entry, func(x *Entry) { x.TextByHand, x.hand.text = true, e.Text })
	case EntryRetimed:
		in.changeEntry(e.Entry, func(x *Entry) { x.TimeByHand, x.hand.at = true, e.At })
	case EntryFollows:
		in.changeEntry(e.Entry, func(x *Entry) {
			x.TextByHand, x.TimeByHand = x.TextByHand && !e.Text, x.TimeByHand && !e.Time
		})
	case EntryMarked:
		in.changeEntry(e.Entry, func(x *Entry) { x.Marker = e.Marker })
	case EntryRemoved:
		in.changeEntry(e.Entry, func(x *Entry) { x.removed = true })
	case EntryRestored:
		in.changeEntry(e.Entry, func(x *Entry) { x.removed = false })
	}
}

// count keeps the handles running: a handle is never given twice.
func (in *Incident) count(id EntryID) {
	if n := entryNumber(id); n > in.given.entries {
		in.given.entries = n
	}
}

func entryNumber(id EntryID) int {
	n := 0
	for _, c := range string(id)[min(1, len(id)):] {
		if c < '0' || c > '9' || n > 1<<40 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func (in *Incident) nextEntry() EntryID { return handle[EntryID]("e", in.given.entries+1) }

// seen is the entry as it now stands: of a message what the message says, overlaid with what was set by hand. It reports
// false for an entry that is not in the timeline.
func (in *Incident) seen(x *Entry) (Entry, bool) {
	if x.removed {
		return Entry{}, false
	}
	e := *x
	if e.Message != nil {
		m := in.messages[*e.Message]
		if m.deleted || !m.tagged(TagTimeline) {
			return Entry{}, false
		}
		e.follow(m, in)
	}
	if e.TextByHand {
		e.Text, e.Waiting, e.Lost = e.hand.text, false, ""
	}
	if e.TimeByHand {
		e.Happened = e.hand.at
	}
	return e, true
}

// follow fills the entry from its message.
func (e *Entry) follow(m *message, in *Incident) {
	e.Tagged, e.Tagger = m.first(TagTimeline)
	if m.content == nil {
		e.Waiting, e.Lost = m.lost == "", m.lost
		return
	}
	c := m.content
	e.Text, e.Said, e.Author, e.Alias, e.Link, e.order = c.Text, c.Said, c.Author, c.Alias, c.Link, c.Order
	e.Files = m.kept()
	e.Happened = in.moment(c.Said)
}

// moment is the time of a message, as finely as the incident takes tagged messages.
func (in *Incident) moment(said time.Time) Moment {
	if in.Precision == Day {
		local := said.In(in.Zone.Location())
		return OnDay(local.Date())
	}
	return At(said, in.Precision)
}

// kept are the files of a message, each as it lies in the store where it does.
func (m *message) kept() []File {
	files := slices.Clone(m.content.Files)
	for i, f := range files {
		if k, ok := m.files[f.ID]; ok {
			files[i] = k
		}
	}
	return files
}

// Entry is an entry of the timeline by its handle, or false if it is not (or no longer) in it.
func (in *Incident) Entry(id EntryID) (Entry, bool) {
	x, ok := in.entries[id]
	if !ok {
		return Entry{}, false
	}
	return in.seen(x)
}

// EntryOf is the handle of what a message became, if it was ever tagged.
func (in *Incident) EntryOf(ref MessageRef) (EntryID, bool) {
	m, ok := in.messages[ref]
	if !ok || m.entry == "" {
		return "", false
	}
	return m.entry, true
}
