package rocketsim

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A packet is a frame of a client.
type packet struct {
	Kind    string            `json:"msg"`
	ID      string            `json:"id"`
	Version string            `json:"version"`
	Support []string          `json:"support"`
	Method  string            `json:"method"`
	Name    string            `json:"name"`
	Params  []json.RawMessage `json:"params"`
}

// heard takes a frame. It is called with the lock held.
func (s *Sim) heard(k *session, data []byte) {
	var p packet
	if err := json.Unmarshal(data, &p); err != nil || p.Kind == "" {
		k.send(object{"msg": "error", "reason": "Bad request", "offendingMessage": string(data)})
		return
	}
	switch {
	case p.Kind == "ping":
		k.pinged++
		s.hub.change()
		k.send(withID(object{"msg": "pong"}, p.ID))
	case p.Kind == "pong":
		s.hub.echoed(k, p.ID)
	case p.Kind == "connect":
		s.connect(k, p)
	case !k.connected:
		k.send(object{"msg": "error", "reason": "Must connect first", "offendingMessage": json.RawMessage(data)})
	case p.Kind == "method":
		s.call(k, p)
	case p.Kind == "sub":
		s.subscribe(k, p)
	case p.Kind == "unsub":
		delete(k.subs, p.ID)
		k.send(object{"msg": "nosub", "id": p.ID})
	default:
		k.send(object{"msg": "error", "reason": "Unknown message type", "offendingMessage": json.RawMessage(data)})
	}
}

func withID(frame object, id string) object {
	if id != "" {
		frame["id"] = id
	}
	return frame
}

func (s *Sim) connect(k *session, p packet) {
	switch {
	case k.connected:
		k.send(object{"msg": "error", "reason": "Already connected"})
	case p.Version != "1" || !slices.Contains(p.Support, "1"):
		k.send(object{"msg": "failed", "version": "1"})
		s.hub.end(k, true)
	default:
		k.connected = true
		k.send(object{"msg": "connected", "session": k.id})
		s.hub.join(k)
	}
}

// meteor is an error as the realtime protocol tells it.
func meteor(code any, reason string, details object) object {
	message := fmt.Sprintf("[%v]", code)
	o := object{"isClientSafe": true, "error": code, "errorType": "Meteor.Error"}
	if reason != "" {
		o["reason"], message = reason, reason+" "+message
	}
	if details != nil {
		o["details"] = details
	}
	o["message"] = message
	return o
}

// call answers a method. The order of what says that it is done and what came of it varies.
func (s *Sim) call(k *session, p packet) {
	result := object{"msg": "result", "id": p.ID}
	if value, failure := s.method(k, p); failure != nil {
		result["error"] = failure
	} else {
		result["result"] = value
	}
	frames := []object{{"msg": "updated", "methods": []string{p.ID}}, result}
	first := s.random.IntN(2)
	k.send(frames[first])
	k.send(frames[1-first])
}

func (s *Sim) method(k *session, p packet) (value any, failure object) {
	if wait := s.tooMany(k, "method "+p.Method, max(s.o.Subscriptions/4, 2)); wait > 0 {
		return nil, tooManyRequests(wait)
	}
	if p.Method != "login" {
		return nil, meteor(404, "Method '"+p.Method+"' not found", nil)
	}
	var how struct {
		Resume   string          `json:"resume"`
		Password json.RawMessage `json:"password"`
	}
	if len(p.Params) == 0 || json.Unmarshal(p.Params[0], &how) != nil {
		return nil, meteor(400, "Match failed", nil)
	}
	u := s.users[s.tokens[how.Resume]]
	switch {
	case s.twoFactor || len(how.Password) > 0:
		return nil, meteor("totp-required", "TOTP Required", totpDetails())
	case u == nil:
		return nil, meteor(403, "You've been logged out by the server. Please log in again.", nil)
	case u.inactive:
		return nil, meteor(403, "User has been deactivated", nil)
	}
	k.user = u
	k.send(object{"msg": "added", "collection": "users", "id": u.id, "fields": object{"username": u.username}})
	s.hub.change()
	return object{"id": u.id, "token": how.Resume, "tokenExpires": s.now().AddDate(0, 3, 0), "type": "resume"}, nil
}

func totpDetails() object {
	return object{"method": "totp", "codeGenerated": false, "availableMethods": []string{"totp"}}
}

// streams are those that there are.
var streams = []string{"stream-room-messages", "stream-notify-room", "stream-notify-user", "stream-notify-all", "stream-notify-logged",
	"stream-notify-room-users"}

func (s *Sim) subscribe(k *session, p packet) {
	if _, there := k.subs[p.ID]; there {
		return
	}
	if failure := s.refused(k, p); failure != nil {
		k.send(object{"msg": "nosub", "id": p.ID, "error": failure})
		return
	}
	k.subs[p.ID] = &subscription{stream: p.Name, key: keyOf(p)}
	s.hub.change()
	k.send(object{"msg": "ready", "subs": []string{p.ID}})
}

func keyOf(p packet) (key string) {
	if len(p.Params) > 0 && json.Unmarshal(p.Params[0], &key) != nil {
		return ""
	}
	return key
}

// refused says why a subscription cannot be made.
func (s *Sim) refused(k *session, p packet) object {
	key := keyOf(p)
	switch wait := s.tooMany(k, p.Name, s.o.Subscriptions); {
	case !slices.Contains(streams, p.Name):
		return meteor(404, "Subscription '"+p.Name+"' not found", nil)
	case wait > 0:
		return tooManyRequests(wait)
	case key == "":
		return meteor("invalid-event-name", "", nil)
	case !s.reads(k, p.Name, key):
		return meteor("not-allowed", "", nil)
	}
	return nil
}

func tooManyRequests(wait time.Duration) object {
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	return meteor("too-many-requests", "Error, too many requests. Please slow down. You must wait "+seconds+" seconds before trying again.",
		object{"timeToReset": wait.Milliseconds()})
}

// tooMany says how long to wait where a connection asks for the same more often than it may: it may subscribe four times as
// often as it may call a method.
func (s *Sim) tooMany(k *session, name string, most int) time.Duration {
	now := time.Now()
	made := slices.DeleteFunc(k.made[name], func(t time.Time) bool { return now.Sub(t) >= s.o.SubscriptionTime })
	if len(made) >= most {
		k.made[name] = made
		return max(s.o.SubscriptionTime-now.Sub(made[0]), time.Millisecond)
	}
	k.made[name] = append(made, now)
	return 0
}

// reads says whether a session may read a stream.
func (s *Sim) reads(k *session, stream, key string) bool {
	first, _, _ := strings.Cut(key, "/")
	switch stream {
	case "stream-room-messages":
		r := s.rooms[key]
		return key == "__my_messages__" || r != nil && k.user != nil && s.reaches(k.user, r)
	case "stream-notify-room", "stream-notify-room-users":
		r := s.rooms[first]
		return r != nil && k.user != nil && r.has(k.user.id)
	case "stream-notify-user":
		return k.user != nil && first == k.user.id
	default:
		return k.user != nil || stream == "stream-notify-all"
	}
}
