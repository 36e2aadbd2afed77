package rocketsim

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// A session is one connection of the realtime protocol. The simulator's lock guards it.
type session struct {
	id        string
	conn      *websocket.Conn
	out       [][]byte
	wake      chan struct{}
	over      chan struct{} // closed at the end
	ended     bool
	polite    bool // the rest is sent before the end
	mute      bool // nothing gets through any more, and nobody is told
	connected bool
	user      *user
	subs      map[string]*subscription
	made      map[string][]time.Time // when subscriptions of a name were made
	heard     time.Time
	wrote     time.Time
	asked     bool // whether somebody is there
	pinged    int  // how often the peer asked whether somebody is there
	echoes    int  // barriers that came back
	barriers  int
}

// subscription is one of a session's.
type subscription struct{ stream, key string }

// frameMost bounds what a client may send.
const frameMost = 1 << 20

// socket serves one connection.
func (s *Sim) socket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	refused := s.down || s.hub.cut
	s.mu.Unlock()
	if refused {
		http.Error(w, "502 Bad Gateway", http.StatusBadGateway)
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered
	}
	conn.SetReadLimit(frameMost)
	k := &session{conn: conn, wake: make(chan struct{}, 1), over: make(chan struct{}), subs: map[string]*subscription{},
		made: map[string][]time.Time{}, heard: time.Now(), wrote: time.Now()}
	s.mu.Lock()
	if s.hub.hostile || s.down || s.hub.cut {
		s.mu.Unlock()
		conn.CloseNow()
		return
	}
	k.id = s.newID()
	k.send(object{"server_id": "0"})
	s.mu.Unlock()
	go s.writing(k)
	go s.watching(k)
	s.reading(k)
}

// reading takes frames until the connection is over.
func (s *Sim) reading(k *session) {
	defer s.within(func() { s.hub.leave(k) })
	for {
		_, data, err := k.conn.Read(context.Background())
		if err != nil {
			return
		}
		s.within(func() {
			if !k.mute && !k.ended {
				k.heard, k.asked = time.Now(), false
				s.heard(k, data)
			}
		})
	}
}

// writing sends frames until the connection is over.
func (s *Sim) writing(k *session) {
	for {
		select {
		case <-k.wake:
		case <-k.over:
		}
		s.mu.Lock()
		frames, over, polite := k.out, k.ended, k.polite
		k.out = nil
		s.mu.Unlock()
		if over && !polite {
			k.conn.CloseNow()
			return
		}
		for _, f := range frames {
			if err := k.write(f); err != nil {
				k.conn.CloseNow()
				return
			}
		}
		if over {
			// Whether the peer says goodbye is its own affair.
			_ = k.conn.Close(websocket.StatusGoingAway, "server restarting")
			return
		}
	}
}

func (k *session) write(frame []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return k.conn.Write(ctx, websocket.MessageText, frame)
}

// watchEach is how often a connection is looked at.
const watchEach = 5 * time.Millisecond

// watching asks a silent peer whether it is there, and closes the connection of one that is not; a proxy that closes idle
// connections does so without asking.
func (s *Sim) watching(k *session) {
	tick := time.NewTicker(watchEach)
	defer tick.Stop()
	for {
		select {
		case <-k.over:
			return
		case now := <-tick.C:
			s.within(func() { s.look(k, now) })
		}
	}
}

func (s *Sim) look(k *session, now time.Time) {
	idle := now.Sub(k.heard)
	switch proxy := s.hub.idleMost; {
	case k.mute:
	case proxy > 0 && idle > proxy && now.Sub(k.wrote) > proxy:
		s.hub.end(k, false)
	case idle > 2*s.o.Ping:
		s.hub.end(k, true)
	case idle > s.o.Ping && !k.asked:
		k.asked = true
		k.send(object{"msg": "ping"})
	}
}

// send queues a frame.
func (k *session) send(frame object) {
	if k.ended || k.mute {
		return
	}
	data, err := json.Marshal(ejson(frame))
	if err != nil {
		return // nothing that the simulator sends is without a form in JSON
	}
	k.sendRaw(data)
}

func (k *session) sendRaw(data []byte) {
	if k.ended || k.mute {
		return
	}
	k.out = append(k.out, data)
	k.wrote = time.Now()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// ejson writes times as the realtime protocol does.
func ejson(v any) any {
	return written(v, func(t time.Time) any { return object{"$date": t.UnixMilli()} })
}

// iso writes times as REST does.
func iso(v any) any {
	return written(v, func(t time.Time) any { return t.UTC().Format("2006-01-02T15:04:05.000Z") })
}

// written is a value with every time in it written by a function; maps are copied, so that it is a snapshot.
func written(v any, write func(time.Time) any) any {
	switch v := v.(type) {
	case time.Time:
		return write(v)
	case object:
		made := make(object, len(v))
		for key, x := range v {
			made[key] = written(x, write)
		}
		return made
	case []object:
		made := make([]any, len(v))
		for i, x := range v {
			made[i] = written(x, write)
		}
		return made
	case []any:
		made := make([]any, len(v))
		for i, x := range v {
			made[i] = written(x, write)
		}
		return made
	default:
		return v
	}
}
