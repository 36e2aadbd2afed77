package rocketchat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestGivesUp: what an operator has to mend ends the platform, in words that say what to do, and without the token in them.
func TestGivesUp(t *testing.T) {
	for name, c := range map[string]struct {
		configure func(*rocketchat.Config)
		spoil     func(*desk)
		want      string
	}{
		"wrong token":         {func(c *rocketchat.Config) { c.Token = chat.NewSecret("very-secret") }, func(*desk) {}, "personal access token"},
		"revoked token":       {func(*rocketchat.Config) {}, func(d *desk) { d.w.RevokeToken() }, "personal access token"},
		"another account":     {func(c *rocketchat.Config) { c.UserID = "somebodyElse" }, func(*desk) {}, "personal access token"},
		"two-factor demanded": {func(*rocketchat.Config) {}, func(d *desk) { d.w.Fail("me", rocketsim.Fault{Code: "totp-required"}) }, "Ignore Two Factor"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDeskWith(t, rocketsim.Options{}, c.configure)
			c.spoil(d)
			d.run()
			err := d.ended()
			if f := d.failure(err); f.Temporary || !strings.Contains(f.Tell, c.want) || strings.Contains(err.Error()+f.Tell, "very-secret") {
				t.Errorf("Run ends with %+v (%v)", f, err)
			}
		})
	}
}

// TestVersionHidden: a proxy that does not let anybody ask for the version, as if the token were wrong or otherwise, keeps
// nobody from working.
func TestVersionHidden(t *testing.T) {
	for _, status := range []int{401, 403, 404} {
		d := newDesk(t, rocketsim.Options{})
		d.w.Fail("info", rocketsim.Fault{Status: status, Body: "<html>forbidden</html>"})
		d.run()
		delivered[chat.Online](d, 1)
	}
}

// TestServerRestarted: after a restart, to a newer version, the bot is back by itself, subscribed to everything as before, and
// says that it is online again.
func TestServerRestarted(t *testing.T) {
	d := openDesk(t, rocketsim.Options{Version: "7.10.0"})
	d.idle()
	before := d.w.Listening()
	d.w.Stop()
	d.w.Start("8.8.1")
	delivered[chat.Online](d, 2)
	d.idle()
	after := d.w.Listening()
	slices.Sort(before)
	slices.Sort(after)
	if len(after) < 5 || !slices.Equal(before, after) {
		t.Errorf("it listens to %v, before to %v", after, before)
	}
	ref := d.say("back again")
	if s := delivered[chat.Said](d, 1); s.Ref != ref {
		t.Errorf("it heard %+v", s)
	}
}

// TestIdleProxy: a proxy that drops sockets on which nothing happens sees something happen in time.
func TestIdleProxy(t *testing.T) {
	d := newDesk(t, rocketsim.Options{Ping: time.Hour})
	d.w.DropIdle(200 * time.Millisecond)
	d.hurry(func(o *rocketchat.Options) { o.Silence = 200 * time.Millisecond })
	d.run()
	// On a machine that stands still the proxy may come first. A connection with so many signs has outlived its patience.
	d.must(d.w.Until(d.ctx, func() bool { return d.w.Pinged() >= 3 }))
}

// TestDeadSocket: a network that swallows packets is noticed, and the connection made anew.
func TestDeadSocket(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	d.hurry(func(o *rocketchat.Options) { o.Silence = 500 * time.Millisecond })
	d.run()
	delivered[chat.Online](d, 1)
	d.w.Silence()
	delivered[chat.Online](d, 2)
}

// TestManyRooms: the server takes so many subscriptions in ten seconds. Where there are more rooms, the bot is online first,
// and the rest follows without the server having to refuse anything.
func TestManyRooms(t *testing.T) {
	d := newDesk(t, rocketsim.Options{Subscriptions: 1000})
	for n := range 30 {
		d.room(chattest.Room{Name: fmt.Sprintf("room-%d", n)})
	}
	d.hurry(func(o *rocketchat.Options) { o.Pace = 20 })
	d.run()
	delivered[chat.Online](d, 1)
	if n := len(d.w.Listening()); n > 20 {
		t.Errorf("%d subscriptions were made at once", n)
	}
}

// TestRefusedSubscriptions: where the server refuses one because there were too many, the bot waits as long as it says.
func TestRefusedSubscriptions(t *testing.T) {
	d := newDesk(t, rocketsim.Options{Subscriptions: 4, SubscriptionTime: 300 * time.Millisecond})
	d.hurry(func(o *rocketchat.Options) { o.Pace = 100 })
	d.run()
	delivered[chat.Online](d, 1)
	ref := d.say("wrong room")
	d.must(d.w.Delete(d.ctx, d.ann, ref))
	if u := delivered[chat.Unsaid](d, 1); u.Ref != ref {
		t.Errorf("it heard of the deletion of %v", u.Ref)
	}
}

