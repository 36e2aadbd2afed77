package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
)

// errSwitchedOff says that Socket Mode was switched off in the settings of the app.
var errSwitchedOff = errors.New("socket mode is switched off")

const (
	shakeMost  = 20 * time.Second
	writeMost  = 10 * time.Second
	frameMost  = 8 << 20
	frameWrite = 32 << 10 // an acknowledgement is one frame: Slack does not put several together
	lingerMost = time.Minute
)

// socket is one connection of Socket Mode.
type socket struct {
	conn    *websocket.Conn
	silence time.Duration

	leaving chan struct{} // closed when Slack says that it will close the socket
	closed  chan struct{} // closed when it is
	why     error         // set before either is closed
	used    bool          // something was delivered over it; set before closed is
	once    sync.Once

	writing sync.Mutex
}

// dial opens a socket.
func (p *Platform) dial(ctx context.Context) (*socket, error) {
	_, address, err := p.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: shakeMost, WriteBufferSize: frameWrite}
	conn, res, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, scrub(err)
	}
	if res != nil && res.Body != nil {
		res.Body.Close()
	}
	conn.SetReadLimit(frameMost)
	s := &socket{conn: conn, silence: p.o.Silence, leaving: make(chan struct{}), closed: make(chan struct{})}
	conn.SetPingHandler(s.ping)
	return s, s.listen()
}

// listen puts off the moment when the socket is taken for dead.
func (s *socket) listen() error { return s.conn.SetReadDeadline(time.Now().Add(s.silence)) }

func (s *socket) ping(data string) error {
	if err := s.listen(); err != nil {
		return err
	}
	// A pong that could not be written shows as a failed read soon enough.
	_ = s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeMost))
	return nil
}

// read hands on every envelope until the socket is closed or ctx is done. It leaves the socket open for acknowledgements.
func (s *socket) read(ctx context.Context, take func(envelope)) {
	stop := context.AfterFunc(ctx, func() { s.expire() })
	defer stop()
	for {
		_, data, err := s.conn.ReadMessage()
		if err != nil {
			s.end(err)
			return
		}
		if err := s.listen(); err != nil {
			s.end(err)
			return
		}
		if ctx.Err() != nil {
			s.end(ctx.Err())
			return
		}
		s.frame(data, take)
	}
}

// expire ends a read that is under way.
func (s *socket) expire() {
	// The read that this is to end fails by itself if the connection is gone.
	_ = s.conn.SetReadDeadline(time.Now())
}

// frame takes one message of the socket.
func (s *socket) frame(data []byte, take func(envelope)) {
	var r socketmode.Request
	err := json.Unmarshal(data, &r)
	switch {
	case err != nil && r.EnvelopeID == "":
		take(envelope{kind: "not JSON", ack: func(any) {}})
	case r.Type == socketmode.RequestTypeHello:
	case r.Type == socketmode.RequestTypeDisconnect:
		s.leave(r.Reason)
	default:
		s.used = true
		take(envelope{kind: r.Type, id: r.EnvelopeID, attempt: r.RetryAttempt, payload: r.Payload,
			ack: func(payload any) { s.ack(r.EnvelopeID, payload) }})
	}
}

// leave notes that Slack is about to close the socket. It goes on being read until then.
func (s *socket) leave(reason string) {
	s.once.Do(func() {
		if reason == "link_disabled" {
			s.why = errSwitchedOff
		}
		close(s.leaving)
	})
	// A socket that is to be closed and never is would be read for ever.
	time.AfterFunc(lingerMost, func() { s.conn.Close() })
}

// warned says that Slack said it would close the socket.
func (s *socket) warned() bool {
	select {
	case <-s.leaving:
		return true
	default:
		return false
	}
}

func (s *socket) end(err error) {
	s.once.Do(func() { s.why = err })
	close(s.closed)
}

// ack acknowledges an envelope. Where that does not get through, Slack delivers again.
func (s *socket) ack(id string, payload any) {
	data, err := json.Marshal(socketmode.Response{EnvelopeID: id, Payload: payload})
	if err != nil {
		data, _ = json.Marshal(socketmode.Response{EnvelopeID: id}) // two strings: this cannot fail
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeMost)); err != nil {
		return
	}
	_ = s.conn.WriteMessage(websocket.TextMessage, data) // a failed write is a closed socket, which the reader notices
}

// close says good-bye.
func (s *socket) close() {
	message := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = s.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second)) // nobody may be there any more
	s.conn.Close()
}
