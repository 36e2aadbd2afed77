package slack_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/slack"
	"boswell/integrations/slack/slacksim"
)

// TestTrapReactionOnThreadReply: history asked for one moment answers with the message before it, and a reply is in no
// history at all. Only the very message counts.
func TestTrapReactionOnThreadReply(t *testing.T) {
	d := newDesk(t, quick())
	root := d.say("payments are slow")
	d.clock.Advance(time.Minute)
	reply, err := d.w.Reply(d.ctx, d.ben, root, "since the deploy")
	d.must(err)
	d.say("a neighbour")
	seen, err := d.p.Fetch(d.ctx, reply)
	d.must(err)
	if seen.Said.Ref != reply || seen.Said.Text != "since the deploy" || seen.Said.Place.Thread != chat.ThreadID(root.Message) {
		t.Errorf("the reply is read as %+v", seen.Said)
	}
	missing := reply
	missing.Message += "1"
	if _, err := d.p.Fetch(d.ctx, missing); !errors.Is(err, chat.ErrGone) {
		t.Errorf("a message between two others gives %v, want chat.ErrGone and no neighbour", err)
	}
}

// TestTrapDeletedThreadReply: asked for a reply that is gone, Slack answers with the first message of its thread.
func TestTrapDeletedThreadReply(t *testing.T) {
	d := openDesk(t, quick())
	root := d.say("payments are slow")
	d.clock.Advance(time.Minute)
	reply, err := d.w.Reply(d.ctx, d.ben, root, "since the deploy")
	d.must(err)
	await[chat.Said](d, 2)
	d.must(d.w.Delete(d.ctx, d.ben, reply))
	if seen, err := d.p.Fetch(d.ctx, reply); !errors.Is(err, chat.ErrGone) {
		t.Errorf("a reply that is gone gives %+v, %v; want chat.ErrGone", seen.Said, err)
	}
}

// TestTrapPreviewIsNoEdit: Slack sends message_changed for a preview and for each reply too.
func TestTrapPreviewIsNoEdit(t *testing.T) {
	d := openDesk(t, quick())
	ref := d.say("see https://example.com/graph")
	d.must(d.w.Unfurl(ref))
	d.idle()
	if all := received[chat.Said](d); len(all) != 1 || all[0].Text != "see https://example.com/graph" {
		t.Errorf("the bot heard %+v, want the message once", all)
	}
}

// TestTrapEditsAndDeletions: both reach the bot, and the deletion of a message with replies, which Slack shows as a change.
func TestTrapEditsAndDeletions(t *testing.T) {
	d := openDesk(t, quick())
	ref := d.say("teh cause")
	await[chat.Said](d, 1)
	d.clock.Advance(time.Minute)
	d.must(d.w.Edit(d.ctx, d.ann, ref, "the cause"))
	if edit := await[chat.Said](d, 2); edit.Text != "the cause" || !edit.Edited.Equal(d.clock.Now()) || !edit.At.Before(edit.Edited) {
		t.Errorf("the edit is %+v", edit)
	}
	_, err := d.w.Reply(d.ctx, d.ben, ref, "indeed")
	d.must(err)
	d.must(d.w.Delete(d.ctx, d.ann, ref))
	if gone := await[chat.Unsaid](d, 1); gone.Ref != ref {
		t.Errorf("gone is %v, want %v", gone.Ref, ref)
	}
	if _, err := d.p.Fetch(d.ctx, ref); !errors.Is(err, chat.ErrGone) {
		t.Errorf("the shadow of a deleted message is read as %v", err)
	}
}

// TestTrapRetriesAreDeliveries: what happened while no socket was open arrives with a retry attempt only.
func TestTrapRetriesAreDeliveries(t *testing.T) {
	d := openDesk(t, quick())
	var once sync.Once
	d.Answering(func(in chat.Inbound) (chat.Reply, error) {
		var err error
		if _, ok := in.(chat.Said); ok {
			once.Do(func() { err = errors.New("the disk is slow") })
		}
		return chat.Reply{}, err
	})
	ref := d.say("only once")
	if again := await[chat.Said](d, 2); again.Ref != ref || again.Delivery != received[chat.Said](d)[0].Delivery {
		t.Errorf("the retry is %+v", again)
	}
	d.idle()
}

