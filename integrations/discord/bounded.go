package discord

import "sync"

// rememberMost is how many things each memory holds.
const rememberMost = 5000

// bounded is a memory that forgets the oldest when it is full.
type bounded[K comparable, V any] struct {
	mu    sync.Mutex
	known map[K]V
	order []K
}

func (b *bounded[K, V]) get(key K) (V, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.known[key]
	return v, ok
}

// put remembers a value and says whether the key is new.
func (b *bounded[K, V]) put(key K, value V) (fresh bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known == nil {
		b.known = map[K]V{}
	}
	if _, there := b.known[key]; !there {
		fresh = true
		b.order = append(b.order, key)
	}
	b.known[key] = value
	if len(b.order) > rememberMost {
		delete(b.known, b.order[0])
		b.order = b.order[1:]
	}
	return fresh
}
