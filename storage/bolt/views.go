package bolt

import (
	"context"
	"sync"
)

// views counts the readers that are under way, so that pages they may still look at are left alone.
type views struct {
	mu   sync.Mutex
	open int
	idle chan struct{} // closed when the last one ends; nil where nobody waits
}

func (v *views) begin() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.open++
}

func (v *views) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.open--
	if v.open == 0 && v.idle != nil {
		close(v.idle)
		v.idle = nil
	}
}

// without runs fn while no view is open, and lets none begin meanwhile. It reports false, without running fn, if one is open.
func (v *views) without(fn func()) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.open > 0 {
		return false
	}
	fn()
	return true
}

// wait waits until there was a moment without a view.
func (v *views) wait(ctx context.Context) error {
	v.mu.Lock()
	if v.open == 0 {
		v.mu.Unlock()
		return nil
	}
	if v.idle == nil {
		v.idle = make(chan struct{})
	}
	idle := v.idle
	v.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
