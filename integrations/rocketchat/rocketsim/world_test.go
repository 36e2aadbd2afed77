package rocketsim_test

import (
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestShow: people see a text with its markup done, and nothing of what nobody sees.
func TestShow(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	for text, want := range map[string]string{
		"a *bold* word":                 "{}a {bold}bold{} word",
		`a \*plain\* word`:              "{}a *plain* word",
		"it_grows_ and _leans_":         "{}it_grows_ and leans",
		"`code *x*` here":               "{code}code *x*{} here",
		"```\ntwo\nlines\n```\nafter":   "{block}two\nlines{}after",
		"see https://example.test/a.":   "{}see {link}https://example.test/a{}.",
		"[here](https://example.test/)": "{link}here",
		"<https://example.test/|here>":  "{link}here",
		"the file INC-7.md":             "{}the file {link}INC-7.md",
		"hello @ann and @nobody":        "{}hello {mention}Ann Archer{} and @nobody",
		"mail ann@ann":                  "{}mail ann@ann",
		"hello @\u200bann":              "{}hello @ann",
		":fire: and :no_such:":          "{}🔥 and :no_such:",
		"# head":                        "{bold}head",
		"2 * 3 * 4":                     "{}2 {bold} 3 {} 4",
		"so :) there":                   "{}so 🙂 there",
	} {
		if got := written(s.w.Show(text)); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

// written is a text with the kind before each span.
func written(t chat.Text) (all string) {
	for _, s := range t {
		all += "{" + string(s.Kind) + "}" + s.Text
	}
	return all
}

// TestRooms: what happens to a room is told to those who are in it.
func TestRooms(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	l := s.connect()
	l.subscribe("s", "stream-notify-user", rocketsim.BotID+"/subscriptions-changed")
	l.subscribe("r", "stream-notify-user", rocketsim.BotID+"/rooms-changed")
	l.awaitAll(object{"msg": "ready"}, 3)
	s.must(s.w.Join(t.Context(), rocketsim.BotID, s.other))
	s.must(s.w.Archive(t.Context(), s.ann, s.other))
	s.must(s.w.Leave(t.Context(), rocketsim.BotID, s.other))
	place, err := s.w.Discuss(s.ann, s.ref(s.say("what now?")), "a discussion")
	s.must(err)
	l.idle()
	frames, _, _ := l.all(object{"msg": "changed", "collection": "stream-notify-user"})
	seen := map[any]int{}
	for _, f := range frames {
		fields := f["fields"].(object)
		if about := fields["args"].([]any)[1].(object); about["rid"] != nil {
			seen[fields["args"].([]any)[0]]++
		}
	}
	if seen["inserted"] != 2 || seen["removed"] != 1 || seen["updated"] == 0 {
		t.Errorf("the bot was told of its rooms %v", seen)
	}
	setup, err := s.w.Setup(place)
	s.must(err)
	if setup.Parent != s.ops.Channel || setup.Kind != "c" {
		t.Errorf("the discussion is %+v", setup)
	}
}

// TestRefusedInRooms: a room where nobody may write refuses the bot, in the server's words.
func TestRefusedInRooms(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	say := object{"message": object{"rid": string(s.ops.Channel), "msg": "x"}}
	for want, set := range map[string]func(bool) error{
		"400 You can't send messages because the room is readonly.": func(on bool) error { return s.w.MakeReadOnly(s.ops, on) },
		"400 You_have_been_muted":                                   func(on bool) error { return s.w.Mute(s.ops, on) },
		"400 error-not-allowed":                                     func(on bool) error { return s.w.Encrypt(s.ops, on) },
	} {
		s.must(set(true))
		if got := s.refused("POST", "/api/v1/chat.sendMessage", say); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		s.must(set(false))
	}
	s.w.DropMessages(1)
	if got := s.refused("POST", "/api/v1/chat.sendMessage", say); got != "400 Cannot read properties of undefined (reading 'u')" {
		t.Errorf("a message that an app prevents gives %s", got)
	}
	s.w.Set("Message_AllowEditing_BlockEditInMinutes", 5)
	s.w.Revoke("bypass-time-limit-edit-and-delete")
	id := s.post("chat.sendMessage", say)["message"].(object)["_id"].(string)
	s.clock.Advance(5 * 60_000_000_000)
	edit := object{"roomId": string(s.ops.Channel), "msgId": id, "text": "y"}
	if got := s.refused("POST", "/api/v1/chat.update", edit); got != "400 error-message-editing-blocked" {
		t.Errorf("a late edit gives %s", got)
	}
}

// TestBridge: what a bridge carries bears a name that is nobody's here.
func TestBridge(t *testing.T) {
	s := newStage(t, rocketsim.Options{})
	l := s.connect()
	_, err := s.w.SayAs(t.Context(), "Somebody Else", s.ops, "from over there")
	s.must(err)
	heard := l.heard()
	if m := heard[len(heard)-1]; m["alias"] != "Somebody Else" || m["u"].(object)["_id"] != string(s.w.Carrier()) {
		t.Errorf("the message is %v", m)
	}
}

// TestAttachments: older clients write the text on the file, newer ones beside it.
func TestAttachments(t *testing.T) {
	for version, want := range map[string]string{"7.10.0": "", "8.8.1": "look"} {
		s := newStage(t, rocketsim.Options{Version: version})
		l := s.connect()
		_, err := s.w.Attach(t.Context(), s.ann, s.ops, "look", chattest.File{Name: "a.png", Contents: []byte("x")})
		s.must(err)
		heard := l.heard()
		m := heard[len(heard)-1]
		at := m["attachments"].([]any)[0].(object)
		if text, _ := at["description"].(string); m["msg"] != want || m["msg"].(string)+text != "look" || at["image_url"] == nil {
			t.Errorf("%s: the message is %v", version, m)
		}
	}
}
