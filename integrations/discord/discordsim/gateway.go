package discordsim

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// gateway is the side of the simulator that speaks WebSocket. Its lock is taken after that of the simulator.
type gateway struct {
	s *Sim

	mu         sync.Mutex
	sessions   int
	identified int
	resumed    int
	now        *session // the one that dispatches go to
	cut        bool
	twice      bool
	holding    bool
	held       []dispatch
	turns      int    // how often an order to reconnect comes in the place of the first packet
	orders     []byte // what comes in the place of the answers to identifications and resumptions: 7, 9
	closeAll   int    // the code that every identification is answered with
	deaf       bool   // heartbeats are not acknowledged
	running    int    // how many bots run
	sent       map[dispatchKey]*progress
	taken      uint64
	changed    chan struct{}
}

type dispatch struct {
	kind string
	data any
	// group is the same for dispatches that keep their order.
	group string
}

type dispatchKey struct {
	session string
	seq     int64
}

type progress struct{ sent, arrived, done int }

// A session is one of the bot's.
type session struct {
	id     string
	seq    int64
	log    []frame // everything, for a resumption
	conn   *socket
	wants  uint64 // intents
	shrink bool
}

type frame struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  *int64 `json:"s,omitempty"`
	Type string `json:"t,omitempty"`
}

func (g *gateway) start(s *Sim) {
	g.s, g.sent, g.changed = s, map[dispatchKey]*progress{}, make(chan struct{})
}

// change tells those who wait that something changed. It is called with the lock held.
func (g *gateway) change() {
	close(g.changed)
	g.changed = make(chan struct{})
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (s *Sim) socket(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	k := &socket{conn: conn, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	go k.write()
	defer k.close(0)
	if s.gate.turned() {
		k.send(frame{Op: 7}, false)
	} else {
		k.send(frame{Op: 10, Data: object{"heartbeat_interval": s.o.Beat.Milliseconds()}}, false)
	}
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			s.gate.left(k)
			return
		}
		s.gate.heard(k, text)
	}
}

// turned says that a connection begins with an order to reconnect.
func (g *gateway) turned() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.turns == 0 {
		return false
	}
	g.turns--
	return true
}

// order sends what comes in the place of an answer, if anything does, and says whether it was an order to reconnect.
func (g *gateway) order(k *socket) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.orders) == 0 {
		return false
	}
	op := g.orders[0]
	g.orders = g.orders[1:]
	k.send(frame{Op: int(op), Data: false}, false)
	return op == 7
}

// heard takes a packet of the bot's.
func (g *gateway) heard(k *socket, text []byte) {
	var p struct {
		Op   int             `json:"op"`
		Data json.RawMessage `json:"d"`
	}
	if err := json.Unmarshal(text, &p); err != nil || len(text) > 4096 {
		k.close(4002)
		return
	}
	switch p.Op {
	case 1:
		g.mu.Lock()
		deaf := g.deaf
		g.mu.Unlock()
		if !deaf {
			k.send(frame{Op: 11}, false)
		}
	case 2:
		g.identify(k, p.Data)
	case 6:
		g.resume(k, p.Data)
	case 3, 4, 8:
	default:
		k.close(4001)
	}
}

func (g *gateway) identify(k *socket, data []byte) {
	var who struct {
		Token    string `json:"token"`
		Intents  uint64 `json:"intents"`
		Compress bool   `json:"compress"`
	}
	if err := json.Unmarshal(data, &who); err != nil {
		k.close(4002)
		return
	}
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if code := g.judge(who.Token, who.Intents); code != 0 {
		k.close(code)
		return
	}
	if g.order(k) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cut {
		k.close(4000)
		return
	}
	g.sessions++
	g.identified++
	g.settleOld("")
	g.now = &session{id: fmt.Sprintf("session%d", g.sessions), conn: k, wants: who.Intents, shrink: who.Compress && g.s.o.Compress}
	g.push("READY", object{"v": 10, "user": g.s.users[BotID].object(), "session_id": g.now.id, "session_type": "normal",
		"resume_gateway_url": g.s.socketURL() + "/resume", "guilds": []object{{"id": Server, "unavailable": true}},
		"private_channels": []object{}, "relationships": []object{}, "shard": []int{0, 1},
		"application": object{"id": AppID, "flags": g.s.flags()}})
	g.push("GUILD_CREATE", g.s.guildObject())
	g.change()
}

