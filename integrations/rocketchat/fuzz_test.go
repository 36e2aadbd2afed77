package rocketchat

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"boswell/chat"
)

// nobodyThere is a platform whose server answers nothing.
func nobodyThere(t testing.TB) *Platform {
	t.Helper()
	p, err := New(Config{URL: "http://127.0.0.1:1", UserID: "bot", Token: chat.NewSecret("x")}, Options{Retry: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	p.people.put(chat.User{ID: "u1", Handle: "ann", Name: "Ann"})
	p.rooms.put(room{ID: "r1", Kind: kindChannel, Name: "ops"})
	return p
}

// frames are what the server says.
var frames = []string{
	`{"msg":"changed","collection":"stream-room-messages","id":"id","fields":{"eventName":"__my_messages__","args":[{"_id":"m1","rid":"r1","msg":"hello @ann","ts":{"$date":1772355600000},"u":{"_id":"u1","username":"ann","name":"Ann"},"_updatedAt":{"$date":1772355600001},"mentions":[{"_id":"u1","username":"ann"}],"reactions":{":pushpin:":{"usernames":["ann"]}}},{"roomParticipant":true,"roomType":"c","roomName":"ops"}]}}`,
	`{"msg":"changed","collection":"stream-notify-room","id":"id","fields":{"eventName":"r1/deleteMessage","args":[{"_id":"m1"}]}}`,
	`{"msg":"changed","collection":"stream-notify-room","id":"id","fields":{"eventName":"r1/deleteMessageBulk","args":[{"rid":"r1","ids":["m1"],"ts":{"$gt":{"$date":0}},"users":["ann"]}]}}`,
	`{"msg":"changed","collection":"stream-notify-user","id":"id","fields":{"eventName":"bot/subscriptions-changed","args":["removed",{"_id":"s","rid":"r1"}]}}`,
	`{"msg":"changed","collection":"stream-notify-user","id":"id","fields":{"eventName":"bot/rooms-changed","args":["updated",{"_id":"r1","t":"c","archived":true}]}}`,
}

// FuzzFrame: no frame of the server breaks anything, and each is dealt with exactly once.
func FuzzFrame(f *testing.F) {
	for _, frame := range frames {
		f.Add([]byte(frame))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := nobodyThere(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // nobody is asked, and nobody waits
		r := &running{p: p, ctx: ctx, follows: map[string]bool{}, h: func(_ context.Context, in chat.Inbound) (chat.Reply, error) {
			if !strings.HasPrefix(string(in.Origin().Place.Platform), "rocketchat") {
				t.Errorf("%+v is of no platform", in)
			}
			return chat.Reply{}, nil
		}}
		open, dealt := 0, 0
		l := &line{trace: func(done bool) {
			if done {
				dealt++
			} else {
				open++
			}
		}, connected: make(chan string, 1), waiting: map[string]chan frame{}}
		l.stream = func(data []byte, done func()) {
			defer done()
			if _, job, err := r.open(data); err == nil && job != nil && !foreign(data) {
				job()
			}
		}
		before := bytes.Clone(data)
		if !bytes.Contains(data, []byte(`"ping"`)) { // whose answer needs a socket
			_ = l.take(ctx, data)
		}
		if !bytes.Equal(before, data) {
			t.Error("the frame was changed")
		}
		if open != dealt+len(l.connected) {
			t.Errorf("%d events arrived, %d were dealt with", open, dealt)
		}
	})
}

// FuzzEJSON: a time is a time or none, whatever stands in its place.
func FuzzEJSON(f *testing.F) {
	for _, text := range []string{`{"$date":1772355600000}`, `"2026-03-01T09:00:00.000Z"`, `1772355600000`, `null`, `{"$date":"x"}`, `{"$date":-1}`, `[]`, `1e300`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m moment
		if json.Unmarshal(data, &m) != nil {
			return
		}
		if m.Year() > 9999 || m.Location() != time.UTC {
			t.Errorf("%s is read as %v", data, m)
		}
		if _, err := json.Marshal(m.Time); err != nil {
			t.Errorf("%s is read as %v, which cannot be written", data, m)
		}
	})
}

// FuzzMessage: a message is read or refused, and what is read of it can be said.
func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"_id":"m1","rid":"r1","msg":"[ ](http://127.0.0.1:1/channel/ops?msg=m0) !incident note x","u":{"_id":"u1","username":"ann"},"file":{"_id":"f","name":"a.png"},"files":[{"_id":"f","name":"a.png"},{"_id":"t","name":"thumb-a.png"}],"attachments":[{"type":"file","title":"a.png","title_link":"/file-upload/f/a.png","description":"the graph"}]}`))
	f.Add([]byte(`{"_id":"m1","rid":"r1","alias":"Telegram Tom","u":{"_id":"u1"},"attachments":[{"text":"alert","fallback":"x"}],"t":"e2e"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m message
		if json.Unmarshal(data, &m) != nil {
			return
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // nobody is asked
		p := nobodyThere(t)
		s := p.said(ctx, &m)
		if s.Ref.Message != chat.MessageID(m.ID) || s.Place.Channel != s.Ref.Channel {
			t.Errorf("the message is %+v", s)
		}
		for _, file := range s.Files {
			if file.ID == "" || file.Name == "" {
				t.Errorf("a file without a name: %+v", file)
			}
		}
		m.wordsHash()
		p.addressed(m.Text, true)
	})
}

// FuzzMarkup: whatever people write, what the bot makes of it is valid text that holds their words and no live mention.
func FuzzMarkup(f *testing.F) {
	for _, text := range []string{"*b* _i_ @all", "[x](http://y.example)", "```", "1. a\n- b\n> c\n# d", "a\\*b", ":)", "<http://x|y>"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.Contains(text, unseen) {
			return
		}
		for _, said := range []chat.Text{chat.Say(text), chat.Text{}.Bold(text), chat.Text{}.Code(text), chat.Text{}.Link(text, "https://b.example/"+text)} {
			out := render(said, nil)
			for _, many := range []string{"@all", "@here"} {
				if strings.Contains(" "+out, " "+many) || strings.Contains("\n"+out, "\n"+many) {
					t.Errorf("%q notifies everybody: %q", text, out)
				}
			}
		}
		if got := strings.ReplaceAll(unescaped(render(chat.Say(text), nil)), unseen, ""); got != text {
			t.Errorf("%q is shown as %q", text, got)
		}
	})
}

// unescaped undoes the backslashes as the server's clients do. One that people wrote has a break behind it.
func unescaped(text string) string {
	var b strings.Builder
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		if runes[i] == '\\' && i+1 < len(runes) && strings.ContainsRune("*_~`.", runes[i+1]) {
			continue
		}
		b.WriteRune(runes[i])
	}
	return b.String()
}

// FuzzForeign: what is passed over unread is really of a room that the bot is not in.
func FuzzForeign(f *testing.F) {
	for _, frame := range frames {
		f.Add(frame)
	}
	f.Add(`{"_id":"x","msg":"{\"roomParticipant\":false}"}`)
	f.Fuzz(func(t *testing.T, text string) {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		for participant, want := range map[string]bool{"true": false, "false": true} {
			data := `{"msg":"changed","collection":"stream-room-messages","fields":{"args":[{"_id":"m","msg":` + string(quoted) +
				`},{"roomParticipant":` + participant + `,"roomType":"c","roomName":` + string(quoted) + `}]}}`
			if foreign([]byte(data)) != want {
				t.Errorf("foreign is %v of %s", !want, data)
			}
		}
	})
}
