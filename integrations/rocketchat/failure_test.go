package rocketchat_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestFailures: whatever goes wrong is sorted for the outbox.
func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name               string
		fault              rocketsim.Fault
		temporary, inDoubt bool
		after              time.Duration
		tell               string
	}{
		{"server error", rocketsim.Fault{Status: 500}, true, true, 0, ""},
		{"bad gateway with a page", rocketsim.Fault{Status: 502, Body: "<html>nginx</html>"}, true, true, 0, ""},
		{"a page in place of an answer", rocketsim.Fault{Status: 200, Body: "<html>sign in</html>"}, true, true, 0, ""},
		{"cut in the middle", rocketsim.Fault{Cut: true}, true, true, 0, ""},
		{"cut after it was done", rocketsim.Fault{Cut: true, Late: true}, true, true, 0, ""},
		{"token revoked", rocketsim.Fault{Status: 401}, true, false, time.Minute, "token"},
		{"two-factor demanded", rocketsim.Fault{Code: "totp-required"}, true, false, time.Minute, "second factor"},
		{"permission missing", rocketsim.Fault{Code: "error-unauthorized", Status: 403}, true, false, time.Minute, "permission"},
		{"archived", rocketsim.Fault{Code: "error-room-archived"}, false, false, 0, "archived"},
		{"too long", rocketsim.Fault{Code: "error-message-size-exceeded"}, false, false, 0, "too long"},
		{"unknown code", rocketsim.Fault{Code: "error-brand-new"}, false, false, 0, "error-brand-new"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, rocketsim.Options{})
			d.w.Fail("chat.sendMessage", c.fault)
			_, err := d.post("k", "x")
			f := d.failure(err)
			if f.Temporary != c.temporary || f.InDoubt != c.inDoubt || f.After != c.after || !strings.Contains(f.Tell, c.tell) {
				t.Errorf("the failure is %+v (%v)", f, err)
			}
			if !f.Temporary && f.Tell == "" {
				t.Error("a final failure says nothing to people")
			}
		})
	}
}

// TestInDoubt: a message that was posted although nobody heard the answer is posted once, in a thread too, however often it is
// tried again.
func TestInDoubt(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	root := d.say("root")
	thread := chat.Place{Platform: root.Platform, Channel: root.Channel, Thread: chat.ThreadID(root.Message)}
	for i, to := range []chat.Place{d.ops, thread} {
		d.w.Fail("chat.sendMessage", rocketsim.Fault{Cut: true, Late: true}, rocketsim.Fault{Status: 504, Late: true})
		born := d.clock.Now()
		key := "key/" + string(to.Thread)
		for range 2 {
			_, err := d.p.Post(d.ctx, key, to, chat.Message{Text: chat.Say("hello")})
			if !d.failure(err).InDoubt {
				t.Fatalf("the error is %v, want it in doubt", err)
			}
		}
		ref, found, err := d.p.Find(d.ctx, key, to, born)
		if err != nil || !found || ref.Message == "" {
			t.Errorf("Find in %v says %v, %v, %v", to, ref, found, err)
		}
		if again, err := d.p.Post(d.ctx, key, to, chat.Message{Text: chat.Say("hello")}); err != nil || again != ref {
			t.Errorf("trying again gives %v, %v; want %v", again, err, ref)
		}
		if n := len(d.texts()); n != 2+i {
			t.Errorf("people read %q", d.texts())
		}
		if _, found, err := d.p.Find(d.ctx, key+"x", to, born); err != nil || found {
			t.Errorf("Find of another key says %v, %v", found, err)
		}
	}
}

// TestUploadInDoubt: so is a file, as long as the bot runs.
func TestUploadInDoubt(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	d.w.Fail("rooms.mediaConfirm", rocketsim.Fault{Cut: true, Late: true})
	_, err := d.p.Upload(d.ctx, "k", d.ops, chat.Upload{Name: "a.md", Type: "text/markdown"}, strings.NewReader("text"), 4)
	if !d.failure(err).InDoubt {
		t.Fatalf("the error is %v, want it in doubt", err)
	}
	d.findsUpload("k", "text", true)
	d.hurry(func(*rocketchat.Options) {}) // which remembers nothing
	d.findsUpload("k", "text", true)
	d.findsUpload("k", "xtet", false)
	d.w.Fail("rooms.media", rocketsim.Fault{Status: 500})
	_, err = d.p.Upload(d.ctx, "l", d.ops, chat.Upload{Name: "a.md"}, strings.NewReader("text"), 4)
	if f := d.failure(err); !f.Temporary || f.InDoubt {
		t.Errorf("before anything is shown nothing is in doubt, but the failure is %+v", f)
	}
}

