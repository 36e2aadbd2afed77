package rocketsim_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestHandshake: a connection begins with the version, and nothing goes before.
func TestHandshake(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	l := s.dial()
	l.await(object{"server_id": "0"})
	l.write(object{"msg": "method", "method": "login", "id": "1"})
	l.await(object{"msg": "error", "reason": "Must connect first"})
	l.raw("no JSON")
	l.await(object{"msg": "error", "reason": "Bad request"})
	l.write(object{"msg": "connect", "version": "pre1", "support": []string{"pre1"}})
	l.await(object{"msg": "failed", "version": "1"})
	l.ended()
}

// TestLogin: the right token opens, and nothing else does.
func TestLogin(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	l := s.dial()
	l.write(object{"msg": "connect", "version": "1", "support": []string{"1", "pre2"}})
	l.await(object{"msg": "connected"})
	for id, c := range map[string]struct{ params, want any }{
		"wrong":    {[]object{{"resume": "stale"}}, 403.0},
		"nothing":  {[]any{}, 400.0},
		"password": {[]object{{"user": object{"username": "boswell"}, "password": object{"digest": "x"}}}, "totp-required"},
	} {
		l.write(object{"msg": "method", "method": "login", "id": id, "params": c.params})
		f := l.await(object{"msg": "result", "id": id})
		if failure, _ := f["error"].(object); failure["error"] != c.want || failure["errorType"] != "Meteor.Error" {
			t.Errorf("%s: %v, want the error %v", id, f, c.want)
		}
	}
	l.write(object{"msg": "method", "method": "sendMessage", "id": "m", "params": []any{}})
	if f := l.await(object{"msg": "result", "id": "m"}); f["error"].(object)["error"] != 404.0 {
		t.Errorf("an unknown method gives %v", f)
	}
	s.w.DemandTwoFactor(true)
	l.write(object{"msg": "method", "method": "login", "id": "2fa", "params": []object{{"resume": rocketsim.Token}}})
	if f := l.await(object{"msg": "result", "id": "2fa"}); f["error"].(object)["error"] != "totp-required" {
		t.Errorf("where a code is demanded, login gives %v", f)
	}
	s.w.DemandTwoFactor(false)
	l.write(object{"msg": "method", "method": "login", "id": "ok", "params": []object{{"resume": rocketsim.Token}}})
	if f := l.await(object{"msg": "result", "id": "ok"}); f["result"].(object)["id"] != rocketsim.BotID {
		t.Errorf("the token gives %v", f)
	}
	l.await(object{"msg": "updated"})
	l.await(object{"msg": "added", "collection": "users"})
	for range 10 {
		l.write(object{"msg": "method", "method": "login", "id": "many", "params": []object{{"resume": "stale"}}})
	}
	all := l.awaitAll(object{"msg": "result", "id": "many"}, 10)
	if last := all[len(all)-1]["error"].(object); last["error"] != "too-many-requests" {
		t.Errorf("the fifteenth call in ten seconds gives %v", last)
	}
}

// TestSubscriptions: what may not be read, or does not exist, is refused with the server's own error.
func TestSubscriptions(t *testing.T) {
	s := newStage(t, rocketsim.Options{Subscriptions: 3, SubscriptionTime: time.Hour})
	l := s.connect()
	for i, c := range []struct {
		stream, key string
		want        any
	}{
		{"stream-nothing", "x", 404.0},
		{"stream-room-messages", "", "invalid-event-name"},
		{"stream-notify-room", string(s.other.Channel) + "/deleteMessage", "not-allowed"},
		{"stream-notify-user", "somebody/message", "not-allowed"},
		{"stream-notify-room", string(s.ops.Channel) + "/deleteMessage", nil},
		{"stream-notify-room", string(s.ops.Channel) + "/deleteMessageBulk", nil},
		{"stream-notify-room", string(s.ops.Channel) + "/user-activity", "too-many-requests"},
	} {
		id := string(rune('a' + i))
		l.subscribe(id, c.stream, c.key)
		if c.want == nil {
			l.await(object{"msg": "ready"})
			continue
		}
		failure := l.await(object{"msg": "nosub", "id": id})["error"].(object)
		if failure["error"] != c.want {
			t.Errorf("%s %s is refused with %v, want %v", c.stream, c.key, failure["error"], c.want)
		}
		if details, _ := failure["details"].(object); c.want == "too-many-requests" && !(details["timeToReset"].(float64) > 0) {
			t.Errorf("too many requests say %v, want how long to wait", failure)
		}
	}
}

