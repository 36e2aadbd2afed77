package rocketchat_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// A party is an office with Ann and Ben in #ops.
type party struct {
	*office
	*testing.T
	ctx      context.Context
	ann, ben chat.UserID
	ops      chat.Place
}

func newParty(t *testing.T, o rocketsim.Options) *party {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 6*patience)
	t.Cleanup(cancel)
	p := &party{office: newOffice(t, chattest.NewClock(morning), o), T: t, ctx: ctx}
	for handle, id := range map[string]*chat.UserID{"ann": &p.ann, "ben": &p.ben} {
		u, err := p.world.AddPerson(ctx, chattest.Person{Handle: handle, Name: strings.ToUpper(handle[:1]) + handle[1:]})
		p.must(err)
		*id = u.ID
	}
	var err error
	p.ops, err = p.world.AddRoom(ctx, chattest.Room{Name: "ops", Members: []chat.UserID{p.ann, p.ben}})
	p.must(err)
	p.settle()
	return p
}

func (p *party) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *party) settle() {
	p.Helper()
	p.must(chattest.Settle(p.ctx, p.world, p.office))
}

// types lets Ann give a command.
func (p *party) types(in chat.Place, line string) chattest.Answer {
	p.Helper()
	a, err := p.world.Type(p.ctx, p.ann, in, line, nil)
	p.must(err)
	p.settle()
	return a
}

// tells lets Ann write a line as it stands.
func (p *party) tells(in chat.Place, line string) chattest.Answer {
	p.Helper()
	a, err := p.world.Tell(p.ctx, p.ann, in, line)
	p.must(err)
	p.settle()
	return a
}

func (p *party) messages(room chat.Place) []chattest.Message {
	p.Helper()
	messages, err := p.world.Messages(p.ctx, room)
	p.must(err)
	return messages
}

// card is the message of a room that is pinned.
func (p *party) card(room chat.Place) chattest.Message {
	p.Helper()
	for _, m := range p.messages(room) {
		if m.Pinned {
			return m
		}
	}
	p.Fatal("nothing is pinned")
	return chattest.Message{}
}

// lastFile is the newest file in a room.
func (p *party) lastFile(room chat.Place) (contents string) {
	p.Helper()
	for _, m := range p.messages(room) {
		for _, f := range m.Files {
			contents = string(f.Contents)
		}
	}
	return contents
}

// TestIncidentInItsOwnRoom lives through an incident with the whole bot and no app: a channel of its own with a pinned card
// that is edited in place, people in it, lines to type for buttons and forms, answers in direct messages, a thread, and
// the postmortem as a file.
func TestIncidentInItsOwnRoom(t *testing.T) {
	p := newParty(t, rocketsim.Options{})
	started := p.types(p.ops, "start room:new Störung <checkout> & @all slow!")
	room, ok := p.world.RoomNamed("inc-1-storung-checkout-all-slow")
	if !ok {
		t.Fatalf("there is no channel for the incident; Ann was told %q", started.Text())
	}
	card := p.card(room)
	if !strings.Contains(card.Text(), "Störung <checkout> & @all slow!") || !strings.Contains(card.Text(), "!incident ") || len(card.Buttons) > 0 || len(card.Pinged) > 0 {
		t.Errorf("the card is %q with %v and notifies %v", card.Text(), card.Buttons, card.Pinged)
	}
	look, err := p.world.Look(p.ctx, room)
	p.must(err)
	if len(look.Members) != 2 || look.Topic == "" {
		t.Errorf("the channel has the topic %q and the members %v, want the bot and Ann", look.Topic, look.Members)
	}
	p.must(p.world.Join(p.ctx, p.ben, room))
	p.types(room, "role commander @ben")
	if later := p.card(room); later.Ref != card.Ref || !strings.Contains(later.Text(), "Ben") || !later.Edited {
		t.Errorf("the card does not follow in its place: %q", later.Text())
	}
	p.fight(room)
	p.types(room, "resolve")
	p.types(room, "export sre")
	report := p.lastFile(room)
	for _, want := range []string{"Störung <checkout> & @all slow!", "the cache was full, we think", "emptied it", "load is <back> to normal", "Checkout was down."} {
		if !strings.Contains(report, want) {
			t.Errorf("the postmortem lacks %q:\n%s", want, report)
		}
	}
}

// TestArchivedAtTheEnd: what belongs into the channel of an incident is in it before it is archived with its incident; the
// channel where people met anyway is left alone.
func TestArchivedAtTheEnd(t *testing.T) {
	p := newParty(t, rocketsim.Options{})
	p.archives = true
	p.must(p.Restart(p.ctx))
	p.types(p.ops, "start room:new Search is slow")
	room, ok := p.world.RoomNamed("inc-1-search-is-slow")
	if !ok {
		t.Fatal("there is no channel for the incident")
	}
	p.types(room, "close")
	p.clock.Advance(time.Minute)
	p.settle()
	look, err := p.world.Look(p.ctx, room)
	p.must(err)
	if !look.Archived || len(look.Bookmarks) != 1 || !strings.Contains(p.lastFile(room), "Search is slow") || !strings.Contains(p.card(room).Text(), "closed") {
		t.Errorf("at the end the channel is %+v, with the card %q", look, p.card(room).Text())
	}
	if ops, err := p.world.Look(p.ctx, p.ops); err != nil || ops.Archived {
		t.Errorf("#ops is %+v, %v", ops, err)
	}
	p.types(p.ops, "reopen in:INC-1")
	if look, err := p.world.Look(p.ctx, room); err != nil || look.Archived {
		t.Errorf("after the incident was opened again its channel is %+v, %v", look, err)
	}
}

