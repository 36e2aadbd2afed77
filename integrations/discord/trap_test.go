package discord_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord"
	"boswell/integrations/discord/discordsim"
)

const (
	posting  = "POST /channels/{}/messages"
	callback = "POST /interactions/{}/{}/callback"
)

func (d *desk) post(key string) (chat.Ref, error) {
	return d.p.Post(d.Context(), key, d.room, chat.Message{Text: chat.Say("posted " + key)})
}

// Whatever Discord answers, it is sorted into what may be tried again, what may have happened, and what is over.
func TestFailuresAreSorted(t *testing.T) {
	html := "<html><title>Access denied | discord.com used Cloudflare</title></html>"
	for _, c := range []struct {
		name            string
		fault           discordsim.Fault
		temporary, bold bool // bold: it may have happened
		after           time.Duration
	}{
		{"429", discordsim.Fault{Status: 429, Body: `{"message":"x","retry_after":64.5,"global":false}`}, true, false, 64500 * time.Millisecond},
		{"429 for all", discordsim.Fault{Status: 429, Header: map[string]string{"X-RateLimit-Global": "true"}, Body: `{"retry_after":1.5,"global":true}`}, true, false, 1500 * time.Millisecond},
		{"429 of Cloudflare", discordsim.Fault{Status: 429, Header: map[string]string{"Retry-After": "30"}, Body: html}, true, false, 30 * time.Second},
		{"403 of Cloudflare", discordsim.Fault{Status: 403, Body: html}, true, false, 5 * time.Second},
		{"500", discordsim.Fault{Status: 500, Body: "{}"}, true, true, 0},
		{"502", discordsim.Fault{Status: 502, Body: html}, true, true, 0},
		{"503", discordsim.Fault{Status: 503, Body: ""}, true, true, 0},
		{"no answer", discordsim.Fault{Hang: true}, true, true, 0},
		{"no access", discordsim.Fault{Status: 403, Body: `{"code":50001,"message":"Missing Access"}`}, false, false, 0},
		{"no permission", discordsim.Fault{Status: 403, Body: `{"code":50013,"message":"Missing Permissions"}`}, false, false, 0},
		{"gone", discordsim.Fault{Status: 404, Body: `{"code":10003,"message":"Unknown Channel"}`}, false, false, 0},
		{"overloaded", discordsim.Fault{Status: 400, Body: `{"code":130000,"message":"API overloaded"}`}, true, false, 0},
		{"bad form", discordsim.Fault{Status: 400, Body: `{"code":50035,"message":"Invalid Form Body"}`}, false, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, quick()).online()
			d.w.Sim().Fail(posting, c.fault)
			_, err := d.post("k")
			var f *chat.Failure
			if !errors.As(err, &f) || f.Temporary != c.temporary || f.InDoubt != c.bold || f.After != c.after {
				t.Fatalf("the failure is %+v, want temporary %v, in doubt %v, after %v", f, c.temporary, c.bold, c.after)
			}
			if !f.Temporary && f.Tell == "" {
				t.Error("a failure for good has no words for people")
			}
			if n := d.w.Sim().Calls(posting); n != 1 {
				t.Errorf("it was asked %d times: only the outbox tries again", n)
			}
		})
	}
}

// An answer that is lost leaves doubt; the same key then makes no second message.
func TestNonceAfterLostAnswer(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.w.Sim().Fail(posting, discordsim.Fault{After: true, Status: 502})
	if _, err := d.post("k"); !chat.AsFailure(err).InDoubt {
		t.Fatalf("a lost answer gives %v, want doubt", err)
	}
	ref, err := d.post("k")
	check(t, err)
	if all := must(d.w.Messages(t.Context(), d.room))(t); len(all) != 1 || all[0].Ref != ref {
		t.Errorf("people see %d messages, want one", len(all))
	}
	d.idle()
	found, ok, err := d.p.(chat.Finder).Find(t.Context(), "k", d.room, d.w.Clock().Now().Add(-time.Hour))
	if err != nil || !ok || found != ref {
		t.Errorf("Find says %v, %v, %v", found, ok, err)
	}
}

