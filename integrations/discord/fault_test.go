package discord_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/discord"
	"boswell/integrations/discord/discordsim"
)

// A connection that drops is resumed: what happened meanwhile comes in its order, and nothing of it twice or never.
func TestDropIsResumed(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.say("one")
	d.idle()
	d.w.Sim().Drop(4000)
	d.say("two")
	d.say("three")
	d.idle()
	if got := d.texts(); got != "one,two,three" {
		t.Errorf("heard %q", got)
	}
	if begun, resumed := d.w.Sim().Sessions(); begun != 1 || resumed != 1 {
		t.Errorf("%d sessions were begun and %d resumed, want one and one", begun, resumed)
	}
	if n := len(of[chat.Online](d)); n != 2 {
		t.Errorf("%d times online, want again after the resumption", n)
	}
}

// Op 7 at any time: the bot comes back and resumes.
func TestReconnectOrder(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.w.Sim().Reconnect()
	d.until("a resumption", func() bool { _, resumed := d.w.Sim().Sessions(); return resumed == 1 })
	d.say("after")
	d.idle()
	if got := d.texts(); got != "after" {
		t.Errorf("heard %q", got)
	}
}

// Op 7 as the first packet makes discordgo wait for a lock that it holds itself, for ever and in silence. The session is given
// up from outside as soon as that order comes, and another begun.
func TestReconnectOrderInsteadOfGreeting(t *testing.T) {
	d := newDesk(t, quick())
	d.w.Sim().TurnAtOnce(1)
	d.w.Sim().Turn(7)
	d.online()
	d.hearsAgain()
}

// Op 7 in the place of RESUMED hangs discordgo in the same way.
func TestReconnectOrderInsteadOfResumption(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.w.Sim().Turn(7)
	d.w.Sim().Drop(4000)
	d.until("a second session", func() bool { begun, _ := d.w.Sim().Sessions(); return begun >= 2 })
	d.hearsAgain()
}

// Op 9: a session that is over is begun anew, and the bot is told to read what it missed.
func TestInvalidSession(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.w.Sim().Lose()
	d.until("a second session", func() bool { begun, _ := d.w.Sim().Sessions(); return begun == 2 })
	d.say("after")
	d.idle()
	if n := len(of[chat.Online](d)); n != 2 || d.texts() != "after" {
		t.Errorf("%d times online and heard %q, want twice", n, d.texts())
	}
}

// Heartbeats without acknowledgement mean a zombie: the connection is closed, without a code that ends the session, and resumed.
func TestSilence(t *testing.T) {
	d := newDesk(t, impatient()).online()
	d.w.Sim().Deaf(true)
	d.until("a resumption", func() bool { _, resumed := d.w.Sim().Sessions(); return resumed >= 1 })
	d.w.Sim().Deaf(false)
	d.hearsAgain()
}

// Codes after which connecting again does not help end the run with words, where discordgo would try for ever.
func TestFatalCloseCodes(t *testing.T) {
	for code, word := range map[int]string{4004: "token", 4010: "shard", 4011: "sharding", 4012: "Update the program", 4013: "intents",
		4014: "Message Content Intent"} {
		d := newDesk(t, quick())
		d.w.Sim().Refuse(code)
		d.run()
		select {
		case err := <-d.ran:
			var f *chat.Failure
			if !errors.As(err, &f) || f.Temporary || !strings.Contains(f.Tell, word) {
				t.Errorf("code %d ends with %v, want words about %q", code, err, word)
			}
		case <-time.After(30 * time.Second):
			t.Errorf("code %d does not end the run", code)
		}
	}
}

