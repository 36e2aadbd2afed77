package discord

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"net"
	"sync"
	"time"
)

// A lifeline is the connection under a session, watched from below. discordgo tells neither why a socket was closed nor that
// it hangs, and asking it takes locks that a session that hangs holds for ever.
type lifeline struct {
	net.Conn
	frames frames

	mu   sync.Mutex
	last time.Time

	// ended hears once why reading ended: the code of a close frame, or 0.
	ended chan int
	// turned hears once of an order to reconnect.
	turned chan struct{}
}

// newLifeline watches a connection; turned has room for one word.
func newLifeline(conn net.Conn, turned chan struct{}) *lifeline {
	l := &lifeline{Conn: conn, last: time.Now(), ended: make(chan int, 1), turned: turned}
	l.frames.small = l.saw
	return l
}

// Read reads, and notes that there is life.
func (l *lifeline) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if n > 0 {
		l.mu.Lock()
		l.last = time.Now()
		l.mu.Unlock()
		l.frames.feed(p[:n])
	}
	if err != nil {
		l.end(0)
	}
	return n, err
}

// silent is for how long nothing has come.
func (l *lifeline) silent() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.last)
}

func (l *lifeline) end(code int) {
	select {
	case l.ended <- code:
	default:
	}
}

// saw takes a short frame.
func (l *lifeline) saw(opcode byte, payload []byte) {
	if opcode == frameClose {
		code := 0
		if len(payload) >= 2 {
			code = int(binary.BigEndian.Uint16(payload))
		}
		l.end(code)
		return
	}
	var order struct {
		Op   int `json:"op"`
		Data any `json:"d"`
	}
	if err := json.Unmarshal(payload, &order); err != nil {
		return
	}
	switch order.Op {
	case opReconnect:
		select {
		case l.turned <- struct{}{}:
		default:
		}
	case opInvalid:
		l.invalid(order.Data == true)
	}
}

// invalid ends a connection whose session is not valid, before discordgo begins another on it without asking whether there
// may be one.
func (l *lifeline) invalid(resumable bool) {
	code := codeSessionOver
	if resumable {
		code = 0
	}
	l.end(code)
	// The other side is told by the end itself.
	_ = l.Close()
}

// What the watcher knows of WebSocket and of the gateway.
const (
	frameText   = 1
	frameClose  = 8
	shortFrame  = 125
	opReconnect = 7
	opInvalid   = 9

	// codeSessionOver is that of a session that cannot be resumed.
	codeSessionOver = 4009
)

// frames takes a stream from a server of WebSocket apart, as it comes, and hands over the short frames of text and the one
// that closes. Frames of a server are not masked.
type frames struct {
	small func(opcode byte, payload []byte)

	begun  bool   // the answer to the handshake is over
	head   []byte // of the answer, or of the frame, as far as it came
	opcode byte
	keep   bool
	left   uint64
	body   []byte
}

var endOfHandshake = []byte("\r\n\r\n")

func (f *frames) feed(data []byte) {
	if !f.begun {
		data = f.skipHandshake(data)
	}
	for len(data) > 0 {
		if f.left > 0 {
			data = f.payload(data)
			continue
		}
		f.head = append(f.head, data[0])
		data = data[1:]
		f.header()
	}
}

func (f *frames) skipHandshake(data []byte) []byte {
	f.head = append(f.head, data...)
	at := bytes.Index(f.head, endOfHandshake)
	if at < 0 {
		f.head = f.head[max(len(f.head)-len(endOfHandshake), 0):]
		return nil
	}
	rest := f.head[at+len(endOfHandshake):]
	f.begun, f.head = true, nil
	return rest
}

// header reads the head of a frame once it is complete.
func (f *frames) header() {
	if len(f.head) < 2 {
		return
	}
	size, need := uint64(f.head[1]&0x7f), 2
	switch size {
	case 126:
		need = 4
	case 127:
		need = 10
	}
	if len(f.head) < need {
		return
	}
	switch need {
	case 4:
		size = uint64(binary.BigEndian.Uint16(f.head[2:]))
	case 10:
		size = binary.BigEndian.Uint64(f.head[2:])
	}
	f.opcode, f.left = f.head[0]&0x0f, size
	f.keep = size <= shortFrame && (f.opcode == frameText || f.opcode == frameClose)
	f.head, f.body = f.head[:0], f.body[:0]
	if size == 0 {
		f.done()
	}
}

func (f *frames) payload(data []byte) []byte {
	n := min(f.left, uint64(len(data)))
	if f.keep {
		f.body = append(f.body, data[:n]...)
	}
	if f.left -= n; f.left == 0 {
		f.done()
	}
	return data[n:]
}

func (f *frames) done() {
	if f.keep {
		f.small(f.opcode, f.body)
	}
}
