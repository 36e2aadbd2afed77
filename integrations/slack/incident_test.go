package slack_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/commands"
	"boswell/incident"
	"boswell/integrations/slack"
	"boswell/integrations/slack/slacksim"
	"boswell/storage"
)

// A party is an office with Ann and Ben in #ops.
type party struct {
	*office
	*testing.T
	ctx      context.Context
	ann, ben chat.UserID
	ops      chat.Place
}

func newParty(t *testing.T) *party {
	t.Helper()
	return newPartyWith(t, quick(), nil, nil)
}

// newPartyWith is one whose connection and bot are set up otherwise.
func newPartyWith(t *testing.T, o slacksim.Options, configure func(*slack.Config), setUp func(*commands.Settings)) *party {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
	t.Cleanup(cancel)
	clock := chattest.NewClock(morning)
	world, _ := newWorldWith(t, clock, o, configure)
	p := &party{office: &office{folder: t.TempDir(), clock: clock, world: world, setUp: setUp}, T: t, ctx: ctx}
	p.open(t)
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

// TestIncidentInItsOwnChannel lives through an incident with the whole bot: a channel of its own with a pinned card that
// follows, people in it, buttons, forms, a thread, and the postmortem as a file.
func TestIncidentInItsOwnChannel(t *testing.T) {
	p := newParty(t)
	started := p.types(p.ops, "start room:new Checkout is <down> & slow!")
	room, ok := p.world.ChannelNamed("inc-1-checkout-is-down-slow")
	if !ok {
		t.Fatalf("there is no channel for the incident; Ann was told %q", started.Text())
	}
	card := p.card(room)
	if !strings.Contains(card.Text(), "Checkout is <down> & slow!") || len(card.Buttons) == 0 {
		t.Errorf("the card is %q with %v", card.Text(), card.Buttons)
	}
	look, err := p.world.Look(p.ctx, room)
	p.must(err)
	if len(look.Members) != 2 || look.Topic == "" {
		t.Errorf("the channel has the topic %q and the members %v, want the bot and Ann", look.Topic, look.Members)
	}
	p.takeCommand(room, card)
	if card = p.card(room); !strings.Contains(card.Text(), "Ben") {
		t.Errorf("the card does not follow: %q", card.Text())
	}
	p.fight(room)
	p.types(room, "resolve")
	p.types(room, "export sre")
	report := p.lastFile(room)
	for _, want := range []string{"Checkout is <down> & slow!", "the cache was full, we think", "emptied it", "load is <back> to normal", "Checkout was down."} {
		if !strings.Contains(report, want) {
			t.Errorf("the postmortem lacks %q:\n%s", want, report)
		}
	}
}

// takeCommand lets Ben enter the channel and press the button on the card.
func (p *party) takeCommand(room chat.Place, card chattest.Message) {
	p.Helper()
	p.must(p.world.Join(p.ctx, p.ben, room))
	for _, b := range card.Buttons {
		if b.Label == "Take command" {
			_, err := p.world.Press(p.ctx, p.ben, card, b)
			p.must(err)
		}
	}
	p.settle()
}

// fight lets something happen that belongs into the postmortem, in every way that Slack has.
func (p *party) fight(room chat.Place) {
	p.Helper()
	p.clock.Advance(time.Minute)
	said, err := p.world.Say(p.ctx, p.ann, room, "the cache was full")
	p.must(err)
	reply, err := p.world.Reply(p.ctx, p.ben, said, "emptied it")
	p.must(err)
	_, err = p.world.Call(p.ctx, p.ben, "timeline", said)
	p.must(err)
	p.must(p.world.React(p.ctx, p.ann, reply, "📌🏽", true))
	p.must(p.world.Edit(p.ctx, p.ann, said, "the cache was full, we think"))
	p.settle()
	asked := p.types(room, "note")
	if asked.Form == nil {
		p.Fatalf("a command without its argument was answered %q, want a form", asked.Text())
	}
	_, err = p.world.Submit(p.ctx, p.ann, asked, map[chat.FieldID]string{"text": "load is <back> to normal"})
	p.must(err)
	thread := chat.Place{Platform: room.Platform, Channel: room.Channel, Thread: chat.ThreadID(said.Message)}
	_, err = p.world.Tell(p.ctx, p.ann, thread, "set summary Checkout was down.")
	p.must(err)
	p.settle()
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

// log is what the log of an incident tells under one kind, each record as it is kept.
func (p *party) log(id incident.ID, kind string) (told []string) {
	p.Helper()
	p.must(p.store.View(p.ctx, func(r storage.Reader) error {
		for record, err := range r.Records(id, 1) {
			if err != nil {
				return err
			}
			if incident.Kind(record.Event) == kind {
				told = append(told, fmt.Sprintf("%+v", record.Event))
			}
		}
		return nil
	}))
	return told
}

// people are the names of all whom the bot knows.
func (p *party) people() (names []string) {
	p.Helper()
	p.must(p.store.View(p.ctx, func(r storage.Reader) error {
		for person := range r.People() {
			names = append(names, person.Name)
		}
		return nil
	}))
	return names
}

// forget connects the bot anew when it is started next, with a connection that remembers nothing.
func (p *party) forget() {
	p.Helper()
	fresh, err := connect(p.T, p.world.Sim, p.clock, nil)
	p.must(err)
	p.world = p.world.Sim.World(fresh)
}

// TestRefusedFormStaysOpen: a form that is refused stays open with what was typed: what is wrong stands at its field, and what
// is wrong with no field at the top. Mended, it is taken, once.
func TestRefusedFormStaysOpen(t *testing.T) {
	p := newParty(t)
	p.types(p.ops, "start room:here Checkout is down")
	form := p.types(p.ops, "note")
	submit := func(values map[chat.FieldID]string) chattest.Answer {
		t.Helper()
		a, err := p.world.Submit(p.ctx, p.ann, form, values)
		p.must(err)
		p.settle()
		return a
	}
	a := submit(map[chat.FieldID]string{"text": "load is <back> & fine", "at": "25:61"})
	if a.Form == nil || a.Field != "at" || !strings.Contains(a.Problem, "25:61") {
		t.Fatalf("Ann sees %+v, want the form with what is wrong at the time", a)
	}
	p.types(p.ops, "close")
	a = submit(map[chat.FieldID]string{"at": "8:50"})
	if a.Form == nil || a.Field != "" || !strings.Contains(a.Problem, "reopen") {
		t.Fatalf("Ann sees %+v, want the form with what is wrong at its top", a)
	}
	for _, f := range a.Form.Fields {
		if want := map[chat.FieldID]string{"text": "load is <back> & fine", "at": "8:50"}[f.ID]; f.Value != want {
			t.Errorf("in the field %s stands %q, want %q", f.ID, f.Value, want)
		}
	}
	p.types(p.ops, "reopen")
	p.world.Redeliver(true)
	if a = submit(nil); a.Form != nil || !strings.Contains(a.Text(), "Noted as 1") {
		t.Errorf("mended, the form is answered %+v", a)
	}
	if noted := p.log(1, "noted"); len(noted) != 1 || !strings.Contains(noted[0], "load is <back> & fine") {
		t.Errorf("the log has %q", noted)
	}
}

// TestHomeOfEachPerson: everybody's home page shows what is under way, and below it what waits for them alone.
func TestHomeOfEachPerson(t *testing.T) {
	p := newParty(t)
	p.types(p.ops, "start room:here Checkout is down")
	p.types(p.ops, "action owner:Ben Limit retries to three")
	for who, waits := range map[chat.UserID]bool{p.ann: false, p.ben: true} {
		page, err := p.world.Home(p.ctx, who)
		p.must(err)
		list, mine, parted := strings.Cut(page, "Waiting for you")
		if !parted || !strings.Contains(list, "INC-1 Checkout is down") || strings.Contains(mine, "Limit retries to three") != waits {
			t.Errorf("%s sees, want the incident and the action item below it: %v\n%s", who, waits, page)
		}
	}
}

// TestLongFormIsRefused: a form that is too long to be shown anew in an acknowledgement stays open all the same.
func TestLongFormIsRefused(t *testing.T) {
	d := openDesk(t, quick())
	form := chat.Form{Action: "form", Title: "Note", Submit: "Done", Typed: "/incident note <text>"}
	values := map[chat.FieldID]string{}
	for _, id := range []chat.FieldID{"a", "b", "c", "d", "e", "f", "g"} {
		form.Fields = append(form.Fields, chat.FormField{ID: id, Label: string(id), Kind: chat.FormLong})
		values[id] = strings.Repeat("ü", 2900)
	}
	d.Answering(func(in chat.Inbound) (chat.Reply, error) {
		if _, sent := in.(chat.Submitted); sent {
			return chat.Reply{Message: chat.Message{Text: chat.Say("No incident is under way.")}, Refused: true}, nil
		}
		return chat.Reply{Form: &form}, nil
	})
	shown, err := d.w.Type(d.ctx, d.ann, d.ops, "note", nil)
	d.must(err)
	a, err := d.w.Submit(d.ctx, d.ann, shown, values)
	d.must(err)
	if a.Form == nil || a.Problem != "No incident is under way." || a.Form.Fields[6].Value != values["g"] {
		t.Errorf("Ann sees the problem %q of the form %v", a.Problem, a.Form != nil)
	}
}