// In the middle of a session, too: discordgo alone would resume for ever.
func TestFatalCloseCodeLater(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.w.Sim().Refuse(4004)
	d.w.Sim().Drop(4004)
	select {
	case err := <-d.ran:
		if err == nil || !strings.Contains(chat.AsFailure(err).Tell, "token") {
			t.Errorf("ends with %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("does not end")
	}
}

// Without the intent in the portal the run ends with what to turn on.
func TestContentNotGranted(t *testing.T) {
	o := quick()
	o.Sim.NoContent = true
	d := newDesk(t, o)
	d.run()
	if err := <-d.ran; !strings.Contains(chat.AsFailure(err).Tell, "Message Content Intent") {
		t.Errorf("ends with %v", err)
	}
}

func TestTokenIsWorthless(t *testing.T) {
	d := newDesk(t, quick())
	d.w.Sim().Revoke()
	d.run()
	err := <-d.ran
	if !strings.Contains(chat.AsFailure(err).Tell, "token") || strings.Contains(err.Error(), discordsim.Token) {
		t.Errorf("ends with %v, want words about the token, without it", err)
	}
	before := d.w.Sim().Calls("POST /channels/{}/messages")
	_, err = d.p.Post(t.Context(), "k", d.room, chat.Message{Text: chat.Say("hello")})
	if f := chat.AsFailure(err); f.Temporary || d.w.Sim().Calls("POST /channels/{}/messages") != before {
		t.Errorf("after it was refused, the token is used again: %v", err)
	}
}

// A thousand sessions a day: the thousand-and-first would cost the token, so it is not begun.
func TestSessionsUsedUp(t *testing.T) {
	o := quick()
	o.Sim.Identifies = 1
	d := newDesk(t, o).online()
	d.w.Sim().Drop(4009)
	d.until("saying so", func() bool {
		return strings.Contains(d.trouble(), "all 1 new sessions of the day are used up, and there are more at 2026-01-01 04:00 UTC")
	})
	if begun, _ := d.w.Sim().Sessions(); begun != 1 {
		t.Errorf("%d sessions were begun, want one", begun)
	}
}

// trouble is what operators are told about the connection.
func (d *desk) trouble() string { return d.p.(chat.Informer).Trouble() }

// Operators are told that Discord cannot be reached, since when and why, until it can.
func TestTroubleIsTold(t *testing.T) {
	d := newDesk(t, quick()).online()
	if got := d.trouble(); got != "" {
		t.Errorf("while all is well, operators are told %q", got)
	}
	d.w.Sim().Refuse(4000)
	d.w.Sim().Drop(4009)
	d.until("telling of it", func() bool {
		return d.trouble() == "Discord cannot be reached since 2026-01-01 00:00 UTC: closed with code 4000"
	})
	d.w.Sim().Refuse(0)
	d.until("telling that it is over", func() bool { return d.trouble() == "" })
}

// A gateway that greets and hangs up is asked more and more seldom, so that the sessions of the day last.
func TestFlappingGateway(t *testing.T) {
	for name, pauses := range map[string]discord.Options{"growing": {Retry: 300 * time.Millisecond}, "apart": {Apart: 400 * time.Millisecond}} {
		o := quick()
		o.Adapter.Retry, o.Adapter.Apart = pauses.Retry, pauses.Apart
		began := time.Now()
		d := newDesk(t, o).online()
		for n := 1; n < 4; n++ {
			d.w.Sim().Drop(4009)
			d.until("another session", func() bool { begun, _ := d.w.Sim().Sessions(); return begun > n })
			check(t, d.w.Connected(d.within()))
		}
		// Growing pauses are at least half of 0.3, 0.6 and 1.2 seconds.
		if took := time.Since(began); took < time.Second {
			t.Errorf("%s: three more sessions were begun within %s", name, took)
		}
	}
}

// A component of a type that discordgo does not know empties its message. Here nothing is lost.
func TestUnknownComponents(t *testing.T) {
	d := newDesk(t, quick()).online()
	at := d.w.Clock().Now().UTC().Format(time.RFC3339)
	for _, kind := range []int{18, 19, 21, 22, 23, 99} {
		d.w.Sim().Send("MESSAGE_CREATE", map[string]any{"id": "1456074443980800999", "channel_id": discordsim.ChannelID(d.room), "guild_id": discordsim.Server,
			"content": "with components", "timestamp": at, "type": 0, "author": map[string]any{"id": string(d.ann.ID), "username": "ann"},
			"components": []any{map[string]any{"type": kind, "id": 1, "component": map[string]any{"type": kind}}}})
	}
	d.idle()
	if got := of[chat.Said](d); len(got) != 6 || got[0].Text != "with components" || got[0].From.ID != d.ann.ID {
		t.Errorf("heard %+v", got)
	}
}

// What bots build of components, and what people forward of it, is read as the text and the files that it shows. What has
// another shape than is known hides nothing of the rest.
func TestComponentsAndForwardsAreRead(t *testing.T) {
	const cdn = "https://cdn.discordapp.com/attachments/1/2/"
	text := func(says string) map[string]any { return map[string]any{"type": 10, "content": says} }
	graph := map[string]any{"url": cdn + "graph.png?ex=1", "content_type": "image/png", "attachment_id": "91"}
	alert := []any{map[string]any{"type": 17, "components": []any{
		map[string]any{"type": 9, "components": []any{text("FIRING: disk full")}, "accessory": map[string]any{"type": 11, "media": graph}},
		map[string]any{"type": 99, "content": []any{7}, "components": "none"}, "no component", text("on db-1"),
		map[string]any{"type": 12, "items": []any{map[string]any{"media": graph}, map[string]any{"media": map[string]any{"url": "https://example.com/x.png"}}}},
		map[string]any{"type": 13, "file": map[string]any{"url": cdn + "b", "attachment_id": "92"}, "name": "df.txt", "size": 3}}}}
	card := []any{map[string]any{"type": "rich", "title": "FIRING: disk full", "description": "on db-1"}}
	shot := []any{map[string]any{"id": "93", "filename": "graph.png", "size": 3, "url": cdn + "graph.png"}}
	forward := func(message map[string]any) []any { return []any{map[string]any{"message": message}, map[string]any{}} }
	for name, c := range map[string]struct {
		sent  map[string]any
		files string
	}{
		"components":         {map[string]any{"flags": 1 << 15, "webhook_id": "100000000000000102", "components": alert}, "graph.png df.txt"},
		"forward of these":   {map[string]any{"flags": 1 << 14, "message_snapshots": forward(map[string]any{"components": alert})}, "graph.png df.txt"},
		"forward of a card":  {map[string]any{"flags": 1 << 14, "message_snapshots": forward(map[string]any{"embeds": card, "attachments": shot})}, "graph.png"},
		"card of a webhook":  {map[string]any{"webhook_id": "100000000000000102", "embeds": card}, ""},
		"no list at all":     {map[string]any{"components": map[string]any{}, "content": "FIRING: disk full\non db-1"}, ""},
		"picture under text": {map[string]any{"content": "FIRING: disk full\non db-1", "attachments": shot}, "graph.png"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, quick()).online()
			sent := map[string]any{"id": "1456074443980800999", "channel_id": discordsim.ChannelID(d.room), "guild_id": discordsim.Server,
				"type": 0, "timestamp": d.w.Clock().Now().UTC().Format(time.RFC3339), "author": map[string]any{"id": string(d.ann.ID), "username": "ann"}}
			maps.Copy(sent, c.sent)
			d.w.Sim().Send("MESSAGE_CREATE", sent)
			d.idle()
			got := of[chat.Said](d)
			if len(got) != 1 || got[0].Text != "FIRING: disk full\non db-1" {
				t.Fatalf("heard %+v", got)
			}
			var files []string
			for _, f := range got[0].Files {
				files = append(files, f.Name)
			}
			if got := strings.Join(files, " "); got != c.files {
				t.Errorf("the files are %q, want %q", got, c.files)
			}
		})
	}
}

