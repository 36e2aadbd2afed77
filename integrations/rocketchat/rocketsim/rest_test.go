package rocketsim_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// A wrongPost is a request that is refused.
type wrongPost struct {
	route string
	body  any
	want  string
}

// posted makes requests that are refused, each with the server's own error.
func (s *stage) posted(all []wrongPost) {
	s.Helper()
	for _, c := range all {
		if got := s.refused("POST", "/api/v1/"+c.route, c.body); got != c.want {
			s.Errorf("%s %v: %s, want %s", c.route, c.body, got, c.want)
		}
	}
}

// closed is the room #locked, which is archived, and secret one where the bot is not.
func (s *stage) closed() (locked, secret string) {
	s.Helper()
	hidden, err := s.w.AddRoom(s.Context(), chattest.Room{Name: "secret", Unseen: true})
	s.must(err)
	archived, err := s.w.AddRoom(s.Context(), chattest.Room{Name: "locked"})
	s.must(err)
	s.must(s.w.Archive(s.Context(), rocketsim.BotID, archived))
	return string(archived.Channel), string(hidden.Channel)
}

// TestWrongMessages: each request about a message gets the server's own error.
func TestWrongMessages(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	in, out, id := string(s.ops.Channel), string(s.other.Channel), s.say("hello")
	locked, secret := s.closed()
	say := func(room, text string, more ...any) object {
		m := object{"rid": room, "msg": text}
		for i := 0; i < len(more); i += 2 {
			m[more[i].(string)] = more[i+1]
		}
		return object{"message": m}
	}
	s.posted([]wrongPost{
		{"no.such", object{}, "404 API endpoint does not exist."},
		{"chat.sendMessage", "{", "400 Unexpected token in JSON at position 0"},
		{"chat.sendMessage", object{}, "400 invalid-params"},
		{"chat.sendMessage", object{"message": object{"msg": "x"}}, "400 The 'rid' property on the message object is missing."},
		{"chat.sendMessage", object{"message": object{"rid": in, "msg": "x"}, "nonce": "1"}, "400 invalid-params"},
		{"chat.sendMessage", say("nowhere", "x"), "400 error-invalid-room"},
		{"chat.sendMessage", say(secret, "x"), "400 error-not-allowed"},
		{"chat.sendMessage", say(in, " "), "400 error-invalid-message"},
		{"chat.sendMessage", say(in, strings.Repeat("x", 5001)), "400 error-message-size-exceeded"},
		{"chat.sendMessage", say(in, "x", "t", "uj"), "400 Cannot send system messages using 'chat.sendMessage'"},
		{"chat.sendMessage", say(in, "x", "_id", id), "400 Cannot read properties of undefined (reading 'u')"},
		{"chat.sendMessage", say(in, "x", "tmid", "nothing"), "400 error-invalid-message"},
		{"chat.sendMessage", say(locked, "x"), "400 room_is_archived"},
		{"chat.postMessage", object{"text": "x"}, "400 invalid-params"},
		{"chat.postMessage", object{"roomId": "nowhere", "text": "x"}, "400 invalid-channel"},
		{"chat.update", object{"roomId": in, "msgId": "none", "text": "x"}, `400 No message found with the id of "none".`},
		{"chat.update", object{"roomId": out, "msgId": id, "text": "x"}, "400 The room id provided does not match where the message is from."},
		{"chat.update", object{"roomId": in, "msgId": id, "text": "x"}, "400 error-action-not-allowed"},
		{"chat.update", object{"roomId": in, "msgId": id, "text": "x", "attachments": []any{}}, "400 invalid-params"},
		{"chat.delete", object{"roomId": in, "msgId": id}, "400 error-action-not-allowed"},
		{"chat.react", object{"messageId": "none", "emoji": "eyes"}, "400 error-message-not-found"},
		{"chat.react", object{"messageId": id, "emoji": "no_such_emoji"}, "400 error-not-allowed"},
		{"chat.react", object{"messageId": id, "emoji": "eyes", "shouldReact": "yes"}, "400 invalid-params"},
		{"chat.pinMessage", object{"messageId": "none"}, "400 error-message-not-found"},
	})
}