// TestBrokenHandling: what breaks on one event takes nobody along.
func TestBrokenHandling(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	var once sync.Once
	d.Answering(func(in chat.Inbound) (chat.Reply, error) {
		if _, ok := in.(chat.Said); ok {
			once.Do(func() { panic("a bug") })
		}
		return chat.Reply{}, nil
	})
	d.say("odd")
	ref := d.say("ordinary")
	if s := delivered[chat.Said](d, 2); s.Ref != ref {
		t.Errorf("it heard %+v", s)
	}
	d.idle()
	if _, err := d.p.History(d.ctx, d.ops, morning, func(chat.Seen) error { panic("another bug") }); err == nil || d.ctx.Err() != nil {
		t.Errorf("reading back breaks and ends with %v", err)
	}
}

// TestOddFrames: what is nothing of DDP, or of a shape that nobody knows, is passed over, and what follows is heard.
func TestOddFrames(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	d.idle()
	for _, frame := range []string{`{"server_id":"0"}`, `no JSON`, `[]`, `{"msg":"changed"}`, `{"msg":"connected","session":"again"}`,
		`{"msg":"changed","collection":"stream-room-messages","id":"id","fields":{"eventName":"__my_messages__","args":[7]}}`,
		`{"msg":"changed","collection":"stream-room-messages","id":"id","fields":{"eventName":"__my_messages__","args":[{"_id":"x"}]}}`,
		`{"msg":"changed","collection":"stream-notify-room","id":"id","fields":{"eventName":"` + string(d.ops.Channel) + `/deleteMessage","args":[{}]}}`,
		`{"msg":"changed","collection":"stream-notify-user","id":"id","fields":{"eventName":"x/subscriptions-changed","args":["removed",{}]}}`,
		`{"msg":"changed","collection":"stream-of-the-future","id":"id","fields":{"eventName":"x","args":[{}]}}`,
		`{"msg":"nosub","id":"77"}`, `{"msg":"result","id":"78","error":"odd"}`, `{"msg":"ping"}`} {
		d.w.Send(frame)
	}
	d.w.Publish("stream-room-messages", "__my_messages__", map[string]any{"_id": "odd", "rid": string(d.ops.Channel), "msg": "odd",
		"ts": map[string]any{"$date": 1772355600000}, "_updatedAt": "2026-03-01T09:00:00.000Z", "u": map[string]any{"_id": string(d.ann), "username": "ann"},
		"alias": 7, "reactions": []any{1}, "attachments": []any{"x", map[string]any{"type": 3}}, "files": "none", "pinned": "yes", "mentions": 5},
		map[string]any{"roomParticipant": true, "roomType": "c", "roomName": "ops"})
	if s := delivered[chat.Said](d, 1); s.Text != "odd" || s.From.ID != d.ann {
		t.Errorf("the odd message is %+v", s)
	}
	d.say("plain")
	if s := delivered[chat.Said](d, 2); s.Text != "plain" {
		t.Errorf("the message after it is %+v", s)
	}
}

// TestSecretsStaySecret: no error and no line of the log holds the token.
func TestSecretsStaySecret(t *testing.T) {
	var log bytes.Buffer
	c := rocketchat.Config{URL: "http://127.0.0.1:1", UserID: "u", Token: chat.NewSecret("very-secret"), AppSecret: chat.NewSecret("very-secret-as-well"), Listen: "127.0.0.1:0"}
	p, err := rocketchat.New(c, rocketchat.Options{Log: zerolog.New(zerolog.SyncWriter(&log)), Retry: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := p.Run(ctx, func(context.Context, chat.Inbound) (chat.Reply, error) { return chat.Reply{}, nil }); err != nil {
		t.Errorf("Run ended with %v", err)
	}
	_, err = p.Post(t.Context(), "k", chat.Place{Channel: "r"}, chat.Message{Text: chat.Say("x")})
	if f := chat.AsFailure(err); !f.Temporary || f.InDoubt {
		t.Errorf("nobody listening is %+v, want temporary and certain", f)
	}
	var report bytes.Buffer
	doctor := p.Doctor(t.Context(), &report)
	shown, marshalErr := json.Marshal(c)
	if marshalErr != nil || doctor == nil {
		t.Fatal(marshalErr, doctor)
	}
	for _, text := range []string{err.Error(), log.String(), report.String(), doctor.Error(), string(shown), fmt.Sprintf("%+v", c)} {
		if strings.Contains(text, "very-secret") {
			t.Errorf("a secret is shown: %s", text)
		}
	}
}

// hurry gives the desk an adapter with other options.
func (d *desk) hurry(change func(*rocketchat.Options)) {
	d.Helper()
	o := quick(d.T, d.w.Sim, d.clock)
	change(&o)
	p, err := rocketchat.New(config(d.w.Sim), o)
	d.must(err)
	d.p, d.w = p, d.w.Sim.World(p)
}

// wait lets real time pass, for what is measured by it.
func (d *desk) wait(long time.Duration) {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-d.ctx.Done():
	}
}
