package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"boswell/incident"
	"boswell/storage"
)

// Changed tells, until ctx is done, that parts may show something else now. What happens while nobody listens is told once.
func (s *Site) Changed(ctx context.Context) <-chan struct{} {
	changed := make(chan struct{}, 1)
	commits := s.store.Watch(ctx)
	go func() {
		defer close(changed)
		for c := range commits {
			if len(c.Incidents) == 0 {
				continue
			}
			select {
			case changed <- struct{}{}:
			default:
			}
		}
	}()
	return changed
}

// events is a stream that tells when an incident changed. Each event carries the number of the last record, so a browser that
// comes back hears at once whether it missed anything.
func (s *Site) events(w http.ResponseWriter, r *http.Request) error {
	commits := s.store.Watch(r.Context())
	head, id, err := s.head(r)
	if err != nil {
		return err
	}
	stream := newStream(w)
	if err := stream.begin(); err != nil {
		return s.gone(err)
	}
	if last, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64); err != nil || last != head {
		if err := stream.tell(head); err != nil {
			return s.gone(err)
		}
	}
	beat := time.NewTicker(s.o.Beat)
	defer beat.Stop()
	for {
		select {
		case commit, open := <-commits:
			if !open {
				return nil
			}
			if !slices.Contains(commit.Incidents, id) {
				continue
			}
			if head, _, err = s.head(r); err != nil {
				return s.gone(err)
			}
			err = stream.tell(head)
		case <-beat.C:
			err = stream.beat()
		}
		if err != nil {
			return s.gone(err)
		}
	}
}

// gone ends a stream. Its visitor comes back and is told then what is wrong, so the error is only noted.
func (s *Site) gone(err error) error {
	s.log.Debug().Err(err).Msg("a stream ended")
	return nil
}

// head is the number of the last record of the incident that a request names.
func (s *Site) head(r *http.Request) (seq uint64, id incident.ID, err error) {
	err = s.look(r, func(_ storage.Reader, in *incident.Incident) error {
		seq, id = in.Head, in.ID
		return nil
	})
	return seq, id, err
}

// A stream is a response of server-sent events.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func newStream(w http.ResponseWriter) *stream {
	return &stream{w: w, control: http.NewResponseController(w)}
}

// patience is how long a visitor who reads nothing holds a stream.
const patience = 30 * time.Second

func (s *stream) begin() error {
	s.w.Header().Set("Content-Type", "text/event-stream")
	s.w.Header().Set("Cache-Control", "no-store")
	return s.write("retry: 1000\n\n")
}

func (s *stream) tell(head uint64) error {
	return s.write(fmt.Sprintf("event: changed\nid: %d\ndata: %d\n\n", head, head))
}

func (s *stream) beat() error { return s.write(": still here\n\n") }

func (s *stream) write(text string) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
