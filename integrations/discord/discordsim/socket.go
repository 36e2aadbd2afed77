package discordsim

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// A socket is one connection; what is to be sent waits in a queue, so that a slow reader holds nobody up.
type socket struct {
	conn  *websocket.Conn
	mu    sync.Mutex
	queue [][]byte
	kinds []int
	wake  chan struct{}
	gone  chan struct{}
	once  sync.Once
}

func (k *socket) write() {
	for {
		k.mu.Lock()
		queue, kinds := k.queue, k.kinds
		k.queue, k.kinds = nil, nil
		k.mu.Unlock()
		for i := range queue {
			if err := k.conn.WriteMessage(kinds[i], queue[i]); err != nil {
				return
			}
		}
		select {
		case <-k.wake:
		case <-k.gone:
			return
		}
	}
}

func (k *socket) send(f frame, compress bool) {
	text := encoded(f)
	kind := websocket.TextMessage
	if compress {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		// Writing to memory does not fail.
		_, _ = z.Write(text)
		_ = z.Close()
		kind, text = websocket.BinaryMessage, b.Bytes()
	}
	k.mu.Lock()
	k.queue, k.kinds = append(k.queue, text), append(k.kinds, kind)
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// encoded is a value as JSON. What cannot be written becomes a packet that says so, which no bot reads.
func encoded(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		return []byte(strconv.Quote("the simulator made no JSON: " + err.Error()))
	}
	return text
}

// close ends the connection, with a code unless that is 0.
func (k *socket) close(code int) {
	k.once.Do(func() {
		if code != 0 {
			// The peer may be gone already.
			_ = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
		}
		close(k.gone)
		_ = k.conn.Close()
	})
}