// TestWrongRooms: each request about a room gets the server's own error.
func TestWrongRooms(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	in, out := string(s.ops.Channel), string(s.other.Channel)
	locked, secret := s.closed()
	s.posted([]wrongPost{
		{"channels.create", object{"name": "War Room!"}, "400 error-invalid-room-name"},
		{"channels.create", object{"name": "ops"}, "400 error-duplicate-channel-name"},
		{"channels.create", object{"name": "locked"}, "400 error-archived-duplicate-name"},
		{"channels.create", object{"name": "x", "extraData": object{"colour": "red"}}, "400 invalid-params"},
		{"channels.invite", object{"roomId": in, "userId": "nobody"}, "400 error-invalid-user"},
		{"channels.invite", object{"roomId": in}, "400 error-users-params-not-provided"},
		{"channels.invite", object{"roomId": out, "userId": string(s.ann)}, "400 error-not-allowed"},
		{"channels.setTopic", object{"roomId": in, "topic": ""}, "400 The channel topic is the same as what it would be changed to."},
		{"channels.setTopic", object{"roomId": locked, "topic": "x"}, "400 error-room-archived"},
		{"channels.archive", object{"roomId": locked}, "400 error-room-archived"},
		{"channels.unarchive", object{"roomId": in}, "400 The channel, ops, is not archived"},
		{"groups.setTopic", object{"roomId": secret, "topic": "x"}, "400 error-room-not-found"},
		{"groups.archive", object{"roomId": in}, "400 error-room-not-found"},
		{"rooms.createDiscussion", object{"prid": "nowhere", "t_name": "x"}, "400 error-invalid-room"},
		{"rooms.createDiscussion", object{"prid": in}, "400 invalid-params"},
		{"rooms.mediaConfirm/" + in + "/none", object{}, "400 invalid-file"},
		{"dm.create", object{"username": "nobody"}, "400 error-invalid-user"},
		{"commands.run", object{"command": "incident", "roomId": in}, "400 The command provided does not exist (or is disabled)."},
		{"users.generatePersonalAccessToken", object{"tokenName": "x"}, "403 error-unauthorized"},
	})
}