// TestBrokenHandling: what breaks on one event takes nobody along, and the event is not acknowledged.
func TestBrokenHandling(t *testing.T) {
	d := openDesk(t, quick())
	var once sync.Once
	d.Answering(func(in chat.Inbound) (chat.Reply, error) {
		if _, ok := in.(chat.Said); ok {
			once.Do(func() { panic("a bug") })
		}
		return chat.Reply{}, nil
	})
	ref := d.say("an odd message")
	if again := await[chat.Said](d, 2); again.Ref != ref {
		t.Errorf("the retry is %+v", again)
	}
	d.idle()
}

// TestTrapAcknowledgedWhenTaken: an event is acknowledged when the bot has it on disk, not before.
func TestTrapAcknowledgedWhenTaken(t *testing.T) {
	d := openDesk(t, slacksim.Options{Patience: time.Minute})
	d.idle()
	before, err := d.w.Idle(d.ctx)
	d.must(err)
	release := make(chan struct{})
	d.Answering(func(chat.Inbound) (chat.Reply, error) { <-release; return chat.Reply{}, nil })
	d.say("wait for it")
	await[chat.Said](d, 1)
	if n := d.w.Delivered(); n != before {
		t.Errorf("%d deliveries are acknowledged while the bot has taken %d", n, before)
	}
	close(release)
	if after, err := d.w.Idle(d.ctx); err != nil || after != before+1 {
		t.Errorf("afterwards %d are acknowledged (%v), want %d", after, err, before+1)
	}
}

// TestTrapMentionIsOneCommand: Slack sends a mention as app_mention and as a message.
func TestTrapMentionIsOneCommand(t *testing.T) {
	d := openDesk(t, quick())
	d.replying("done")
	root := d.say("it rains")
	in := chat.Place{Platform: d.ops.Platform, Channel: d.ops.Channel, Thread: chat.ThreadID(root.Message)}
	a, err := d.w.Tell(d.ctx, d.ben, in, "note <wet> @ann")
	d.must(err)
	all := received[chat.Invoked](d)
	if len(all) != 1 || all[0].Line != "note <wet> @ann" || all[0].On == nil || *all[0].On != root || all[0].Place.Thread != in.Thread {
		t.Fatalf("the bot was asked %+v, want the command once, in the thread and about its first message", all)
	}
	if len(all[0].Mentions) != 1 || all[0].Mentions[0].ID != d.ann {
		t.Errorf("it mentions %+v, want Ann", all[0].Mentions)
	}
	if a.Text() != "done" || a.Public {
		t.Errorf("Ben was answered %+v, want it in private", a)
	}
}

// TestTrapNamesInPlaceOfIdentifiers: no identifier stays in a text.
func TestTrapNamesInPlaceOfIdentifiers(t *testing.T) {
	d := openDesk(t, quick())
	d.w.AddGroup("sre", d.ann)
	d.say("@ben and @sre in #ops: 5 < 6 && see https://example.com/?a=1&b=2. @here")
	want := "@Ben Baker and @sre in #ops: 5 < 6 && see https://example.com/?a=1&b=2. @here"
	if got := await[chat.Said](d, 1).Text; got != want {
		t.Errorf("the text is\n%q, want\n%q", got, want)
	}
}

// TestTrapAuthorNotTagger: a reaction says who set it; the message keeps its author.
func TestTrapAuthorNotTagger(t *testing.T) {
	d := openDesk(t, quick())
	ref := d.say("restarted it")
	d.must(d.w.React(d.ctx, d.ben, ref, "📌🏽", true))
	r := await[chat.Reacted](d, 1)
	seen, err := d.p.Fetch(d.ctx, ref)
	d.must(err)
	if r.From.ID != d.ben || r.Emoji != "📌🏽" || seen.Said.From.ID != d.ann || seen.Reactions[0].From.ID != d.ben {
		t.Errorf("the reaction is %+v on %+v", r, seen)
	}
}