// In the history Discord tells no nonce. After a restart, what is in doubt is found by what it says, however long it is, and
// nothing else is taken for it: neither what others said, nor what was said before, nor another text.
func TestFoundByItsText(t *testing.T) {
	d := newDesk(t, quick()).online()
	long := chat.Message{Text: chat.Say(strings.Repeat("*", 1500))}
	file := chat.Upload{Name: "a.md", Type: "text/markdown", Caption: chat.Say("the export")}
	must(d.p.Post(t.Context(), "before", d.room, chat.Message{Text: chat.Say("posted k")}))(t)
	d.w.Clock().Advance(time.Minute)
	born := d.w.Clock().Now()
	d.say("posted k")
	refs := []chat.Ref{must(d.post("k"))(t), must(d.p.Post(t.Context(), "long", d.room, long))(t),
		must(d.p.(chat.Uploader).Upload(t.Context(), "file", d.room, file, strings.NewReader("contents"), 8))(t)}
	d.idle()
	d.stop()
	<-d.ran
	check(t, d.w.Renew())
	finder := d.p.(interface {
		chat.UploadFinder
		chat.PostFinder
	})
	wantFound := func(what string, want chat.Ref) func(chat.Ref, bool, error) {
		return func(got chat.Ref, found bool, err error) {
			t.Helper()
			if err != nil || got != want || found != (want != chat.Ref{}) {
				t.Errorf("%s: found %v, %v, %v; want %v", what, got, found, err, want)
			}
		}
	}
	wantFound("a message", refs[0])(finder.FindPost(t.Context(), "k", d.room, chat.Message{Text: chat.Say("posted k")}, born))
	wantFound("a card", refs[1])(finder.FindPost(t.Context(), "long", d.room, long, born))
	wantFound("another text", chat.Ref{})(finder.FindPost(t.Context(), "k", d.room, chat.Message{Text: chat.Say("posted l")}, born))
	wantFound("a later one", chat.Ref{})(finder.FindPost(t.Context(), "k", d.room, chat.Message{Text: chat.Say("posted k")}, d.w.Clock().Now().Add(time.Minute)))
	wantFound("a file", refs[2])(finder.FindUpload(t.Context(), "file", d.room, file, strings.NewReader("contents"), 8, born))
	wantFound("another file", chat.Ref{})(finder.FindUpload(t.Context(), "file", d.room, file, strings.NewReader("contents."), 9, born))
}

// A bucket that is empty is not asked: the caller hears how long to wait.
func TestBucketIsHonoured(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.w.Sim().Fail(posting, discordsim.Fault{After: true, Status: 200, Body: `{"id":"5"}`, Header: map[string]string{"X-RateLimit-Remaining": "0",
		"X-RateLimit-Reset-After": "60", "X-RateLimit-Bucket": "b"}})
	if _, err := d.post("one"); err != nil {
		t.Fatal(err)
	}
	_, err := d.post("two")
	if f := chat.AsFailure(err); !f.Temporary || f.InDoubt || f.After < 50*time.Second || d.w.Sim().Calls(posting) != 1 {
		t.Errorf("an empty bucket gives %+v after %d calls", f, d.w.Sim().Calls(posting))
	}
	// Another channel has a bucket of its own.
	other := must(d.w.AddRoom(t.Context(), chattest.Room{Name: "other", Members: []chat.UserID{d.ann.ID}}))(t)
	if _, err := d.p.Post(t.Context(), "three", other, chat.Message{Text: chat.Say("x")}); err != nil {
		t.Errorf("the bucket of another channel is closed too: %v", err)
	}
}

func (d *desk) typing(line string) chattest.Answer {
	d.Helper()
	return must(d.w.Type(d.within(), d.ann.ID, d.room, line, nil))(d)
}

func (d *desk) register(commands ...chat.Command) {
	d.Helper()
	check(d, d.p.(chat.Registrar).Register(d.Context(), commands))
}

var noteCommand = chat.Command{Name: "note", Help: "Note something", Args: []chat.Arg{{Name: "text", Help: "What", Kind: chat.ArgText, Required: true}}}

// Commands are written only when they changed: Discord counts new ones.
func TestRegistration(t *testing.T) {
	for _, servers := range [][]string{nil, {discordsim.Server}} {
		o := quick()
		o.Config.Servers = servers
		d := newDesk(t, o)
		d.register(noteCommand)
		d.register(noteCommand)
		if n := d.w.Sim().Registrations(); n != 1 {
			t.Errorf("servers %v: the same commands were written %d times", servers, n)
		}
		changed := noteCommand
		changed.Help = "Note anything"
		d.register(changed)
		if n := d.w.Sim().Registrations(); n != 2 {
			t.Errorf("servers %v: changed commands were written %d times", servers, n)
		}
	}
}