func (d *desk) findsUpload(key, contents string, want bool) {
	d.Helper()
	ref, found, err := d.p.FindUpload(d.ctx, key, d.ops, chat.Upload{Name: "a.md"}, strings.NewReader(contents), int64(len(contents)), d.clock.Now())
	if err != nil || found != want || found && ref.Message == "" {
		d.Errorf("looking for %q under %q gives %v, %v, %v; want %v", contents, key, ref, found, err, want)
	}
}

// TestRoomInDoubt: the room that was made although nobody heard so is the one that the same key gets.
func TestRoomInDoubt(t *testing.T) {
	for _, kind := range []string{rocketchat.RoomsChannel, rocketchat.RoomsPrivate, rocketchat.RoomsDiscussion} {
		t.Run(kind, func(t *testing.T) {
			d := newDeskWith(t, rocketsim.Options{}, func(c *rocketchat.Config) { c.Rooms = kind })
			d.run()
			delivered[chat.Online](d, 1)
			route := map[string]string{rocketchat.RoomsChannel: "channels.create", rocketchat.RoomsPrivate: "groups.create",
				rocketchat.RoomsDiscussion: "rooms.createDiscussion"}[kind]
			d.w.Fail(route, rocketsim.Fault{Cut: true, Late: true})
			wanted := chat.NewRoom{Near: d.ops, Name: "inc-7-shop-down", Topic: "where it is fixed", Users: []chat.UserID{d.ann}}
			if _, _, err := d.p.MakeRoom(d.ctx, "k", wanted); !d.failure(err).InDoubt {
				t.Fatalf("the error is %v, want it in doubt", err)
			}
			place, name, err := d.p.MakeRoom(d.ctx, "k", wanted)
			d.must(err)
			if name != "#inc-7-shop-down" || d.count(route) > 2 {
				t.Errorf("the room is %s: a second one was made", name)
			}
			other, otherName, err := d.p.MakeRoom(d.ctx, "l", wanted)
			if err != nil || other == place || kind != rocketchat.RoomsDiscussion && otherName != "#inc-7-shop-down-2" {
				t.Errorf("another incident of that name gets %s, %v", otherName, err)
			}
			d.lookOfRoom(kind, place)
		})
	}
}

// lookOfRoom checks what a room of an incident is like.
func (d *desk) lookOfRoom(kind string, place chat.Place) {
	d.Helper()
	look, err := d.w.Look(d.ctx, place)
	d.must(err)
	setup, err := d.w.Setup(place)
	d.must(err)
	if look.Topic != "where it is fixed" || len(look.Members) != 2 {
		d.Errorf("the room has the topic %q and the members %v, want the bot and Ann", look.Topic, look.Members)
	}
	if (setup.Parent == d.ops.Channel) != (kind == rocketchat.RoomsDiscussion) || (setup.Kind == "p") != (kind == rocketchat.RoomsPrivate) {
		d.Errorf("a %s is made as %+v", kind, setup)
	}
}

// TestFileElsewhere: files lie on another server sometimes. It is asked without the credentials.
func TestFileElsewhere(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	d.w.RedirectFiles(true)
	_, err := d.w.Attach(d.ctx, d.ann, d.ops, "the log", chattest.File{Name: "a b.log", Contents: []byte("it broke\n")})
	d.must(err)
	s := delivered[chat.Said](d, 1)
	r, err := d.p.Download(d.ctx, s.Files[0])
	d.must(err)
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != "it broke\n" {
		t.Errorf("the file is %q, %v", got, err)
	}
	if strayed := d.w.Strayed(); len(strayed) > 0 {
		t.Errorf("the other server was given %v", strayed)
	}
}

// TestFileThatIsNotThere: a file that is gone is gone; one that may not be read is told about.
func TestFileThatIsNotThere(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	if _, err := d.p.Download(d.ctx, chat.File{ID: "nothing", Name: "x"}); !errors.Is(err, chat.ErrGone) {
		t.Errorf("a file that never was gives %v", err)
	}
	d.w.Fail("file-upload", rocketsim.Fault{Status: 403}, rocketsim.Fault{Status: 503})
	if _, err := d.p.Download(d.ctx, chat.File{ID: "x", Name: "x"}); d.failure(err).Temporary || d.failure(err).Tell == "" {
		t.Errorf("a file that may not be read gives %v", err)
	}
	if _, err := d.p.Download(d.ctx, chat.File{ID: "x", Name: "x"}); !d.failure(err).Temporary {
		t.Errorf("a server in trouble gives %v", err)
	}
}

