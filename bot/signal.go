package bot

import "sync"

// A signal tells whoever waits for something that it happened.
type signal struct {
	mu      sync.Mutex
	waiters chan struct{} // closed when it happens; nil while nobody waits
}

// next is closed when it happens next.
func (s *signal) next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiters == nil {
		s.waiters = make(chan struct{})
	}
	return s.waiters
}

func (s *signal) tell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiters != nil {
		close(s.waiters)
		s.waiters = nil
	}
}