// A server that the bot is not in keeps the commands from no other, and the failure names it.
func TestRegistrationGoesOn(t *testing.T) {
	const other = "100000000000000777"
	for _, answer := range []discordsim.Fault{{Status: 403, Body: `{"code":50001,"message":"Missing Access"}`}, {Status: 503}} {
		o := quick()
		o.Config.Servers = []string{other, discordsim.Server}
		d := newDesk(t, o)
		d.w.Sim().Fail("GET /applications/{}/guilds/{}/commands", answer)
		err := d.p.(chat.Registrar).Register(t.Context(), []chat.Command{noteCommand})
		if err == nil || !strings.Contains(err.Error(), other) || chat.AsFailure(err).Temporary != (answer.Status == 503) || d.w.Sim().Registrations() != 1 {
			t.Errorf("status %d: %d registrations and %v, want the other server's, and which failed", answer.Status, d.w.Sim().Registrations(), err)
		}
	}
}

// Once servers are configured, the commands that were registered for all are taken away.
func TestRegistrationIsMoved(t *testing.T) {
	var put []string
	o := quick()
	o.Sim.Heard = func(x discordsim.Exchange) {
		if x.Method == "PUT" && strings.HasSuffix(x.Path, "/commands") {
			put = append(put, fmt.Sprintf("%s %v", x.Path, string(x.Request) != "[]"))
		}
	}
	d := newDesk(t, o)
	d.register(noteCommand)
	p := must(discord.New(discord.Config{Token: chat.NewSecret(discordsim.Token), Servers: []string{discordsim.Server}}, discord.Options{Base: d.w.Sim().URL()}))(t)
	check(t, p.Register(t.Context(), []chat.Command{noteCommand}), p.Register(t.Context(), []chat.Command{noteCommand}))
	all := "/applications/" + discordsim.AppID + "/commands"
	if want := []string{all + " true", "/applications/" + discordsim.AppID + "/guilds/" + discordsim.Server + "/commands true", all + " false"}; !slices.Equal(put, want) {
		t.Errorf("written were %q, want %q", put, want)
	}
}

// An empty list without an error is how Discord refuses history. It is not taken for an empty room.
func TestHistoryWithoutPermission(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.say("something")
	d.w.Sim().Forbid(discordsim.ChannelID(d.room), 1<<16, true)
	_, err := d.p.(chat.Historian).History(t.Context(), d.room, time.Time{}, func(chat.Seen) error { return nil })
	if f := chat.AsFailure(err); err == nil || f.Temporary || !strings.Contains(f.Tell, "Read Message History") {
		t.Errorf("the history gives %v, want the permission that is missing", err)
	}
	empty := must(d.w.AddRoom(t.Context(), chattest.Room{Name: "empty", Members: []chat.UserID{d.ann.ID}}))(t)
	if _, err := d.p.(chat.Historian).History(t.Context(), empty, time.Time{}, func(chat.Seen) error { return nil }); err != nil {
		t.Errorf("an empty room gives %v", err)
	}
}

// The bot is thrown out of the server: every room of it is gone.
func TestKicked(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.w.Sim().Send("GUILD_DELETE", map[string]any{"id": discordsim.Server})
	d.idle()
	if gone := of[chat.Gone](d); len(gone) != 1 || gone[0].Place != d.room || !strings.Contains(gone[0].Why, "removed") {
		t.Errorf("gone: %+v", gone)
	}
}

// A server that is out of order is not gone; when it is back, what was missed is read.
func TestServerUnavailable(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.w.Sim().Send("GUILD_DELETE", map[string]any{"id": discordsim.Server, "unavailable": true})
	d.w.Sim().Send("GUILD_CREATE", map[string]any{"id": discordsim.Server, "name": "The Server", "channels": []any{}})
	d.idle()
	if n := len(of[chat.Online](d)); n != 2 || len(of[chat.Gone](d)) != 0 {
		t.Errorf("%d times online and %+v gone, want twice and nothing", n, of[chat.Gone](d))
	}
}

// The address of a file expires; the message then has a fresh one.
func TestFileExpires(t *testing.T) {
	d := newDesk(t, quick()).online()
	ref := must(d.w.Attach(t.Context(), d.ann.ID, d.room, "the graph", chattest.File{Name: "a.txt", Contents: []byte("contents")}))(t)
	d.idle()
	f := of[chat.Said](d)[0].Files[0]
	d.w.Clock().Advance(48 * time.Hour)
	r, err := d.p.(chat.Downloader).Download(t.Context(), f)
	check(t, err)
	defer r.Close()
	if got := must(io.ReadAll(r))(t); !bytes.Equal(got, []byte("contents")) {
		t.Errorf("read %q", got)
	}
	check(t, d.w.Delete(t.Context(), d.ann.ID, ref))
	if _, err := d.p.(chat.Downloader).Download(t.Context(), f); !errors.Is(err, chat.ErrGone) {
		t.Errorf("the file of a deleted message gives %v", err)
	}
}

