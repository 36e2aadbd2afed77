package slacksim

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// socket is one connection of Socket Mode.
type socket struct {
	conn *websocket.Conn
	mu   sync.Mutex
	// leaving says that it is to be closed as soon as there is another one; the mailroom's lock guards it.
	leaving bool
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }, WriteBufferSize: 32 << 10}

// socketMost is how many sockets an app may have.
const socketMost = 10

// link opens a socket with a ticket that is used once.
func (s *Sim) link(w http.ResponseWriter, r *http.Request) {
	ticket := "ticket/" + r.URL.Query().Get("ticket")
	s.mu.Lock()
	t, ok := s.triggers[ticket]
	delete(s.triggers, ticket)
	s.mu.Unlock()
	if !ok || t.used {
		http.Error(w, "the ticket is used or unknown", http.StatusForbidden)
		return
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	sock := &socket{conn: conn}
	n := s.mail.join(sock)
	if n > socketMost {
		sock.write(object{"type": "disconnect", "reason": "too_many_websockets"})
	}
	sock.write(object{"type": "hello", "num_connections": n, "connection_info": object{"app_id": AppID},
		"debug_info": object{"host": "simulated", "started": "now", "build_number": 1, "approximate_connection_time": 3600}})
	s.mail.ready()
	go s.ping(sock)
	s.listen(sock)
}

// listen reads acknowledgements until the socket is closed.
func (s *Sim) listen(sock *socket) {
	defer s.mail.leave(sock)
	defer sock.drop()
	for {
		_, data, err := sock.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(data, &ack) != nil {
			continue
		}
		if len(data) >= 20<<10 {
			ack.Payload = nil // Slack ignores what is so long, without a word
		}
		s.mail.acked(ack.ID, ack.Payload)
	}
}

func (s *Sim) ping(sock *socket) {
	tick := time.NewTicker(s.o.Ping)
	defer tick.Stop()
	for {
		select {
		case <-s.done.Done():
			return
		case <-tick.C:
			if sock.conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second)) != nil {
				return
			}
		}
	}
}

// write sends a frame; one that cannot be sent shows as a socket that is closed.
func (k *socket) write(frame object) {
	k.mu.Lock()
	defer k.mu.Unlock()
	_ = k.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_ = k.conn.WriteJSON(frame)
}

func (k *socket) drop() { k.conn.Close() }