// judge says with which code an identification is refused; 0 is not at all.
func (g *gateway) judge(token string, intents uint64) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.closeAll != 0:
		return g.closeAll
	case g.s.revoked || token != Token && token != "Bot "+Token:
		return 4004
	case intents&intentContent != 0 && g.s.o.NoContent:
		return 4014
	default:
		return 0
	}
}

const intentContent = 1 << 15

// settleOld forgets what was sent to connections that are over and never arrived: the bot has read them to their end when it
// comes back. Of the session that goes on, what it has is told by its number.
func (g *gateway) settleOld(except string) {
	for key, p := range g.sent {
		if key.session != except {
			p.sent = p.arrived
		}
	}
}

func (g *gateway) resume(k *socket, data []byte) {
	var from struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	if err := json.Unmarshal(data, &from); err != nil {
		k.close(4002)
		return
	}
	g.s.mu.Lock()
	code := g.judge(from.Token, 0)
	g.s.mu.Unlock()
	if code != 0 {
		k.close(code)
		return
	}
	if g.order(k) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cut || g.now == nil || g.now.id != from.Session || from.Seq > g.now.seq {
		k.send(frame{Op: 9, Data: false}, false)
		return
	}
	g.resumed++
	g.now.conn = k
	for key, p := range g.sent {
		if key.session == from.Session {
			p.sent = p.arrived
		}
	}
	for _, f := range g.now.log {
		if *f.Seq > from.Seq {
			g.count(*f.Seq)
			k.send(f, g.now.shrink)
		}
	}
	g.push("RESUMED", object{"_trace": []string{}})
	g.change()
}

// left notes that a connection is over.
func (g *gateway) left(k *socket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.now != nil && g.now.conn == k {
		g.now.conn = nil
		g.change()
	}
}

// push sends a dispatch in the present session. It is called with the lock held.
func (g *gateway) push(kind string, data any) {
	if g.now == nil {
		return
	}
	g.now.seq++
	seq := g.now.seq
	f := frame{Op: 0, Data: json.RawMessage(encoded(data)), Seq: &seq, Type: kind}
	g.now.log = append(g.now.log, f)
	times := 1
	if g.twice {
		times = 2
	}
	for range times {
		if g.now.conn != nil {
			g.count(seq)
			g.now.conn.send(f, g.now.shrink)
		}
	}
}

func (g *gateway) count(seq int64) {
	key := dispatchKey{g.now.id, seq}
	if g.sent[key] == nil {
		g.sent[key] = &progress{}
	}
	g.sent[key].sent++
}

// dispatch sends something that happened. group keeps the order of what belongs together; without one it is never kept back.
func (s *Sim) dispatch(group, kind string, data any) {
	g := &s.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.cut:
	case g.holding && group != "":
		g.held = append(g.held, dispatch{kind, data, group})
	default:
		g.push(kind, data)
	}
}

// release lets go what was kept back: groups in any order, each in its own.
func (g *gateway) release(r *rand.Rand) {
	g.mu.Lock()
	defer g.mu.Unlock()
	held := g.held
	g.held, g.holding = nil, false
	groups := map[string][]dispatch{}
	var turns []string
	for _, d := range held {
		groups[d.group] = append(groups[d.group], d)
		turns = append(turns, d.group)
	}
	r.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
	for _, group := range turns {
		d := groups[group][0]
		groups[group] = groups[group][1:]
		g.push(d.kind, d.data)
	}
}

// drop ends the present connection, with a code unless that is 0.
func (g *gateway) drop(code int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.now != nil && g.now.conn != nil {
		g.now.conn.close(code)
		g.now.conn = nil
		g.change()
	}
}
