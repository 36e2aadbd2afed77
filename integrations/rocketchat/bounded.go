package rocketchat

import "sync"

// bounded is a memory of limited size. It has two halves: when the younger one is full, it becomes the older one, whose
// contents are forgotten, but for what is asked for again.
type bounded[K comparable, V any] struct {
	mu         sync.Mutex
	young, old map[K]V
}

// boundedMost is the size of each half.
const boundedMost = 25000

func (b *bounded[K, V]) get(k K) (V, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.young[k]
	if ok {
		return v, true
	}
	if v, ok = b.old[k]; ok {
		b.keep(k, v)
	}
	return v, ok
}

// swap puts, and returns what was there before.
func (b *bounded[K, V]) swap(k K, v V) (was V, there bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	was, there = b.young[k]
	if !there {
		was, there = b.old[k]
	}
	b.keep(k, v)
	return was, there
}

func (b *bounded[K, V]) put(k K, v V) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.keep(k, v)
}

// keep is called with the lock held.
func (b *bounded[K, V]) keep(k K, v V) {
	if b.young == nil || len(b.young) >= boundedMost {
		b.old, b.young = b.young, map[K]V{}
	}
	b.young[k] = v
}

func (b *bounded[K, V]) drop(k K) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.young, k)
	delete(b.old, k)
}
