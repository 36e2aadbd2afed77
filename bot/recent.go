package bot

import (
	"container/list"
	"sync"

	"boswell/chat"
)

// recentMessages is how many messages of linked rooms are remembered, so that a tag finds the text without asking.
const recentMessages = 5000

// recent is the bounded memory of messages: what they last said, or that they are gone. An older version never replaces a
// newer one, and nothing comes back after a deletion.
type recent struct {
	mu    sync.Mutex
	max   int
	order *list.List // of *remembered, least recently used first
	byRef map[chat.Ref]*list.Element
}

type remembered struct {
	ref  chat.Ref
	said chat.Said
	gone bool
}

func newRecent(most int) *recent {
	return &recent{max: most, order: list.New(), byRef: map[chat.Ref]*list.Element{}}
}

// hear remembers what a message says, and returns what is known now.
func (m *recent) hear(s chat.Said) remembered {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.touch(s.Ref)
	r := e.Value.(*remembered)
	if !r.gone && !r.said.Edited.After(s.Edited) {
		r.said = s
	}
	return *r
}

// forget remembers that a message is gone.
func (m *recent) forget(ref chat.Ref) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.touch(ref).Value.(*remembered)
	r.gone, r.said = true, chat.Said{}
}

// recall is what is known of a message.
func (m *recent) recall(ref chat.Ref) (remembered, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.byRef[ref]
	if !ok {
		return remembered{}, false
	}
	m.order.MoveToBack(e)
	return *e.Value.(*remembered), true
}

func (m *recent) touch(ref chat.Ref) *list.Element {
	if e, ok := m.byRef[ref]; ok {
		m.order.MoveToBack(e)
		return e
	}
	e := m.order.PushBack(&remembered{ref: ref})
	m.byRef[ref] = e
	if m.order.Len() > m.max {
		oldest := m.order.Front()
		m.order.Remove(oldest)
		delete(m.byRef, oldest.Value.(*remembered).ref)
	}
	return e
}