// TestEvents: every change of a message is told as the whole message, with the time of the change.
func TestEvents(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	l := s.connect()
	id := s.say("hello @boswell, see #other")
	ref := s.ref(id)
	s.must(s.w.React(t.Context(), s.ann, ref, "📌", true))
	s.must(s.w.Edit(t.Context(), s.ann, ref, "hello again"))
	s.must(s.w.Pin(t.Context(), s.ann, ref, true))
	s.must(s.w.Preview(ref))
	var seen []object
	for _, m := range l.heard() {
		if m["_id"] == id {
			seen = append(seen, m)
		}
	}
	if len(seen) != 5 {
		t.Fatalf("%d changes were told, want 5: %v", len(seen), seen)
	}
	for i := range seen[1:] {
		if when(seen[i+1]["_updatedAt"]) <= when(seen[i]["_updatedAt"]) {
			t.Errorf("change %d bears the time %v after %v", i+1, seen[i+1]["_updatedAt"], seen[i]["_updatedAt"])
		}
	}
	if mentions := seen[0]["mentions"].([]any); len(mentions) != 1 || mentions[0].(object)["_id"] != rocketsim.BotID {
		t.Errorf("the mentions are %v", mentions)
	}
	names := seen[1]["reactions"].(object)[":pushpin:"].(object)["usernames"].([]any)
	if len(names) != 1 || names[0] != "ann" {
		t.Errorf("the reactions are %v", seen[1]["reactions"])
	}
	if seen[2]["msg"] != "hello again" || seen[2]["editedBy"] == nil || seen[3]["pinned"] != true {
		t.Errorf("the edit is %v and the pin %v", seen[2], seen[3])
	}
}

func when(v any) float64 {
	date, _ := v.(object)
	ms, _ := date["$date"].(float64)
	return ms
}

func (s *stage) ref(id string) chat.Ref {
	return chat.Ref{Platform: "chat", Channel: s.ops.Channel, Message: chat.MessageID(id)}
}

// TestForeignRooms: public rooms where the bot is not are told too, and said to be such; private ones are not.
func TestForeignRooms(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	l := s.connect()
	_, err := s.w.Say(t.Context(), s.ann, s.other, "!incident start here")
	s.must(err)
	l.idle()
	frames, _, _ := l.all(object{"msg": "changed", "collection": "stream-room-messages"})
	args := frames[0]["fields"].(object)["args"].([]any)
	if about := args[1].(object); about["roomParticipant"] != false || about["roomName"] != "other" {
		t.Errorf("a room where the bot is not is told as %v", about)
	}
	s.must(s.w.Forget(s.ops))
	_, err = s.w.Say(t.Context(), s.ann, s.ops, "nobody listens")
	s.must(err)
	l.idle()
	if after, _, _ := l.all(object{"msg": "changed", "collection": "stream-room-messages"}); len(after) != len(frames) {
		t.Errorf("a room that was lost is still told of: %v", after[len(frames):])
	}
}

