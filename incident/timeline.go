package incident

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Timeline is the entries in the order in which they happened: those without a time first, in their order of entry; then
// by start; equal starts by when they were said, then as the platform orders its messages, then as they were recorded. A
// day without a time of day stands before the timed entries of that day. When a tag was set plays no part.
func (in *Incident) Timeline() []Entry {
	entries, loc := in.shown(false), in.Zone.Location()
	slices.SortFunc(entries, func(a, b *Entry) int { return compareEntries(a, b, loc) })
	return values(anchored(entries, loc))
}

// Pending are the tagged messages whose text is not known, in the order of their tags: those still to be looked up and those
// that could not be read.
func (in *Incident) Pending() []Entry {
	entries := in.shown(true)
	slices.SortFunc(entries, func(a, b *Entry) int { return cmp.Compare(a.seq, b.seq) })
	return values(entries)
}

// shown are the entries as they now stand, in no order: those that are pending, or all others.
func (in *Incident) shown(pending bool) []*Entry {
	entries := make([]*Entry, 0, len(in.entries))
	for _, x := range in.entries {
		if e, ok := in.seen(x); ok && e.pending() == pending {
			entries = append(entries, &e)
		}
	}
	return entries
}

func values(entries []*Entry) []Entry {
	list := make([]Entry, len(entries))
	for i, e := range entries {
		list[i] = *e
	}
	return list
}

// pending says that nothing is known yet that could be printed.
func (e *Entry) pending() bool { return e.Message != nil && e.Said.IsZero() && !e.TextByHand }

func compareEntries(a, b *Entry, loc *time.Location) int {
	if !a.Happened.Known() && !b.Happened.Known() {
		return cmp.Compare(a.seq, b.seq)
	}
	return cmp.Or(
		cmp.Compare(a.knownRank(), b.knownRank()),
		a.Happened.Instant(loc).Compare(b.Happened.Instant(loc)),
		cmp.Compare(a.clockRank(), b.clockRank()),
		a.Said.Compare(b.Said),
		strings.Compare(a.order, b.order),
		cmp.Compare(a.seq, b.seq),
	)
}

// knownRank puts the entries without a time first.
func (e *Entry) knownRank() int {
	if e.Happened.Known() {
		return 1
	}
	return 0
}

// clockRank puts a day before the timed entries of its first minute.
func (e *Entry) clockRank() int {
	if e.Happened.Clock() {
		return 1
	}
	return 0
}

// anchored puts the entries that were placed by hand directly behind the one they name, each behind those placed there
// before it. An entry whose own time differs stands by its time.
func anchored(entries []*Entry, loc *time.Location) []*Entry {
	if !slices.ContainsFunc(entries, func(e *Entry) bool { return e.After != "" }) {
		return entries
	}
	starts := make(map[EntryID]time.Time, len(entries))
	for _, e := range entries {
		starts[e.ID] = e.Happened.Instant(loc)
	}
	var free []*Entry
	behind := map[EntryID][]*Entry{}
	for _, e := range entries {
		start, there := starts[e.After]
		if !there || !e.younger(e.After) || e.Happened.Known() && !e.Happened.Instant(loc).Equal(start) {
			free = append(free, e)
			continue
		}
		behind[e.After] = append(behind[e.After], e)
	}
	ordered := make([]*Entry, 0, len(entries))
	for _, e := range free {
		ordered = place(ordered, e, behind)
	}
	return ordered
}

// younger says that the entry came after another one. Only such an entry can be placed behind the other, so that no two wait
// for each other.
func (e *Entry) younger(than EntryID) bool { return compareHandles(string(than), string(e.ID)) < 0 }

func place(ordered []*Entry, e *Entry, behind map[EntryID][]*Entry) []*Entry {
	ordered = append(ordered, e)
	next := behind[e.ID]
	slices.SortFunc(next, func(a, b *Entry) int { return cmp.Compare(a.seq, b.seq) })
	for _, b := range next {
		ordered = place(ordered, b, behind)
	}
	return ordered
}

// Numbered is the entry that stands at a place of the timeline, counted from 1.
func (in *Incident) Numbered(n int) (Entry, error) {
	entries := in.Timeline()
	if len(entries) == 0 {
		return Entry{}, Refuse("The timeline of %s is empty. Pin a message with 📌, or write `%s`.", in.ID, in.typed("note <text>"))
	}
	if n < 1 || n > len(entries) {
		return Entry{}, Refuse("There is no entry %d: the timeline of %s goes from 1 to %d. `%s` shows it.", n, in.ID, len(entries), in.typed("timeline"))
	}
	return entries[n-1], nil
}

// Place is the number that an entry has in the timeline now; 0 if it is not in it.
func (in *Incident) Place(id EntryID) int {
	return 1 + slices.IndexFunc(in.Timeline(), func(e Entry) bool { return e.ID == id })
}
