package bot

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"boswell/chat"
	"boswell/storage"
)

// lanes are what is owed, as it is known in memory: in order within a lane, and the lanes by when their first effect is due.
// No step goes through all that is owed, of which there is much after a long outage.
type lanes struct {
	named   map[string]*line
	owed    map[chat.EffectID]*owed
	hanging map[chat.EffectID][]chat.EffectID // what waits for the result of an effect
	ready   map[share]*queue                  // lines whose first effect waits for nothing but its time
	load    map[share]int                     // how many lanes are worked on
	newest  chat.EffectID                     // that was added
}

// owed is an effect in the line of its lane.
type owed struct {
	storage.Owed
	line *line
}

// A line is the effects of one lane, which are done one after the other.
type line struct {
	effects []*owed // first is next; never empty in named
	working bool
	share   share  // of the effect that is worked on
	queue   *queue // where it is ready; nil where it is not
	index   int    // in that queue
}

// A share is what effects of one sort may take up of one platform, so that a slow platform delays only itself, and reading
// delays nothing that is to be said.
type share struct {
	platform chat.PlatformID
	sort     sort
}

// sort is a sort of effects that take about as long.
type sort int

const (
	says  sort = iota // a call or two
	looks             // one message is looked up, and there may be many
	reads             // a room is read back or a file fetched, for minutes
)

// atATime is how many lanes of one share are worked on at once.
var atATime = map[sort]int{says: 8, looks: 4, reads: 3}

func newLanes() *lanes {
	return &lanes{named: map[string]*line{}, owed: map[chat.EffectID]*owed{}, hanging: map[chat.EffectID][]chat.EffectID{},
		ready: map[share]*queue{}, load: map[share]int{}}
}

// add takes an effect that is newly owed; one that was added before is left as it is.
func (ls *lanes) add(e storage.Owed) {
	if e.ID <= ls.newest {
		return
	}
	ls.newest = e.ID
	l := ls.named[e.Lane]
	if l == nil {
		l = &line{}
		ls.named[e.Lane] = l
	}
	ls.owed[e.ID] = &owed{e, l}
	l.effects = append(l.effects, ls.owed[e.ID])
	if of := chat.TargetOf(e.Effect).Of; of != 0 {
		ls.hanging[of] = append(ls.hanging[of], e.ID)
	}
	ls.arrange(l)
}

// put says how an effect stands now. One that was not added yet is read as it stands.
func (ls *lanes) put(e storage.Owed) {
	if o, known := ls.owed[e.ID]; known {
		o.Owed = e
		ls.arrange(o.line)
	}
}

// remove forgets an effect that is not owed any more.
func (ls *lanes) remove(id chat.EffectID) {
	o, known := ls.owed[id]
	if !known {
		return
	}
	delete(ls.owed, id)
	delete(ls.hanging, id)
	l := o.line
	if l.effects[0] == o {
		l.effects = l.effects[1:]
	} else {
		l.effects = slices.DeleteFunc(l.effects, func(other *owed) bool { return other == o })
	}
	if len(l.effects) == 0 {
		delete(ls.named, o.Lane)
	}
	ls.arrange(l)
}

// arrange puts a line where it belongs, now that its first effect or its work may be another.
func (ls *lanes) arrange(l *line) {
	if l.queue != nil {
		heap.Remove(l.queue, l.index)
	}
	if l.working || len(l.effects) == 0 || waits(l.effects[0].Owed) {
		return
	}
	at := share{l.effects[0].Platform, traitOf(l.effects[0].Effect).sort}
	if ls.ready[at] == nil {
		ls.ready[at] = &queue{}
	}
	heap.Push(ls.ready[at], l)
}

// begin takes the lines whose first effect is due, as many as are worked on at once, and says when the next one is due; zero
// is never, or when one of them has ended.
func (ls *lanes) begin(now time.Time) (begun []*line, next time.Time) {
	for at, q := range ls.ready {
		for len(*q) > 0 && ls.load[at] < atATime[at.sort] {
			if due := (*q)[0].due(); due.After(now) {
				if next.IsZero() || due.Before(next) {
					next = due
				}
				break
			}
			l := (*q)[0]
			l.working, l.share = true, at
			ls.load[at]++
			ls.arrange(l)
			begun = append(begun, l)
		}
	}
	return begun, next
}

// end says that a line is not worked on any more.
func (ls *lanes) end(l *line) {
	l.working = false
	ls.load[l.share]--
	ls.arrange(l)
}

// busy says that something is worked on or due.
func (ls *lanes) busy(now time.Time) bool {
	for _, n := range ls.load {
		if n > 0 {
			return true
		}
	}
	for _, q := range ls.ready {
		if len(*q) > 0 && !(*q)[0].due().After(now) {
			return true
		}
	}
	return false
}

func (l *line) due() time.Time { return l.effects[0].Due }

// next is the first effect of a line, with the later ones that make it needless.
func (l *line) next() []storage.Owed {
	first := l.effects[0]
	take := []storage.Owed{first.Owed}
	for _, e := range l.effects[1:] {
		if replaces(e.Effect, first.Effect) {
			take = append(take, e.Owed)
		}
	}
	return take
}

// waits says that an effect's target is the result of another one that is still owed.
func waits(e storage.Owed) bool { return chat.TargetOf(e.Effect).Of != 0 }

// replaces says that a later effect leaves nothing of an earlier one: both edit one message, or set the topic of one room.
func replaces(later, earlier chat.Effect) bool {
	switch e := earlier.(type) {
	case chat.Edit:
		l, ok := later.(chat.Edit)
		return ok && l.On == e.On
	case chat.SetTopic:
		l, ok := later.(chat.SetTopic)
		return ok && l.To == e.To
	default:
		return false
	}
}

// A queue is ready lines, as a heap: the one that is due first, and was owed first, lies on top.
type queue []*line

// Len, Less, Swap, Push and Pop make it a heap.Interface.
func (q queue) Len() int { return len(q) }

// Less compares by when the first effects are due.
func (q queue) Less(i, j int) bool {
	a, b := q[i].effects[0], q[j].effects[0]
	return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) < 0
}

// Swap keeps the lines' own knowledge of where they are.
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push adds a line at the end.
func (q *queue) Push(x any) {
	l := x.(*line)
	l.queue, l.index = q, len(*q)
	*q = append(*q, l)
}

// Pop takes the last line.
func (q *queue) Pop() any {
	last := len(*q) - 1
	l := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	l.queue = nil
	return l
}