// TestDeletions: a deletion is told in the room's own stream, or as a message that says so, and read back later.
func TestDeletions(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	l := s.connect()
	l.subscribe("d", "stream-notify-room", string(s.ops.Channel)+"/deleteMessage")
	l.subscribe("b", "stream-notify-room", string(s.ops.Channel)+"/deleteMessageBulk")
	l.awaitAll(object{"msg": "ready"}, 3)
	first, second, third := s.say("one"), s.say("two"), s.say("three")
	s.must(s.w.Delete(t.Context(), s.ann, s.ref(first)))
	s.must(s.w.Prune(s.ops, s.ref(second), s.ref(second), false))
	l.idle()
	if told, _, _ := l.all(object{"msg": "changed", "collection": "stream-notify-room"}); len(told) != 2 {
		t.Errorf("the deletions were told as %v", told)
	}
	s.w.Set("Message_ShowDeletedStatus", true)
	s.must(s.w.Delete(t.Context(), s.ann, s.ref(third)))
	heard := l.heard()
	if last := heard[len(heard)-1]; last["t"] != "rm" || last["msg"] != "" {
		t.Errorf("a deletion that is shown is %v", last)
	}
	status, answer := s.request("GET", "/api/v1/chat.syncMessages?roomId="+string(s.ops.Channel)+"&lastUpdate=2026-01-01T00:00:00.000Z", nil)
	if deleted := answer["result"].(object)["deleted"].([]any); status != 200 || len(deleted) != 2 {
		t.Errorf("read back are the deletions %v", deleted)
	}
}

// TestFaults: the connection misbehaves as it is told to.
func TestFaults(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	l := s.connect()
	s.w.Twice(true)
	id := s.say("twice")
	if heard := l.heard(); len(heard) != 2 || heard[1]["_id"] != id {
		t.Errorf("twice was told as %v", heard)
	}
	s.w.Twice(false)
	s.w.Fold(true)
	folded := s.say("folded")
	s.must(s.w.React(t.Context(), s.ann, s.ref(folded), "📌", true))
	s.must(s.w.React(t.Context(), s.ann, s.ref(folded), "📌", false))
	s.must(s.w.React(t.Context(), s.ann, s.ref(folded), "👀", true))
	s.must(s.w.Release(t.Context(), rand.New(rand.NewPCG(1, 1))))
	heard := l.heard()
	if last := heard[len(heard)-1]; len(heard) != 3 || last["_id"] != folded || len(last["reactions"].(object)) != 1 {
		t.Errorf("four changes folded are %v", heard[2:])
	}
	s.w.Stop()
	l.ended()
	if status, _ := s.status("GET", "/api/v1/me"); status != 502 {
		t.Errorf("while the server is down, a request gives %d", status)
	}
	s.w.Start("9.0.0")
	if _, answer := s.request("GET", "/api/info", nil); answer["version"] != "9.0" {
		t.Errorf("after the update the server says %v", answer)
	}
}

// TestSilentPeer: who says nothing is asked whether they are there, and then the connection is closed.
func TestSilentPeer(t *testing.T) {
	l := newStage(t, rocketsim.Options{Ping: 40 * time.Millisecond}).dial()
	l.await(object{"msg": "ping"})
	l.ended()
}

func (s *stage) status(method, path string) (int, string) {
	s.Helper()
	res := s.send(s.with(s.build(method, path, nil)))
	defer res.Body.Close()
	return res.StatusCode, res.Header.Get("X-RateLimit-Reset")
}

// TestOvertake: an answer comes after the events that the request caused, if that is wanted.
func TestOvertake(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	l := s.connect()
	s.w.Overtake(true)
	s.post("chat.sendMessage", object{"message": object{"_id": "mine", "rid": string(s.ops.Channel), "msg": "hello"}})
	if told, _, _ := l.all(object{"collection": "stream-room-messages"}); len(told) != 1 {
		t.Errorf("before the answer came %d events, want 1", len(told))
	}
}

// TestFlake: of a connection that breaks, what was told before is read, and what was not is missed.
func TestFlake(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	l := s.connect()
	s.w.Flake(rand.New(rand.NewPCG(1, 2)))
	for range 100 {
		s.say(strings.Repeat("x", 100))
	}
	l.ended()
	if s.w.Broken() == 0 {
		t.Error("nothing broke")
	}
}