// TestTrapOneSecondTwoMessages: messages of one second are two, and their time is not cut.
func TestTrapOneSecondTwoMessages(t *testing.T) {
	d := openDesk(t, quick())
	one := d.say("one")
	a := await[chat.Said](d, 1)
	two, err := d.w.Say(d.ctx, d.ann, d.ops, "two")
	d.must(err)
	b := await[chat.Said](d, 2)
	if one == two || a.Ref == b.Ref || a.Order >= b.Order || !b.At.After(a.At) {
		t.Errorf("two messages of one second are %+v and %+v", a, b)
	}
}

// TestTrapFilesStayPrivate: a file is read with the token and never made public; the page to sign in is no file.
func TestTrapFilesStayPrivate(t *testing.T) {
	d := openDesk(t, quick())
	attach := func(n int, name, contents string) chat.File {
		_, err := d.w.Attach(d.ctx, d.ann, d.ops, "", chattest.File{Name: name, Contents: []byte(contents)})
		d.must(err)
		return await[chat.Said](d, n).Files[0]
	}
	f, page := attach(1, "graph.png", "\x89PNG..."), attach(2, "page.html", "<p>ours</p>")
	r, err := d.p.Download(d.ctx, f)
	d.must(err)
	contents, err := io.ReadAll(r)
	d.must(errors.Join(err, r.Close()))
	if string(contents) != "\x89PNG..." {
		t.Errorf("the file is read as %q", contents)
	}
	for _, c := range d.w.Calls() {
		if strings.Contains(strings.ToLower(c.Method), "public") {
			t.Errorf("%s was called", c.Method)
		}
	}
	d.w.HideFiles(slacksim.Redirect)
	for _, file := range []chat.File{f, page} {
		_, err := d.p.Download(d.ctx, file)
		d.wantUnreadable(err)
	}
	d.w.HideFiles(slacksim.HTML)
	_, err = d.p.Download(d.ctx, f)
	d.wantUnreadable(err)
}

// TestTrapSharedFiles: a file in a channel that is shared with another workspace has its name and link, though messages bear only
// its identifier; one that cannot be seen keeps that.
func TestTrapSharedFiles(t *testing.T) {
	d := openDesk(t, quick())
	_, err := d.w.Attach(d.ctx, d.ann, d.ops, "", chattest.File{Name: "graph.png", Contents: []byte("\x89PNG")})
	d.must(err)
	want := await[chat.Said](d, 1).Files[0]
	lone := chat.File{ID: "F0GONE", Name: "F0GONE"}
	for n, want := range []chat.File{want, lone} {
		d.w.Deliver(map[string]any{"type": "message", "subtype": "file_share", "channel": string(d.ops.Channel), "user": string(d.ben), "text": "",
			"ts": fmt.Sprintf("177235570%d.000100", n), "files": []any{map[string]any{"id": want.ID, "file_access": "check_file_info", "mode": "file_access"}}})
		if got := await[chat.Said](d, n+2).Files; len(got) != 1 || got[0] != want {
			t.Errorf("the files are %+v, want %+v", got, want)
		}
	}
}

// wantUnreadable holds that a page in place of a file is a final failure, with words for people.
func (d *desk) wantUnreadable(err error) {
	d.Helper()
	if f := d.failure(err); f.Temporary || f.Tell == "" {
		d.Errorf("a page in place of the file gives %+v, want a final failure with words for people", f)
	}
}

// TestTrapNotInChannel: a public channel is entered, a private one refused with what to do, an archived one too.
func TestTrapNotInChannel(t *testing.T) {
	d := openDesk(t, quick())
	d.must(d.w.Leave(d.ctx, slacksim.BotUser, d.ops))
	if gone := await[chat.Gone](d, 1); gone.Place != d.ops || gone.Why == "" {
		t.Errorf("being removed is %+v", gone)
	}
	_, err := d.post("back", "back again")
	d.must(err)
	secret := d.room(chattest.Room{Name: "secret", Private: true, Unseen: true, Members: []chat.UserID{d.ann}})
	_, err = d.p.Post(d.ctx, "k", secret, chat.Message{Text: chat.Say("hello?")})
	if f := d.failure(err); f.Temporary || !strings.Contains(f.Tell, "/invite") {
		t.Errorf("a private channel gives %+v", f)
	}
	d.must(d.w.Archive(d.ctx, d.ann, d.ops))
	_, err = d.post("late", "too late")
	if f := d.failure(err); f.Temporary || !strings.Contains(f.Tell, "archived") {
		t.Errorf("an archived channel gives %+v", f)
	}
	if _, _, err := d.p.FindRoom(d.ctx, d.ops, "#ops"); !strings.Contains(d.failure(err).Tell, "archived") {
		t.Errorf("an archived channel is found: %v", err)
	}
}

