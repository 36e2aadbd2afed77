package rocketsim_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/integrations/rocketchat/rocketsim"
)

const secret = "known to both"

func signed(stamp, text string) string {
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte(stamp + "." + text))
	return "v1=" + hex.EncodeToString(sum.Sum(nil))
}

// withApp is a stage with the app, and a door behind it that answers as a test wants.
func withApp(t *testing.T, answer func(asked object) string) (*stage, *rocketsim.AppWorld) {
	t.Helper()
	s := newStage(t, rocketsim.Options{})
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		stamp := r.Header.Get("X-Boswell-Timestamp")
		if err != nil || r.Header.Get("X-Boswell-Signature") != signed(stamp, string(body)) {
			t.Errorf("a request is not signed: %v", err)
		}
		var asked object
		if err := json.Unmarshal(body, &asked); err != nil {
			t.Error(err)
		}
		if _, err := io.WriteString(w, answer(asked)); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(door.Close)
	s.w.Install(door.URL, secret)
	s.connect()
	return s, s.w.WithApp()
}

// TestAppShowsAnswers: what the door answers is shown: to one person alone, as a form, or as completions.
func TestAppShowsAnswers(t *testing.T) {
	var last object
	s, w := withApp(t, func(asked object) string {
		last = asked
		switch asked["kind"] {
		case "preview":
			return `{"previews":[{"id":"role sc","label":"as it stands"},{"id":"role scribe","label":"Scribe"}]}`
		case "submit":
			return `{"errors":{"title":"The title is taken."}}`
		}
		return map[any]string{
			"note it":   `{"ephemeral":[{"text":"noted","blocks":[{"type":"section","text":{"text":"*noted*"}},{"type":"actions","elements":[{"type":"button","actionId":"undo","value":"7","text":{"text":"Undo"}}]}]}]}`,
			"form":      `{"modal":{"id":"v1","title":{"text":"Note"},"submit":{"text":{"text":"Go"}},"blocks":[{"type":"input","label":{"text":"Title"},"element":{"type":"plain_text_input","actionId":"title"}}]}}`,
			"forbidden": `{"error":"You may not."}`,
		}[asked["line"]]
	})
	a, err := w.Type(t.Context(), s.ann, s.ops, "note it", nil)
	s.must(err)
	if a.Text() != "noted" || a.Public || len(a.Message.Buttons) != 1 || last["kind"] != "command" || last["triggerId"] == nil {
		t.Errorf("Ann sees %+v after %v", a, last)
	}
	_, err = w.Press(t.Context(), s.ann, a.Message, a.Message.Buttons[0])
	if err == nil || last["action"] != "undo" || last["value"] != "7" || last["message"] != nil {
		t.Errorf("the press is told as %v, and no answer is %v", last, err)
	}
	if whispers, err := w.Whispers(t.Context(), s.ann, s.ops); err != nil || len(whispers) != 1 {
		t.Errorf("Ann alone saw %v, %v", whispers, err)
	}
	choices, err := w.Complete(t.Context(), s.ann, s.ops, "role sc")
	s.must(err)
	if len(choices) != 1 || choices[0] != (chat.Choice{Value: "scribe", Label: "Scribe"}) {
		t.Errorf("what could follow is %v", choices)
	}
	form, err := w.Type(t.Context(), s.ann, s.ops, "form", nil)
	s.must(err)
	if _, err := w.Submit(t.Context(), s.ann, form, nil); err == nil {
		t.Error("a form is sent without what it needs")
	}
	again, err := w.Submit(t.Context(), s.ann, form, map[chat.FieldID]string{"title": "x"})
	s.must(err)
	if again.Form == nil || again.Form.Fields[0].Value != "x" || again.Text() != "The title is taken." {
		t.Errorf("a form that is refused is %+v", again)
	}
	if refused, err := w.Type(t.Context(), s.ann, s.ops, "forbidden", nil); err != nil || refused.Text() != "You may not." {
		t.Errorf("a refusal is %+v, %v", refused, err)
	}
}

// TestLinesForTheApp: what the server would not hand on as it was typed is said in the room.
func TestLinesForTheApp(t *testing.T) {
	s, w := withApp(t, func(object) string { return "{}" })
	for _, line := range []string{"note two\nlines", "note two  blanks", `note "quoted"`, "note 'tis so"} {
		before := w.Asked()
		_, err := w.Type(t.Context(), s.ann, s.ops, line, nil)
		s.must(err)
		messages, err := w.Messages(t.Context(), s.ops)
		s.must(err)
		if last := messages[len(messages)-1].Text(); w.Asked() != before || !strings.HasPrefix(last, "!incident note") {
			t.Errorf("the line %q goes to the app, after %q", line, last)
		}
	}
}

// TestAppDoesWhatTheBotAsks: signed, and for people who are there.
func TestAppDoesWhatTheBotAsks(t *testing.T) {
	s, w := withApp(t, func(object) string { return "{}" })
	path := "/api/apps/public/" + rocketsim.AppID + "/boswell"
	ask := func(payload, signature string) string {
		body, err := json.Marshal(object{"payload": payload})
		s.must(err)
		req := s.build("POST", path, string(body))
		req.Header.Set("X-Boswell-Timestamp", "1")
		req.Header.Set("X-Boswell-Signature", signature)
		res := s.send(req)
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		s.must(err)
		return res.Status[:3] + " " + string(text)
	}
	whisper := `{"kind":"whisper","user":"` + string(s.ann) + `","room":"` + string(s.ops.Channel) + `","message":{"text":"psst"}}`
	for _, c := range []struct{ payload, signature, want string }{
		{whisper, "v1=00", "401"},
		{whisper, signed("1", whisper), `200 {"shown":true}`},
		{`{"kind":"hello"}`, signed("1", `{"kind":"hello"}`), "200 {}"},
		{`{"kind":"modal","user":"x"}`, signed("1", `{"kind":"modal","user":"x"}`), "404"},
		{`{"kind":"dance","user":"` + string(s.ann) + `"}`, signed("1", `{"kind":"dance","user":"`+string(s.ann)+`"}`), "400"},
	} {
		if got := ask(c.payload, c.signature); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", c.payload, got, c.want)
		}
	}
	s.w.GoOffline(s.ann, true)
	if got := ask(whisper, signed("1", whisper)); got != `200 {"shown":false}` {
		t.Errorf("to somebody who is away: %s", got)
	}
	if whispers, err := w.Whispers(t.Context(), s.ann, s.ops); err != nil || len(whispers) != 1 || whispers[0].Text() != "psst" {
		t.Errorf("Ann alone saw %v, %v", whispers, err)
	}
}