// fight lets something happen that belongs into the postmortem, in every way that there is without an app.
func (p *party) fight(room chat.Place) {
	p.Helper()
	p.clock.Advance(time.Minute)
	said, err := p.world.Say(p.ctx, p.ann, room, "the cache was full")
	p.must(err)
	reply, err := p.world.Reply(p.ctx, p.ben, said, "emptied it")
	p.must(err)
	p.must(p.world.Pin(p.ctx, p.ben, said, true))
	p.must(p.world.React(p.ctx, p.ann, reply, "📌", true))
	p.must(p.world.Edit(p.ctx, p.ann, said, "the cache was full, we think"))
	p.settle()
	asked := p.types(room, "note")
	if asked.Public || !strings.Contains(asked.Text(), "!incident note") {
		p.Fatalf("a command without its argument was answered %q (public: %v), want in private what to type", asked.Text(), asked.Public)
	}
	p.tells(room, "@boswell note load is <back> to normal")
	thread := chat.Place{Platform: room.Platform, Channel: room.Channel, Thread: chat.ThreadID(said.Message)}
	p.types(thread, "set summary Checkout was down.")
}

// TestWaysToAsk: a prefix, a mention, a direct message, and /incident where the server lets it through as text; a quote or a
// thread says which message is meant.
func TestWaysToAsk(t *testing.T) {
	d := openDesk(t, rocketsim.Options{Settings: map[string]any{"Message_AllowUnrecognizedSlashCommand": true}})
	d.replying("done")
	ref := d.say("the cause is the cache")
	thread := chat.Place{Platform: d.ops.Platform, Channel: d.ops.Channel, Thread: chat.ThreadID(ref.Message)}
	alone, err := d.p.Direct(d.ctx, d.ann)
	d.must(err)
	quote := "[ ](" + d.w.LinkTo(ref) + ") "
	for i, c := range []struct {
		in   chat.Place
		text string
		line string
		on   bool
	}{
		{d.ops, "!incident list", "list", false},
		{d.ops, "!Incident: note  two  words", "note  two  words", false},
		{d.ops, "/incident list", "list", false},
		{d.ops, "@boswell, note @ben is on it", "note @ben is on it", false},
		{alone, "list", "list", false},
		{alone, "!incident list", "list", false},
		{d.ops, quote + "!incident note from:message", "note from:message", true},
		{thread, "!incident note from:message", "note from:message", true},
		{d.ops, "!incident role scribe @\u200bben", "role scribe @ben", false},
	} {
		_, err := d.w.Tell(d.ctx, d.ann, c.in, c.text)
		d.must(err)
		in := delivered[chat.Invoked](d, i+1)
		if in.Line != c.line || (in.On != nil && *in.On == ref) != c.on || in.From.ID != d.ann || in.Direct != (c.in == alone) || in.Place.Thread != c.in.Thread {
			t.Errorf("%q is asked as %+v, want the line %q, on the message: %v", c.text, in, c.line, c.on)
		}
	}
	for _, text := range []string{"!incidents are fun", "say !incident list", "@boswellian list", "!"} {
		_, err := d.w.Say(d.ctx, d.ann, d.ops, text)
		d.must(err)
	}
	d.idle()
	if all := received[chat.Invoked](d); len(all) != 9 {
		t.Errorf("of what is no command this was asked: %+v", all[9:])
	}
}

// TestPrivateStaysPrivate: what is asked about a private incident elsewhere is answered to who asked alone. Where the server is in
// trouble, or takes no direct messages, the room does not read it either.
func TestPrivateStaysPrivate(t *testing.T) {
	for name, c := range map[string]struct {
		revoked string
		faults  []rocketsim.Fault
		alone   bool // Ann reads the answer alone
	}{
		"a hiccup":            {"", []rocketsim.Fault{{Status: 503}}, true},
		"an answer lost":      {"", []rocketsim.Fault{{Cut: true, Late: true}}, true},
		"a server in trouble": {"", []rocketsim.Fault{{Status: 503}, {Status: 503}}, false},
		"no direct messages":  {"create-d", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newParty(t, rocketsim.Options{})
			p.world.Revoke(c.revoked)
			p.types(p.ops, "start room:new private:yes Breach of customer data")
			general, err := p.world.AddRoom(p.ctx, chattest.Room{Name: "general", Members: []chat.UserID{p.ann, p.ben}})
			p.must(err)
			p.settle()
			for _, line := range []string{"show in:INC-1", "list"} {
				p.world.Fail("chat.sendMessage", c.faults...)
				if a := p.types(general, line); a.Public == c.alone || strings.Contains(a.Text(), "Breach") != c.alone {
					t.Errorf("%s: Ann reads %q, and so does everybody: %v", line, a.Text(), a.Public)
				}
			}
			for _, m := range p.messages(general) {
				if strings.Contains(m.Text(), "Breach") {
					t.Errorf("everybody reads %q", m.Text())
				}
			}
		})
	}
}

// TestNoDirectMessages: whoever takes no direct messages is answered in a thread below the command.
func TestNoDirectMessages(t *testing.T) {
	p := newParty(t, rocketsim.Options{})
	p.world.Revoke("create-d")
	p.types(p.ops, "start room:here Checkout is down")
	asked := p.types(p.ops, "note")
	if asked.Message.Place.Thread == "" || !strings.Contains(asked.Text(), "!incident note") {
		t.Errorf("Ann was answered %q at %+v, want it in a thread", asked.Text(), asked.Message.Place)
	}
}