// TestTrapNamesAreCutAtCharacters: names, topics and labels are cut between characters, never within one.
func TestTrapNamesAreCutAtCharacters(t *testing.T) {
	d := openDesk(t, quick())
	long := strings.Repeat("größe ", 60)
	place, name, err := d.p.MakeRoom(d.ctx, "k", chat.NewRoom{Near: d.ops, Name: long, Topic: long, Private: true, Users: []chat.UserID{d.ann}})
	d.must(err)
	look, err := d.w.Look(d.ctx, place)
	d.must(err)
	if !strings.HasPrefix(name, "#größe-größe") || strings.ContainsRune(look.Topic+name, '\uFFFD') {
		t.Errorf("the channel is called %q, its topic %q", name, look.Topic)
	}
}

// TestTrapUnreadableEvents: what cannot be read is acknowledged and logged, and the next thing is read.
func TestTrapUnreadableEvents(t *testing.T) {
	var log bytes.Buffer
	d := newDesk(t, quick())
	p, err := slack.New(config(d.w.Sim), slack.Options{Name: "slack", Log: zerolog.New(zerolog.SyncWriter(&log)), Now: d.clock.Now, Pace: -1})
	d.must(err)
	d.p = p
	d.run()
	await[chat.Online](d, 1)
	d.w.Deliver(map[string]any{"type": "some_future_event", "x": []any{1}})
	d.w.Deliver(map[string]any{"type": "message", "channel": 5})
	d.w.Deliver(map[string]any{"type": "reaction_added", "item": "no object"})
	d.w.Deliver(map[string]any{"type": "message", "subtype": "message_deleted", "channel": string(d.ops.Channel)})
	d.w.Deliver(map[string]any{"type": "message", "channel": string(d.ops.Channel), "ts": "1772355600.000100", "user": string(d.ann), "text": "odd",
		"blocks": []any{map[string]any{"type": "hologram", "text": 7}, "no block"}})
	d.say("plain")
	await[chat.Said](d, 2)
	d.idle()
	d.stop()
	d.must(d.ended())
	if n := d.w.Lost(); n > 0 {
		t.Errorf("%d deliveries were given up, want all acknowledged", n)
	}
	if n := strings.Count(log.String(), `"envelope":"envelope-`); n < 3 {
		t.Errorf("%d of 3 unreadable events are logged with their envelope:\n%s", n, log.String())
	}
}

// TestTrapSecretsStaySecret: no error and no line of the log holds a token.
func TestTrapSecretsStaySecret(t *testing.T) {
	d := newDesk(t, quick())
	var log bytes.Buffer
	c := slack.Config{BotToken: chat.NewSecret("xoxb-very-secret"), AppToken: chat.NewSecret("xapp-very-secret"), APIURL: "http://127.0.0.1:1/api/"}
	p, err := slack.New(c, slack.Options{Log: zerolog.New(zerolog.SyncWriter(&log)), Retry: time.Millisecond, Pace: -1})
	d.must(err)
	_, err = p.Post(d.ctx, "k", d.ops, chat.Message{Text: chat.Say("x")})
	if f := d.failure(err); !f.Temporary || f.InDoubt {
		t.Errorf("nobody listening is %+v, want temporary and certain", f)
	}
	var report bytes.Buffer
	doctor := p.Doctor(d.ctx, &report)
	shown, marshalErr := json.Marshal(c)
	d.must(marshalErr)
	for _, text := range []string{err.Error(), log.String(), report.String(), doctor.Error(), string(shown)} {
		if strings.Contains(text, "very-secret") {
			t.Errorf("a token is shown: %s", text)
		}
	}
}
