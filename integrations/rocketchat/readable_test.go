package rocketchat_test

import (
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestRoomsComeBack: that a room cannot be read is told once, and that it can again, too, whether the bot hears of it at once or
// finds it so after a cut.
func TestRoomsComeBack(t *testing.T) {
	for name, c := range map[string]struct {
		away, back func(*desk) error
		why        string
	}{
		"removed": {func(d *desk) error { return d.w.Leave(d.ctx, rocketsim.BotID, d.ops) },
			func(d *desk) error { return d.w.Join(d.ctx, rocketsim.BotID, d.ops) }, "removed"},
		"archived": {func(d *desk) error { return d.w.Archive(d.ctx, d.ann, d.ops) },
			func(d *desk) error { return d.w.Unarchive(d.ctx, d.ann, d.ops) }, "archived"},
		"encrypted": {func(d *desk) error { return d.w.Encrypt(d.ops, true) },
			func(d *desk) error { return d.w.Encrypt(d.ops, false) }, "encrypted"},
	} {
		for how, cut := range map[string]bool{"heard": false, "cut off": true} {
			t.Run(name+", "+how, func(t *testing.T) {
				d := openDesk(t, rocketsim.Options{Settings: map[string]any{"E2E_Enable": true}})
				d.w.Twice(true)
				for n, change := range []func(*desk) error{c.away, c.back, c.away, c.back} {
					if cut {
						d.must(d.w.Cut(d.ctx))
					}
					d.must(change(d))
					if cut {
						d.must(d.w.Mend(d.ctx))
					}
					d.hearsOf(n, c.why)
				}
			})
		}
	}
}

// hearsOf waits until it was told n times that #ops cannot be read, or that it can, in turns, after it was told so once.
func (d *desk) hearsOf(n int, why string) {
	d.Helper()
	lost, found := n/2+1, (n+1)/2+1
	if gone := delivered[chat.Gone](d, lost); gone.Place != d.ops || !strings.Contains(gone.Why, why) {
		d.Errorf("the bot heard %+v, want that the room was %s", gone, why)
	}
	if back := delivered[chat.Joined](d, found); back.Place != d.ops || !back.From.Self || back.Left {
		d.Errorf("the bot heard %+v, want that it is back in the room", back)
	}
	d.idle()
	if a, b := len(received[chat.Gone](d)), len(received[chat.Joined](d)); a != lost || b != found {
		d.Errorf("it was told %d times that the room is gone and %d times that it is back, want %d and %d", a, b, lost, found)
	}
}

// TestArchivedByTheBot: what the bot itself archives is no news; what people archive after that is.
func TestArchivedByTheBot(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	d.w.Overtake(true)
	d.must(d.p.Archive(d.ctx, d.ops, false))
	d.must(d.p.Archive(d.ctx, d.ops, true))
	delivered[chat.Joined](d, 2)
	if all := received[chat.Gone](d); len(all) > 0 {
		t.Errorf("the bot heard %+v of the room that it archived itself", all)
	}
	d.must(d.w.Archive(d.ctx, d.ann, d.ops))
	delivered[chat.Gone](d, 1)
}

// TestReadAgain: a room that the bot is let into again, or that is opened again, is one of the incident's as before, with what
// was said there meanwhile.
func TestReadAgain(t *testing.T) {
	p := newParty(t, rocketsim.Options{})
	p.types(p.ops, "start room:here Checkout is down")
	p.must(p.world.Leave(p.ctx, rocketsim.BotID, p.ops))
	p.settle()
	p.clock.Advance(time.Minute)
	ref, err := p.world.Say(p.ctx, p.ann, p.ops, "said meanwhile")
	p.must(err)
	p.must(p.world.React(p.ctx, p.ben, ref, "📌", true))
	p.must(p.world.Join(p.ctx, rocketsim.BotID, p.ops))
	p.settle()
	p.clock.Advance(time.Minute)
	p.settle()
	p.readable(p.ops)
	p.types(p.ops, "export sre")
	if report := p.lastFile(p.ops); !strings.Contains(report, "said meanwhile") {
		t.Errorf("the postmortem lacks what was said meanwhile:\n%s", report)
	}
}

// TestReadAgainAfterRestart: so is one that the bot was let into while it was off.
func TestReadAgainAfterRestart(t *testing.T) {
	p := newParty(t, rocketsim.Options{})
	p.types(p.ops, "start room:here Checkout is down")
	p.must(p.world.Leave(p.ctx, rocketsim.BotID, p.ops))
	p.settle()
	p.must(p.stop())
	p.must(p.world.Join(p.ctx, rocketsim.BotID, p.ops))
	p.must(p.startAnew())
	p.must(p.world.Mend(p.ctx))
	p.settle()
	p.readable(p.ops)
}

// TestReopenedByTheBot: a room that people archived is read again when the bot opens it with its incident.
func TestReopenedByTheBot(t *testing.T) {
	p := newParty(t, rocketsim.Options{})
	p.archives = true
	p.must(p.Restart(p.ctx))
	p.types(p.ops, "start room:new Search is slow")
	room, _ := p.world.RoomNamed("inc-1-search-is-slow")
	p.must(p.world.Archive(p.ctx, p.ann, room))
	p.settle()
	p.types(p.ops, "close in:INC-1")
	p.clock.Advance(time.Minute)
	p.settle()
	p.types(p.ops, "reopen in:INC-1")
	p.clock.Advance(time.Minute)
	p.settle()
	p.readable(room)
}

// readable checks that a room of INC-1 counts as one that can be read.
func (p *party) readable(room chat.Place) {
	p.Helper()
	if shown := p.types(room, "show in:INC-1").Text(); !strings.Contains(shown, "Rooms: ") || strings.Contains(shown, "cannot be read") {
		p.Errorf("the incident is %q", shown)
	}
}
