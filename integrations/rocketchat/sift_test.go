package rocketchat_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestSift: of a room that nobody heeds only commands are handed over.
func TestSift(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	lounge := d.room(chattest.Room{Name: "lounge", Members: []chat.UserID{d.ann}})
	d.p.Sift(func(p chat.Place) bool { return p.Channel == d.ops.Channel })
	d.run()
	delivered[chat.Online](d, 1)
	ref, err := d.w.Say(d.ctx, d.ann, lounge, "#timeline nobody heeds this")
	d.must(err)
	d.must(d.w.React(d.ctx, d.ann, ref, "📌", true))
	_, err = d.w.Tell(d.ctx, d.ann, lounge, "!incident start x")
	d.must(err)
	d.say("heeded")
	d.idle()
	if all := received[chat.Said](d); len(all) != 1 || all[0].Text != "heeded" {
		t.Errorf("the bot heard %+v", all)
	}
	if in := delivered[chat.Invoked](d, 1); in.Line != "start x" || in.Place != lounge {
		t.Errorf("it was asked %+v", in)
	}
	if all := received[chat.Reacted](d); len(all) > 0 {
		t.Errorf("it heard of %+v", all)
	}
}

// TestTrouble: while the server is down the bot can say so, and since when.
func TestTrouble(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	d.idle()
	if told := d.p.Trouble(); told != "" {
		t.Errorf("with nothing wrong it says %q", told)
	}
	d.w.Stop()
	for d.p.Trouble() == "" {
		d.wait(time.Millisecond)
		d.must(d.ctx.Err())
	}
	if told := d.p.Trouble(); !strings.Contains(told, "since 2026-03-01 09:00 UTC") {
		t.Errorf("it says %q", told)
	}
	d.w.Start("")
	delivered[chat.Online](d, 2)
	if told := d.p.Trouble(); told != "" {
		t.Errorf("when it is back it says %q", told)
	}
}

// TestUnknownVersions: an older or newer server than is known is tried, and the log says so.
func TestUnknownVersions(t *testing.T) {
	for version, want := range map[string]string{"6.13.0": "made for", "9.0.0": "made for", "8.8.1": ""} {
		d := newDesk(t, rocketsim.Options{Version: version})
		var log bytes.Buffer
		d.hurry(func(o *rocketchat.Options) { o.Log = zerolog.New(zerolog.SyncWriter(&log)).Level(zerolog.WarnLevel) })
		d.run()
		delivered[chat.Online](d, 1)
		d.say("hello")
		delivered[chat.Said](d, 1)
		d.stop()
		d.must(d.ended())
		if !strings.Contains(log.String(), want) || want == "" && log.Len() > 0 {
			t.Errorf("of version %s the log says %q", version, log.String())
		}
	}
}

// TestSentElsewhere: a server that sends requests to another address is not followed there with the token; the operator is told
// which address it is.
func TestSentElsewhere(t *testing.T) {
	asked := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer other.Close()
	here := httptest.NewServer(http.RedirectHandler(other.URL+"/api/v1/me", http.StatusMovedPermanently))
	defer here.Close()
	p, err := rocketchat.New(rocketchat.Config{URL: here.URL, UserID: "u", Token: chat.NewSecret("very-secret")}, rocketchat.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var report bytes.Buffer
	if err := p.Doctor(t.Context(), &report); err == nil || !strings.Contains(report.String(), other.URL) || asked > 0 {
		t.Errorf("the other server was asked %d times, and the doctor says %v:\n%s", asked, err, report.String())
	}
}

// TestCommandTypedTwice: whoever gave a command twice while there was no connection meant it once.
func TestCommandTypedTwice(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	d.replying("done")
	d.must(d.w.Cut(d.ctx))
	for range 2 {
		d.say("!incident note it rains")
	}
	d.must(d.w.Mend(d.ctx))
	d.idle()
	if all := received[chat.Invoked](d); len(all) != 1 || all[0].Line != "note it rains" {
		t.Errorf("the bot was asked %+v, want once", all)
	}
}