// Pins are told apart by comparison where nothing but the list tells.
func TestPinsByComparison(t *testing.T) {
	o := quick()
	o.Sim.QuietPins = true
	d := newDesk(t, o).online()
	first, second := d.say("first"), d.say("second")
	check(t, d.w.Pin(t.Context(), d.ann.ID, first, true))
	d.idle()
	d.w.Clock().Advance(time.Minute)
	check(t, d.w.Pin(t.Context(), d.ann.ID, second, true))
	d.idle()
	check(t, d.w.Pin(t.Context(), d.ann.ID, first, false))
	d.idle()
	var got []string
	for _, p := range of[chat.Pinned](d) {
		got = append(got, fmt.Sprintf("%v %v %s", p.On == first, p.Removed, p.From.Handle))
	}
	if want := []string{"true false ann", "false false ann", "true true "}; !slices.Equal(got, want) {
		t.Errorf("pins are %q, want %q", got, want)
	}
}

// A thread that fell asleep is opened again for an edit; one that was closed is left alone.
func TestArchivedThread(t *testing.T) {
	o := quick()
	o.Config.Rooms = discord.RoomsThread
	d := newDesk(t, o).online()
	place, _, err := d.p.(chat.RoomMaker).MakeRoom(t.Context(), "k", chat.NewRoom{Near: d.room, Name: "INC-7"})
	check(t, err)
	ref, err := d.p.Post(t.Context(), "card", place, chat.Message{Text: chat.Say("the card")})
	check(t, err)
	d.w.Sim().Sleep(place)
	check(t, d.p.(chat.Editor).Edit(t.Context(), ref, chat.Message{Text: chat.Say("changed")}))
	check(t, d.p.(chat.Archiver).Archive(t.Context(), place, false))
	if err := d.p.(chat.Editor).Edit(t.Context(), ref, chat.Message{Text: chat.Say("again")}); err == nil || chat.AsFailure(err).Temporary {
		t.Errorf("an edit in a closed thread gives %v", err)
	}
}

// What is in another server than the configured ones is not heard.
func TestOtherServers(t *testing.T) {
	o := quick()
	o.Config.Servers = []string{"100000000000000777"}
	d := newDesk(t, o).online()
	d.say("not for this bot")
	d.idle()
	if got := d.texts(); got != "" {
		t.Errorf("heard %q", got)
	}
}

// Mentions, channels, roles, emoji, times and commands are restored to what people read.
func TestRestored(t *testing.T) {
	d := newDesk(t, quick()).online()
	id := string(d.ann.ID)
	d.say("<@" + id + "> and <@!" + id + "> in <#" + discordsim.ChannelID(d.room) + "> <:shipit:100000000000000200> <a:x:1> <t:1700000000:R> </incident note:5> <@&100000000000000101> <b> <@x> <t:99999999999999999>")
	d.idle()
	want := "@Ann Archer and @Ann Archer in #ops :shipit: :x: 2023-11-14 22:13 UTC /incident note @Boswell <b> <@x> <t:99999999999999999>"
	if got := d.texts(); got != want {
		t.Errorf("read\n%q, want\n%q", got, want)
	}
}

// A line with the prefix is a command, and so is a mention; any other line is not.
func TestPlainCommands(t *testing.T) {
	o := quick()
	o.Config.Prefix = "!incident"
	d := newDesk(t, o).online()
	d.answer = func(in chat.Inbound) (chat.Reply, error) {
		if i, ok := in.(chat.Invoked); ok {
			return chat.Reply{Message: chat.Message{Text: chat.Say("heard " + i.Line)}, Public: true}, nil
		}
		return chat.Reply{}, nil
	}
	for _, text := range []string{"!incident note a", "<@" + discordsim.BotID + "> note b", "!incidents note c", "note d"} {
		d.say(text)
	}
	d.idle()
	var seen []string
	for _, m := range must(d.w.Messages(t.Context(), d.room))(t) {
		if m.From.Self {
			seen = append(seen, m.Text())
		}
	}
	if want := []string{"heard note a", "heard note b"}; !slices.Equal(seen, want) {
		t.Errorf("the bot said %q, want %q", seen, want)
	}
}

// What breaks on one event takes nobody along.
func TestBrokenHandling(t *testing.T) {
	d := newDesk(t, quick()).online()
	var once sync.Once
	d.mu.Lock()
	d.answer = func(in chat.Inbound) (chat.Reply, error) {
		if _, ok := in.(chat.Said); ok {
			once.Do(func() { panic("a bug") })
		}
		return chat.Reply{}, nil
	}
	d.mu.Unlock()
	d.say("odd")
	d.say("ordinary")
	d.idle()
	if got := d.texts(); got != "odd,ordinary" {
		t.Errorf("heard %q", got)
	}
}
