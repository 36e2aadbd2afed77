package rocketchat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// frameMost bounds one frame of the server. A longer one is passed over.
const frameMost = 16 << 20

// frame is one frame of DDP, as far as any of them is read.
type frame struct {
	Msg        string          `json:"msg"`
	ID         string          `json:"id"`
	Session    string          `json:"session"`
	Collection string          `json:"collection"`
	Subs       []string        `json:"subs"`
	Error      *ddpError       `json:"error"`
	Result     json.RawMessage `json:"result"`
	Fields     struct {
		Event string            `json:"eventName"`
		Args  []json.RawMessage `json:"args"`
	} `json:"fields"`
}

// ddpError is an answer that says no.
type ddpError struct {
	Code    json.RawMessage `json:"error"` // a number or a word
	Reason  string          `json:"reason"`
	Message string          `json:"message"`
	Details struct {
		Wait float64 `json:"timeToReset"` // milliseconds
	} `json:"details"`
}

// UnmarshalJSON reads an error, which may be a mere word.
func (e *ddpError) UnmarshalJSON(data []byte) error {
	type shape ddpError
	var s shape
	if json.Unmarshal(data, &s) != nil {
		s = shape{Code: bytes.Clone(data)}
	}
	*e = ddpError(s)
	return nil
}

// Error is what the server said.
func (e *ddpError) Error() string {
	return clip(first(e.Reason, e.Message, e.code(), "refused without a reason"), 300)
}

func (e *ddpError) code() string { return strings.Trim(string(e.Code), `"`) }

// wait is how long the server wants to be left alone; 0 where this is no rate limit.
func (e *ddpError) wait() time.Duration {
	if e.code() != "too-many-requests" && e.code() != codeTooMany {
		return 0
	}
	return min(max(time.Duration(e.Details.Wait)*time.Millisecond, 100*time.Millisecond), delayMost)
}

// A line is one connection over DDP.
type line struct {
	conn    *websocket.Conn
	silence time.Duration
	trace   func(bool)
	// stream takes each frame of a stream, in order, as it came; the bytes are the line's.
	stream func(data []byte, done func())

	now       func() time.Time
	alive     atomic.Int64 // when something was read last, by the clock of what happens to people
	heard     atomic.Int64 // when something was read last, or done with what was read
	busy      atomic.Bool  // what was read is being taken: silence is not the server's
	connected chan string
	settled   func() // of the greeting

	mu      sync.Mutex
	waiting map[string]chan frame
	next    int

	ended chan struct{}
	why   error
}

// dial connects to the server's socket.
func (p *Platform) dial(ctx context.Context, stream func([]byte, func())) (*line, error) {
	ctx, cancel := context.WithTimeout(ctx, p.o.Silence)
	defer cancel()
	client := *p.o.HTTP
	client.Timeout = 0 // it would end the socket, too
	address := "ws" + strings.TrimPrefix(p.cfg.URL, "http") + "/websocket"
	conn, res, err := websocket.Dial(ctx, address, &websocket.DialOptions{HTTPClient: &client})
	if err != nil {
		if res != nil && res.StatusCode != http.StatusSwitchingProtocols {
			return nil, fmt.Errorf("the server answers with HTTP status %d in place of a socket; a proxy before it has to pass WebSockets on", res.StatusCode)
		}
		return nil, scrub(err)
	}
	conn.SetReadLimit(-1) // frames are bounded here, so that a long one does not cost the connection
	l := &line{conn: conn, silence: p.o.Silence, trace: p.o.Trace, stream: stream, connected: make(chan string, 1),
		waiting: map[string]chan frame{}, ended: make(chan struct{})}
	l.settled = sync.OnceFunc(func() { l.trace(true) })
	l.now = p.o.Now
	l.alive.Store(l.now().UnixNano())
	l.heard.Store(time.Now().UnixNano())
	return l, nil
}

// read reads to the end of the line, which is when ctx is done at the latest.
func (l *line) read(ctx context.Context) {
	defer close(l.ended)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go l.watch(ctx)
	var buf bytes.Buffer
	for {
		if err := l.readOne(ctx, &buf); err != nil {
			l.why = err
			// It is over either way; closing may fail because it is closed.
			_ = l.conn.CloseNow()
			l.settleGreeting()
			return
		}
	}
}