// TestWrongQueries: each query gets the server's own error.
func TestWrongQueries(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	in := string(s.ops.Channel)
	for path, want := range map[string]string{
		"chat.getMessage":                       "400 invalid-params",
		"chat.getMessage?msgId=none":            "400 false",
		"chat.getMessage?msgId=x&count=1":       "400 invalid-params",
		"chat.syncMessages?roomId=" + in:        "400 error-param-required",
		"chat.getDeletedMessages?roomId=" + in:  "400 invalid-params",
		"users.info?userId=nobody":              "400 User not found.",
		"users.list?query={}":                   "400 error-invalid-params",
		"rooms.info?roomId=nowhere":             "400 error-room-not-found",
		"channels.history?roomId=nowhere":       "400 error-room-not-found",
		"channels.history?roomId=" + in + "&x=": "400 invalid-params",
	} {
		if got := s.refused("GET", "/api/v1/"+path, nil); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// refused is how a request fails: its status, and the code of the error or else its words.
func (s *stage) refused(method, path string, body any) string {
	s.Helper()
	status, answer := s.request(method, path, body)
	for _, field := range []string{"errorType", "error", "message", "success"} {
		if word, there := answer[field]; there {
			return fmt.Sprint(status, " ", word)
		}
	}
	return fmt.Sprint(status)
}

// TestLogInOrOut: without the right token nothing is told, and in the words of the version.
func TestLogInOrOut(t *testing.T) {
	for version, want := range map[string]string{"7.10.0": "error", "8.8.1": "false"} {
		s := newStage(t, rocketsim.Options{Version: version})
		res := s.send(s.build("GET", "/api/v1/me", nil))
		body, err := io.ReadAll(res.Body)
		s.must(err)
		if res.StatusCode != 401 || !strings.Contains(string(body), want) || !strings.Contains(string(body), "You must be logged in") {
			t.Errorf("%s: %d %s", version, res.StatusCode, body)
		}
		s.w.DemandTwoFactor(true)
		if got := s.refused("GET", "/api/v1/me", nil); got != "400 totp-required" {
			t.Errorf("where a code is demanded: %s", got)
		}
	}
}

// TestLimiter: whoever may not bypass it gets ten calls of one route in a minute, and is told until when in milliseconds.
func TestLimiter(t *testing.T) {
	s := newStage(t, rocketsim.Options{Roles: []string{"user"}})
	for range 10 {
		if status, reset := s.status("GET", "/api/v1/me"); status != 200 || reset == "" {
			t.Fatalf("a call within the limit gives %d, reset %q", status, reset)
		}
	}
	status, reset := s.status("GET", "/api/v1/me")
	if want := strconv.FormatInt(s.clock.Now().Add(time.Minute).UnixMilli(), 10); status != 429 || reset != want {
		t.Errorf("the eleventh call gives %d, reset %s; want 429, %s", status, reset, want)
	}
	if status, _ := s.status("GET", "/api/v1/subscriptions.get"); status != 200 {
		t.Errorf("another route gives %d", status)
	}
	s.clock.Advance(time.Minute)
	if status, _ := s.status("GET", "/api/v1/me"); status != 200 {
		t.Errorf("a minute later it gives %d", status)
	}
	s.w.SetRoles("bot")
	for range 20 {
		if status, reset := s.status("GET", "/api/v1/me"); status != 200 || reset != "" {
			t.Fatalf("a bot gets %d, reset %q", status, reset)
		}
	}
}

// TestReact: without a wish it toggles, and "not" adds the first one.
func TestReact(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	id := s.say("hello")
	react := func(body object) int {
		body["messageId"] = id
		s.post("chat.react", body)
		messages, err := s.w.Messages(t.Context(), s.ops)
		s.must(err)
		return len(messages[0].Reactions["✅"])
	}
	for i, c := range []struct {
		body object
		want int
	}{
		{object{"emoji": ":white_check_mark:", "shouldReact": false}, 1},
		{object{"emoji": "white_check_mark"}, 0},
		{object{"reaction": "white_check_mark"}, 1},
		{object{"emoji": "white_check_mark", "shouldReact": true}, 1},
		{object{"emoji": "white_check_mark", "shouldReact": false}, 0},
	} {
		if got := react(c.body); got != c.want {
			t.Errorf("call %d, %v: %d reactions, want %d", i, c.body, got, c.want)
		}
	}
	s.w.Overwrite(1)
	if got := react(object{"emoji": "white_check_mark", "shouldReact": true}); got != 0 {
		t.Errorf("a reaction that was overwritten is there %d times", got)
	}
}

// TestSync: what changed since a moment is read back, newest first, answers and all; a page ends where it must.
func TestSync(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	first := s.say("one")
	s.clock.Advance(time.Minute)
	since := s.clock.Now().Format(time.RFC3339Nano)
	s.clock.Advance(time.Minute)
	second := s.say("two")
	_, err := s.w.Reply(t.Context(), s.ann, s.ref(first), "an answer")
	s.must(err)
	path := "/api/v1/chat.syncMessages?roomId=" + string(s.ops.Channel)
	_, answer := s.request("GET", path+"&lastUpdate="+since, nil)
	updated := answer["result"].(object)["updated"].([]any)
	if len(updated) != 3 || updated[0].(object)["msg"] != "an answer" || updated[1].(object)["_id"] != second || updated[2].(object)["_id"] != first {
		t.Errorf("read back: %v; want the answer, the second message, and the first for its counter", updated)
	}
	if got := s.refused("GET", path+"&type=UPDATED&lastUpdate="+since, nil); got != "400 error-param-invalid" {
		t.Errorf("both forms at once give %s", got)
	}
	_, answer = s.request("GET", path+"&type=UPDATED&count=2", nil)
	if next := answer["result"].(object)["cursor"].(object)["next"]; next == nil {
		t.Errorf("the first page ends without a cursor: %v", answer)
	}
}

// TestFiles: a file is uploaded in two steps and given to those who may see it, wherever it lies.
func TestFiles(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "a b.txt")
	s.must(err)
	_, err = part.Write([]byte("contents"))
	s.must(err)
	s.must(w.Close())
	req := s.with(s.build("POST", "/api/v1/rooms.media/"+string(s.ops.Channel), form.String()))
	req.Header.Set("Content-Type", w.FormDataContentType())
	res := s.send(req)
	body, err := io.ReadAll(res.Body)
	s.must(err)
	if res.StatusCode != 200 {
		t.Fatalf("the upload gives %d %s", res.StatusCode, body)
	}
	_, rest, _ := strings.Cut(string(body), `"_id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	s.post("rooms.mediaConfirm/"+string(s.ops.Channel)+"/"+id, object{"msg": "here it is"})
	messages, err := s.w.Messages(t.Context(), s.ops)
	s.must(err)
	if len(messages) != 1 || len(messages[0].Files) != 1 || string(messages[0].Files[0].Contents) != "contents" {
		t.Fatalf("people see %+v", messages)
	}
	path := "/file-upload/" + id + "/a%20b.txt"
	if res := s.send(s.build("GET", path, nil)); res.StatusCode != http.StatusForbidden {
		t.Errorf("to a stranger the file is given with %d", res.StatusCode)
	}
	s.w.RedirectFiles(true)
	got, err := io.ReadAll(s.send(s.with(s.build("GET", path, nil))).Body)
	s.must(err)
	if string(got) != "contents" {
		t.Errorf("the file is %q", got)
	}
	if len(s.w.Strayed()) == 0 {
		t.Error("Go's client takes such headers along, and the storage did not notice")
	}
}

// TestVersions: what a version does not have, it does not answer.
func TestVersions(t *testing.T) {
	for version, want := range map[string]string{"7.10.0": "400 Unsupported content type [error-invalid-request]", "8.8.1": "404 API endpoint does not exist."} {
		s := newStage(t, rocketsim.Options{Version: version})
		status, answer := s.request("POST", "/api/v1/rooms.upload/x", object{})
		text := fmt.Sprint(answer["error"])
		if status == 404 {
			text = fmt.Sprint(answer["message"])
		}
		if got := fmt.Sprint(status, " ", text); got != want {
			t.Errorf("%s: %s, want %s", version, got, want)
		}
	}
}
