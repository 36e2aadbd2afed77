package discord

import (
	"context"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"boswell/chat"
)

// chatter is a message as the gateway sends it, with an attachment, a card and a mention, of a room that is of no concern.
var chatter = strings.NewReplacer("\n", "", "\t", "").Replace(`{"type":0,"tts":false,"timestamp":"2026-03-01T09:00:00.123000+00:00",
	"pinned":false,"nonce":"1456074443980800998","mentions":[{"username":"ben","public_flags":0,"member":{"roles":[],"nick":null,
	"joined_at":"2021-01-01T00:00:00+00:00","deaf":false,"mute":false},"id":"100000000000000502","global_name":"Ben","avatar":null}],
	"mention_roles":[],"mention_everyone":false,"member":{"roles":["100000000000000101"],"premium_since":null,"pending":false,"nick":"Ann",
	"mute":false,"joined_at":"2021-01-01T00:00:00+00:00","flags":0,"deaf":false,"communication_disabled_until":null,"avatar":null},
	"id":"1456074443980800999","flags":0,"embeds":[{"type":"link","url":"https://example.com/","title":"A page","description":"About lunch",
	"color":5793266,"fields":[{"name":"a","value":"b","inline":true}]}],"edited_timestamp":null,
	"content":"Who comes to lunch with <@100000000000000502> and me? <:pizza:100000000000000200> https://example.com/","components":[],
	"channel_id":"100000000000000700","author":{"username":"ann","public_flags":0,"id":"100000000000000501","global_name":"Ann Archer",
	"discriminator":"0","avatar":"0123456789abcdef0123456789abcdef"},"attachments":[{"id":"100000000000000900","filename":"menu.png",
	"size":81234,"content_type":"image/png","url":"https://cdn.discordapp.com/attachments/1/2/menu.png?ex=0&is=0&hm=0","width":640,"height":480}],
	"guild_id":"100000000000000100"}`)

// listener is an adapter that knows the room of the chatter, and counts what it hands over.
func listener(t testing.TB, heeds bool) (r *running, handed *int) {
	t.Helper()
	p, _ := deaf(t)
	handed = new(int)
	p.guilds.learn(guild{ID: "100000000000000100", Channels: []channel{{ID: "100000000000000700", Name: "lunch"}}})
	p.Sift(func(at chat.Place) bool {
		if at.Channel != "100000000000000100/100000000000000700" {
			t.Errorf("asked about %v", at)
		}
		return heeds
	})
	return &running{p: p, ctx: t.Context(), handle: func(context.Context, chat.Inbound) (chat.Reply, error) {
		*handed++
		return chat.Reply{}, nil
	}}, handed
}

// hear lets a dispatch arrive and be dealt with.
func (r *running) hear(t testing.TB, kind, data string) {
	r.arrived(&discordgo.Event{Type: kind, RawData: []byte(data), Sequence: 1})
	if err := r.p.lanes.Wait(r.ctx); err != nil {
		t.Error(err)
	}
}

// mostAllocations bounds what a message of no concern costs between the library's event and being dropped: its heading is read,
// and its lane is waited for. Read in full it costs four times as many.
const mostAllocations = 25

func TestIgnoredMessageIsCheap(t *testing.T) {
	r, handed := listener(t, false)
	cost := testing.AllocsPerRun(500, func() { r.hear(t, "MESSAGE_CREATE", chatter) })
	full, read := listener(t, true)
	inFull := testing.AllocsPerRun(500, func() { full.hear(t, "MESSAGE_CREATE", chatter) })
	t.Logf("ignored: %.0f allocations, read in full: %.0f", cost, inFull)
	if cost > mostAllocations || inFull < 2*cost || *handed != 0 || *read == 0 {
		t.Errorf("a message of no concern takes %.0f allocations, %d are the most; %d were handed over", cost, mostAllocations, *handed)
	}
}

// TestSift: of a room that nobody heeds only commands and the bot's own messages are read; of others, everything.
func TestSift(t *testing.T) {
	const reaction = `{"channel_id":"100000000000000700","guild_id":"100000000000000100","message_id":"5","user_id":"100000000000000501","emoji":{"name":"📌"}}`
	say := func(author, content string) string {
		return `{"id":"5","channel_id":"100000000000000700","guild_id":"100000000000000100","author":{"id":"` + author + `"},"content":"` + content + `","nonce":"n"}`
	}
	for _, c := range []struct {
		name, kind, data string
		read             bool
	}{
		{"chatter", "MESSAGE_CREATE", chatter, false},
		{"an edit", "MESSAGE_UPDATE", chatter, false},
		{"a reaction", "MESSAGE_REACTION_ADD", reaction, false},
		{"no more reactions", "MESSAGE_REACTION_REMOVE_ALL", reaction, false},
		{"a deletion", "MESSAGE_DELETE", reaction, false},
		{"a pin", "CHANNEL_PINS_UPDATE", reaction, false},
		{"a command", "MESSAGE_CREATE", say("100000000000000501", "<@1> list"), true},
		{"a line with the prefix", "MESSAGE_CREATE", say("100000000000000501", "!inc list"), true},
		{"its own message", "MESSAGE_CREATE", say("1", "said"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, handed := listener(t, false)
			r.p.cfg.Prefix = "!inc"
			r.hear(t, c.kind, c.data)
			if (*handed > 0) != c.read {
				t.Errorf("%d deliveries were handed over, want some: %v", *handed, c.read)
			}
		})
	}
}

func BenchmarkSift(b *testing.B) {
	for _, heeds := range []bool{false, true} {
		name := "ignored"
		if heeds {
			name = "read"
		}
		b.Run(name, func(b *testing.B) {
			r, _ := listener(b, heeds)
			b.ReportAllocs()
			for b.Loop() {
				r.hear(b, "MESSAGE_CREATE", chatter)
			}
		})
	}
}
