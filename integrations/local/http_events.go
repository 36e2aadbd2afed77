package local

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// events is a stream that tells a page when to read itself again ("changed"), and when what stands beside the chat may have
// changed ("beside"). An event bears the number of the chat's last line: a browser that comes back with another one has missed
// something, and is told so at once.
func (p *pages) events(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	changes := p.chat.Subscribe(ctx)
	var beside <-chan struct{}
	if p.o.Changed != nil {
		beside = p.o.Changed(ctx)
	}
	seq, err := p.seq()
	if err != nil {
		return err
	}
	s := newStream(w)
	err = s.begin()
	if last := r.Header.Get("Last-Event-ID"); err == nil && last != "" && last != strconv.FormatUint(seq, 10) {
		err = s.tell("changed", seq)
	}
	beat := time.NewTicker(p.o.Beat)
	defer beat.Stop()
	for err == nil {
		select {
		case _, open := <-changes:
			if seq, err = p.seq(); err == nil && open {
				err = s.tell("changed", seq)
			}
		case _, open := <-beside:
			if err = s.tell("beside", seq); !open {
				beside = nil
			}
		case <-beat.C:
			err = s.beat()
		case <-p.chat.closing:
			err = ErrClosed
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	p.o.Log.Debug().Err(err).Msg("a page's stream ended")
	return nil
}

// seq is the number of the chat's last line.
func (p *pages) seq() (seq uint64, err error) {
	err = p.chat.read(func(s *state) error {
		seq = s.seq
		return nil
	})
	return seq, err
}

// A stream is a response of server-sent events.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func newStream(w http.ResponseWriter) *stream {
	return &stream{w: w, control: http.NewResponseController(w)}
}

// patience is how long a browser that reads nothing holds a stream.
const patience = 30 * time.Second

func (s *stream) begin() error {
	s.w.Header().Set("Content-Type", "text/event-stream")
	s.w.Header().Set("Cache-Control", "no-store")
	return s.write("retry: 1000\n\n")
}

func (s *stream) tell(event string, id uint64) error {
	return s.write(fmt.Sprintf("event: %s\nid: %d\ndata: %d\n\n", event, id, id))
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
