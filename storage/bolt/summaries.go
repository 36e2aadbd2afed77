package bolt

import (
	"context"
	"encoding/binary"
	"sync"

	"boswell/incident"
	"boswell/storage"
)

// maxSummaries is how many decoded summaries are kept.
const maxSummaries = 20_000

// summaries keeps decoded summaries, so that a list of many incidents is as quick as going through their heads. They are
// handed out as they are kept: nobody changes what they lead to.
type summaries struct {
	mu   sync.Mutex
	byID map[incident.ID]listed
}

// listed is a summary as of one state of a log.
type listed struct {
	seq, erased uint64
	summary     storage.Summary
}

func newSummaries() *summaries { return &summaries{byID: map[incident.ID]listed{}} }

// warm reads the newest summaries, so that the first list is as quick as the next. What cannot be read is told to whoever lists
// it; a bot whose list is damaged still takes down what happens.
func (s *Store) warm() {
	left := maxSummaries
	_ = s.view(context.Background(), func(r *reader) error {
		for _, err := range r.Incidents() {
			if left--; err != nil || left == 0 {
				return err
			}
		}
		return nil
	})
}

// of is the summary in a committed head.
func (c *summaries) of(id incident.ID, head []byte) (storage.Summary, error) {
	if s, ok := c.lookup(id, head); ok {
		return s, nil
	}
	s, err := decodeSummary(head)
	if err != nil {
		return s, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.byID) >= maxSummaries {
		clear(c.byID)
	}
	c.byID[id] = listed{binary.BigEndian.Uint64(head), binary.BigEndian.Uint64(head[numberSize:]), s}
	return s, nil
}

func (c *summaries) lookup(id incident.ID, head []byte) (storage.Summary, bool) {
	if len(head) < tipSize {
		return storage.Summary{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, ok := c.byID[id]
	return kept.summary, ok && kept.seq == binary.BigEndian.Uint64(head) && kept.erased == binary.BigEndian.Uint64(head[numberSize:])
}