// readOne reads one frame and takes it.
func (l *line) readOne(ctx context.Context, buf *bytes.Buffer) error {
	_, r, err := l.conn.Reader(ctx)
	if err != nil {
		return err
	}
	buf.Reset()
	if _, err := buf.ReadFrom(io.LimitReader(r, frameMost+1)); err != nil {
		return err
	}
	l.alive.Store(l.now().UnixNano())
	l.heard.Store(time.Now().UnixNano())
	if buf.Len() > frameMost {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	l.busy.Store(true)
	defer func() {
		l.heard.Store(time.Now().UnixNano())
		l.busy.Store(false)
	}()
	return l.take(ctx, buf.Bytes())
}

var (
	streamFrame  = []byte(`"collection":"stream-`)
	changedFrame = []byte(`"msg":"changed"`)
)

// take does what one frame asks for.
func (l *line) take(ctx context.Context, data []byte) error {
	if bytes.Contains(data, streamFrame) && bytes.Contains(data, changedFrame) {
		l.trace(false)
		l.stream(data, func() { l.trace(true) })
		return nil
	}
	var f frame
	if json.Unmarshal(data, &f) != nil {
		return nil // nothing of DDP
	}
	switch f.Msg {
	case "ping":
		return l.write(ctx, struct {
			Msg string `json:"msg"`
			ID  string `json:"id,omitempty"`
		}{"pong", f.ID})
	case "connected":
		l.greeted(f.Session)
	case "failed":
		return errors.New("the server does not speak DDP version 1")
	case "result", "nosub":
		l.answered(f.ID, f)
	case "ready":
		for _, id := range f.Subs {
			l.answered(id, f)
		}
	}
	return nil
}

// greeted takes the server's greeting. A second one says nothing.
func (l *line) greeted(session string) {
	l.trace(false)
	select {
	case l.connected <- session:
	default:
		l.trace(true)
	}
}

func (l *line) answered(id string, f frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c, ok := l.waiting[id]; ok {
		delete(l.waiting, id)
		c <- f
	}
}

// settleGreeting ends the greeting, if there was one that nobody took.
func (l *line) settleGreeting() {
	select {
	case <-l.connected:
		l.settled()
	default:
	}
}

func (l *line) write(ctx context.Context, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, l.silence)
	defer cancel()
	return l.conn.Write(ctx, websocket.MessageText, data)
}

// watch asks a silent server for a sign of life, and closes the line when none comes.
func (l *line) watch(ctx context.Context) {
	tick := time.NewTicker(max(l.silence/8, time.Millisecond))
	defer tick.Stop()
	asked := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		quiet := time.Since(time.Unix(0, l.heard.Load()))
		switch {
		case l.busy.Load() || quiet < l.silence/2:
			asked = false
		case quiet >= l.silence:
			// The reading ends with the connection, however that is closed.
			_ = l.conn.CloseNow()
			return
		case !asked:
			asked = true
			if l.write(ctx, map[string]string{"msg": "ping"}) != nil {
				return // the reading ends by itself
			}
		}
	}
}

// greet makes a session.
func (l *line) greet(ctx context.Context) error {
	if err := l.write(ctx, map[string]any{"msg": "connect", "version": "1", "support": []string{"1"}}); err != nil {
		return err
	}
	timer := time.NewTimer(l.silence)
	defer timer.Stop()
	select {
	case <-l.connected:
		return nil
	case <-l.ended:
		return l.end()
	case <-timer.C:
		return errors.New("the server did not greet")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end is why the line ended.
func (l *line) end() error {
	var closed websocket.CloseError
	if errors.As(l.why, &closed) {
		return fmt.Errorf("the server closed the socket with code %d", closed.Code)
	}
	return l.why
}

// call calls a method and waits for its result.
func (l *line) call(ctx context.Context, method string, params ...any) (json.RawMessage, error) {
	f, err := l.ask(ctx, func(id string) any {
		return map[string]any{"msg": "method", "method": method, "id": id, "params": params}
	})
	return f.Result, err
}

// subscribe asks for a stream and waits until it flows.
func (l *line) subscribe(ctx context.Context, stream, key string) error {
	_, err := l.ask(ctx, func(id string) any {
		return map[string]any{"msg": "sub", "id": id, "name": stream, "params": []any{key, map[string]any{"useCollection": false, "args": []any{}}}}
	})
	return err
}

// ask sends a frame and waits for what answers it.
func (l *line) ask(ctx context.Context, made func(id string) any) (frame, error) {
	answer := make(chan frame, 1)
	l.mu.Lock()
	l.next++
	id := strconv.Itoa(l.next)
	l.waiting[id] = answer
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.waiting, id)
	}()
	if err := l.write(ctx, made(id)); err != nil {
		return frame{}, err
	}
	timer := time.NewTimer(2 * l.silence)
	defer timer.Stop()
	select {
	case f := <-answer:
		if f.Error != nil {
			return f, f.Error
		}
		if f.Msg == "nosub" {
			return f, errors.New("the server refused a subscription without a reason")
		}
		return f, nil
	case <-l.ended:
		return frame{}, l.end()
	case <-timer.C:
		return frame{}, errors.New("the server did not answer")
	case <-ctx.Done():
		return frame{}, ctx.Err()
	}
}