// MESSAGE_REACTION_REMOVE_EMOJI and REMOVE_ALL, which discordgo does not or hardly know.
func TestReactionsRemovedForAll(t *testing.T) {
	d := newDesk(t, quick()).online()
	ref := d.say("tagged")
	check(t, d.w.React(t.Context(), d.ann.ID, ref, "📌", true), d.w.React(t.Context(), d.ann.ID, ref, ":shipit:", true))
	on := map[string]any{"channel_id": discordsim.ChannelID(d.room), "message_id": discordsim.MessageID(ref), "guild_id": discordsim.Server}
	d.w.Sim().Send("MESSAGE_REACTION_REMOVE_ALL", on)
	on["emoji"] = map[string]any{"id": nil, "name": "📎"}
	d.w.Sim().Send("MESSAGE_REACTION_REMOVE_EMOJI", on)
	d.idle()
	var removed []string
	for _, r := range of[chat.Reacted](d) {
		if r.Removed && r.Every && r.On == ref {
			removed = append(removed, r.Emoji)
		}
	}
	if got := strings.Join(removed, ","); got != "📌,:shipit:,📎" {
		t.Errorf("removed for everybody: %q", got)
	}
}

// Dispatches that cannot be read harm nothing.
func TestUnreadableDispatches(t *testing.T) {
	d := newDesk(t, quick()).online()
	for _, kind := range []string{"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_REACTION_ADD", "INTERACTION_CREATE", "GUILD_DELETE", "CHANNEL_UPDATE",
		"CHANNEL_PINS_UPDATE", "THREAD_LIST_SYNC", "SOMETHING_NEW"} {
		for _, data := range []any{nil, "text", 7, []any{}, map[string]any{"id": 7, "channel_id": []any{}}, map[string]any{}} {
			d.w.Sim().Send(kind, data)
		}
	}
	d.say("after")
	d.idle()
	if got := d.texts(); got != "after" {
		t.Errorf("heard %q", got)
	}
}

// Compressed frames, which discordgo asks for, are read as the others.
func TestCompressed(t *testing.T) {
	o := quick()
	o.Sim.Compress = true
	d := newDesk(t, o).online()
	d.say("small")
	d.w.Sim().Beat()
	d.idle()
	if got := d.texts(); got != "small" {
		t.Errorf("heard %q", got)
	}
}