// TestLongMessage: what is longer than the server's setting goes in several messages, none of which is lost or doubled.
func TestLongMessage(t *testing.T) {
	d := newDesk(t, rocketsim.Options{Settings: map[string]any{"Message_MaxAllowedSize": 200}})
	d.run()
	delivered[chat.Online](d, 1)
	text := strings.Repeat("*a_b*\n", d.p.Limits().Text/6)
	for range 2 {
		_, err := d.post("k", text)
		d.must(err)
	}
	all := d.texts()
	if len(all) < 2 || strings.Join(all, "") != text {
		t.Errorf("people read %d messages:\n%q\nwant\n%q", len(all), all, text)
	}
	ref, err := d.post("card", "short")
	d.must(err)
	d.must(d.p.Edit(d.ctx, ref, chat.Message{Text: chat.Say(text)}))
	if shown := d.shown(ref).Text(); !strings.HasSuffix(shown, "…") || !strings.HasPrefix(text, strings.TrimSuffix(shown, "\n…")) {
		t.Errorf("the edited message is %q", shown)
	}
}

// TestLengthNotKnown: what is too long for the server by a setting that the bot does not know yet goes in pieces all the same,
// and is tried again where the setting cannot be read.
func TestLengthNotKnown(t *testing.T) {
	const most = 500
	for name, learn := range map[string]func(*desk){
		"lowered while it runs": func(d *desk) {
			d.run()
			delivered[chat.Online](d, 1)
			d.w.Set("Message_MaxAllowedSize", most)
		},
		"not to be read at first": func(d *desk) {
			d.w.Set("Message_MaxAllowedSize", most)
			d.w.Fail("settings.public", rocketsim.Fault{Status: 503})
			d.run()
			delivered[chat.Online](d, 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, rocketsim.Options{})
			learn(d)
			text := strings.Repeat("word ", 300)
			d.w.Fail("settings.public", rocketsim.Fault{Status: 503})
			if _, err := d.post("k", text); !d.failure(err).Temporary {
				t.Errorf("where the setting cannot be read, the failure is %+v", d.failure(err))
			}
			_, err := d.post("k", text)
			d.must(err)
			if all := d.texts(); strings.Join(all, "") != text {
				t.Errorf("people read %q", all)
			}
		})
	}
}

// TestEditLengthNotKnown: so is a text that a message is to have instead, which is cut.
func TestEditLengthNotKnown(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	ref, err := d.post("card", "short")
	d.must(err)
	d.w.Set("Message_MaxAllowedSize", 200)
	d.must(d.p.Edit(d.ctx, ref, chat.Message{Text: chat.Say(strings.Repeat("word ", 300))}))
	if shown := d.shown(ref).Text(); !strings.HasPrefix(shown, "word word") || !strings.HasSuffix(shown, "…") {
		t.Errorf("the edited message is %q", shown)
	}
}

// TestSettingsKept: what was known of the settings is not forgotten when they cannot be read once.
func TestSettingsKept(t *testing.T) {
	d := openDesk(t, rocketsim.Options{Settings: map[string]any{"Message_MaxAllowedSize": 500}})
	known := d.p.Limits().Text
	d.w.Fail("settings.public", rocketsim.Fault{Status: 503})
	d.w.Drop()
	delivered[chat.Online](d, 2)
	if got := d.p.Limits().Text; got != known || got > 500 {
		t.Errorf("messages may have %d characters, before they had %d", got, known)
	}
}

// TestInvitations: those who are there are passed over, and so is the bot.
func TestInvitations(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	place, _, err := d.p.MakeRoom(d.ctx, "k", chat.NewRoom{Near: d.ops, Name: "war room", Users: []chat.UserID{d.ann, d.ann}})
	d.must(err)
	d.must(d.p.Invite(d.ctx, place, []chat.UserID{d.ann, d.ben, rocketsim.BotID}))
	look, err := d.w.Look(d.ctx, place)
	d.must(err)
	if len(look.Members) != 3 {
		t.Errorf("the members are %v, want the bot, Ann and Ben", look.Members)
	}
}
