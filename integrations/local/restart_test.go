package local_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"boswell/chat"
	"boswell/integrations/local"
)

// view is all that a person can see.
type view struct {
	People   []chat.User
	Rooms    []local.Room
	Messages map[chat.ChannelID][]local.Message
}

func (p *party) view(by chat.UserID) view {
	p.t.Helper()
	people, err := p.People()
	p.must(err)
	rooms, err := p.Rooms(by)
	p.must(err)
	v := view{People: people, Rooms: rooms, Messages: map[chat.ChannelID][]local.Message{}}
	for _, r := range rooms {
		v.Messages[r.Place.Channel], err = p.Messages(by, r.Place, local.Span{})
		p.must(err)
	}
	return v
}

// act does one thing out of many. Problems are part of life.
func (p *party) act(r *rapid.T, refs []chat.Ref) []chat.Ref {
	ctx := p.t.Context()
	by := rapid.SampledFrom([]chat.UserID{p.ann, p.ben}).Draw(r, "by")
	ref := rapid.SampledFrom(refs).Draw(r, "ref")
	text := rapid.StringN(0, 12, 40).Draw(r, "text")
	set := rapid.Bool().Draw(r, "set")
	bot := p.Platform()
	var made chat.Ref
	var err error
	switch rapid.IntRange(0, 11).Draw(r, "act") {
	case 0:
		made, err = p.Say(ctx, local.Saying{By: by, To: p.room, Text: text, Key: text})
	case 1:
		thread := chat.Place{Platform: "chat", Channel: ref.Channel, Thread: chat.ThreadID(ref.Message)}
		made, err = p.Say(ctx, local.Saying{By: by, To: thread, Text: text, Alias: text, Files: []local.Attachment{{Name: text, Contents: strings.NewReader(text)}}})
	case 2:
		err = p.Edit(ctx, by, ref, text)
	case 3:
		err = p.Delete(ctx, by, ref)
	case 4:
		err = p.React(ctx, by, ref, rapid.SampledFrom([]string{"📌", "📎", ":x:"}).Draw(r, "emoji"), set)
	case 5:
		err = p.Pin(ctx, by, ref, set)
	case 6:
		err = p.SetTopic(ctx, by, p.room, text)
	case 7:
		err = p.Archive(ctx, by, p.room, set)
	case 8:
		made, err = bot.Post(ctx, text, p.room, chat.Message{Text: chat.Say(text).Bold(text), Buttons: []chat.Button{{Action: "a", Label: text}}})
	case 9:
		err = bot.Whisper(ctx, p.room, by, chat.Message{Text: chat.Say(text)})
	case 10:
		err = bot.Bookmark(ctx, p.room, text, text)
	case 11:
		_, err = p.CreateRoom(ctx, by, local.Opening{Name: text, Private: set})
	}
	if err == nil && made != (chat.Ref{}) {
		refs = append(refs, made)
	}
	return refs
}

// TestRestartChangesNothing: whatever happened, the file alone makes the same chat again.
func TestRestartChangesNothing(t *testing.T) {
	p := newParty(t)
	refs := []chat.Ref{p.say("the first")}
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 6).Draw(r, "acts") {
			refs = p.act(r, refs)
		}
		before := []view{p.view(p.ann), p.view(p.ben)}
		p.again()
		if diff := cmp.Diff(before, []view{p.view(p.ann), p.view(p.ben)}, cmpopts.EquateEmpty()); diff != "" {
			r.Fatalf("a restart changed (-before +after):\n%s", diff)
		}
	})
}

// TestTornAtTheEnd: a line that was being written when the power went is forgotten, and the chat goes on behind it.
func TestTornAtTheEnd(t *testing.T) {
	p := newParty(t)
	p.say("kept")
	p.close()
	path := filepath.Join(p.o.Folder, "chat.jsonl")
	data, err := os.ReadFile(path)
	p.must(err)
	p.must(os.WriteFile(path, append(data, `{"sum":"0000`...), 0o600))
	p.open()
	p.say("after")
	p.again()
	if got := p.texts(p.ann); len(got) != 2 || got[1] != "after" {
		t.Errorf("people read %q", got)
	}
}

// TestOlderFile: where the file came back from a backup and the cursor did not, what is new is heard all the same.
func TestOlderFile(t *testing.T) {
	p := newParty(t)
	p.close()
	p.must(os.WriteFile(filepath.Join(p.o.Folder, "chat.cursor"), []byte("999\n"), 0o600))
	p.open()
	p.say("new")
	p.run()
	if said := awaited[chat.Said](p, 1); said[0].Text != "new" {
		t.Errorf("the bot heard %+v", said)
	}
}

// TestManyAtOnce: whoever speaks at the same time, the bot hears each once and in the order in which people read.
func TestManyAtOnce(t *testing.T) {
	p := newParty(t)
	p.run()
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for j := range 10 {
				if _, err := p.Say(t.Context(), local.Saying{By: p.ann, To: p.room, Text: fmt.Sprint(i, " ", j)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	p.drained()
	var heard []string
	for _, m := range deliveries[chat.Said](p) {
		heard = append(heard, m.Text)
	}
	if diff := cmp.Diff(p.texts(p.ben), heard); diff != "" || len(heard) != 160 {
		t.Errorf("%d were heard (-read +heard):\n%s", len(heard), diff)
	}
}
