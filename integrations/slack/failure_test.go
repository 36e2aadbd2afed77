package slack_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/slack/slacksim"
)

// TestFailures: whatever goes wrong is sorted for the outbox.
func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name               string
		fault              slacksim.Fault
		temporary, inDoubt bool
		after              time.Duration
		tell               string
	}{
		{"too many requests", slacksim.Fault{Status: 429, RetryAfter: 30}, true, false, 30 * time.Second, ""},
		{"server error", slacksim.Fault{Status: 500}, true, true, 0, ""},
		{"bad gateway", slacksim.Fault{Status: 502}, true, true, 0, ""},
		{"cut in the middle", slacksim.Fault{Cut: true}, true, true, 0, ""},
		{"cut after it was done", slacksim.Fault{Cut: true, Late: true}, true, true, 0, ""},
		{"internal error", slacksim.Fault{Code: "internal_error"}, true, true, 0, ""},
		{"forbidden", slacksim.Fault{Status: 403}, false, false, 0, "403"},
		{"revoked", slacksim.Fault{Code: "token_revoked"}, true, false, time.Minute, "operator"},
		{"missing scope", slacksim.Fault{Code: "missing_scope"}, true, false, time.Minute, "permission"},
		{"archived", slacksim.Fault{Code: "is_archived"}, false, false, 0, "archived"},
		{"restricted", slacksim.Fault{Code: "restricted_action"}, false, false, 0, "administrator"},
		{"unknown code", slacksim.Fault{Code: "brand_new_error"}, false, false, 0, "brand_new_error"},
		{"rate limit in the body", slacksim.Fault{Code: "ratelimited"}, true, false, time.Second, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, quick())
			d.w.Fail("chat.postMessage", c.fault)
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

// TestInDoubt: a message that was posted although nobody heard the answer is found by its key, in a thread too.
func TestInDoubt(t *testing.T) {
	d := openDesk(t, quick())
	root := d.say("root")
	thread := chat.Place{Platform: root.Platform, Channel: root.Channel, Thread: chat.ThreadID(root.Message)}
	for _, to := range []chat.Place{d.ops, thread} {
		d.w.Fail("chat.postMessage", slacksim.Fault{Cut: true, Late: true})
		born := d.clock.Now()
		key := "key/" + string(to.Thread)
		_, err := d.p.Post(d.ctx, key, to, chat.Message{Text: chat.Say("hello")})
		if !d.failure(err).InDoubt {
			t.Fatalf("the error is %v, want it in doubt", err)
		}
		if ref, found, err := d.p.Find(d.ctx, key, to, born); err != nil || !found || ref.Message == "" {
			t.Errorf("Find in %v says %v, %v, %v", to, ref, found, err)
		}
		if _, found, err := d.p.Find(d.ctx, key+"x", to, born); err != nil || found {
			t.Errorf("Find of another key says %v, %v", found, err)
		}
	}
}

// TestUploadInDoubt: so is a file; as long as the bot runs, also where its contents would be others by now.
func TestUploadInDoubt(t *testing.T) {
	d := newDesk(t, quick())
	d.w.Fail("files.completeUploadExternal", slacksim.Fault{Cut: true, Late: true})
	_, err := d.p.Upload(d.ctx, "k", d.ops, chat.Upload{Name: "a.md"}, strings.NewReader("text"), 4)
	if !d.failure(err).InDoubt {
		t.Fatalf("the error is %v, want it in doubt", err)
	}
	ref, found, err := d.p.FindUpload(d.ctx, "k", d.ops, chat.Upload{Name: "a.md"}, strings.NewReader("text by now"), 11, morning)
	if err != nil || !found || ref.Message == "" {
		t.Errorf("FindUpload says %v, %v, %v", ref, found, err)
	}
	d.w.Fail("files.getUploadURLExternal", slacksim.Fault{Status: 500})
	_, err = d.p.Upload(d.ctx, "l", d.ops, chat.Upload{Name: "a.md"}, strings.NewReader("text"), 4)
	if f := d.failure(err); !f.Temporary || f.InDoubt {
		t.Errorf("before anything is shown nothing is in doubt, but the failure is %+v", f)
	}
}

// TestRoomInDoubt: the channel that was made although nobody heard so is the one that the same key gets.
func TestRoomInDoubt(t *testing.T) {
	d := newDesk(t, quick())
	d.w.Fail("conversations.create", slacksim.Fault{Cut: true, Late: true})
	wanted := chat.NewRoom{Near: d.ops, Name: "inc-7-shop-down", Users: []chat.UserID{d.ann}}
	if _, _, err := d.p.MakeRoom(d.ctx, "k", wanted); !d.failure(err).InDoubt {
		t.Fatalf("the error is %v, want it in doubt", err)
	}
	_, name, err := d.p.MakeRoom(d.ctx, "k", wanted)
	d.must(err)
	if name != "#inc-7-shop-down" {
		t.Errorf("the channel is %s: a second one was made", name)
	}
	if _, other, err := d.p.MakeRoom(d.ctx, "l", wanted); err != nil || other != "#inc-7-shop-down-2" {
		t.Errorf("another incident of that name gets %s, %v", other, err)
	}
}

// TestWaitsAsLongAsSlackSays: after a 429 the method is left alone until Slack's own delay is over.
func TestWaitsAsLongAsSlackSays(t *testing.T) {
	d := newDesk(t, quick())
	d.w.Fail("conversations.setTopic", slacksim.Fault{Status: 429, RetryAfter: 20})
	for range 3 {
		if f := d.failure(d.p.SetTopic(d.ctx, d.ops, "x")); !f.Temporary || f.After <= 0 || f.After > 20*time.Second {
			t.Errorf("the failure is %+v", f)
		}
	}
	if n := d.count("conversations.setTopic"); n != 1 {
		t.Errorf("Slack was asked %d times, want once", n)
	}
	d.clock.Advance(21 * time.Second)
	d.must(d.p.SetTopic(d.ctx, d.ops, "x"))
}

// TestInvitations: those who are there are passed over, groups are their members, and who cannot come is told about.
func TestInvitations(t *testing.T) {
	d := newDesk(t, quick())
	d.w.AddGroup("others")
	group := d.w.AddGroup("sre", d.ann, d.ben)
	place, _, err := d.p.MakeRoom(d.ctx, "k", chat.NewRoom{Near: d.ops, Name: "war room", Users: []chat.UserID{d.ann, d.ann}})
	d.must(err)
	d.must(d.p.Invite(d.ctx, place, []chat.UserID{group, slacksim.BotUser}))
	look, err := d.w.Look(d.ctx, place)
	d.must(err)
	if len(look.Members) != 3 {
		t.Errorf("the members are %v, want the bot, Ann and Ben", look.Members)
	}
	err = d.p.Invite(d.ctx, place, []chat.UserID{"U0NOBODY"})
	if !errors.Is(err, chat.ErrGone) {
		t.Errorf("inviting nobody gives %v, want chat.ErrGone", err)
	}
}
