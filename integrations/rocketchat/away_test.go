package rocketchat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestServerInTroubleForAnHour: while the server takes nothing, or takes it without saying so, nothing that is owed is lost,
// and nothing is said twice.
func TestServerInTroubleForAnHour(t *testing.T) {
	for name, fault := range map[string]rocketsim.Fault{
		"server errors":         {Status: 503},
		"no answers":            {Cut: true},
		"unheard answers":       {Cut: true, Late: true},
		"permission taken away": {Code: "error-unauthorized", Status: 403},
		"two-factor demanded":   {Code: "totp-required"},
		"token to be renewed":   {Status: 401},
	} {
		t.Run(name, func(t *testing.T) {
			p := newParty(t, rocketsim.Options{})
			for range 10 {
				p.world.Fail("chat.sendMessage", fault)
			}
			answer := p.types(p.ops, "start room:here Checkout is down")
			for range 24 {
				p.clock.Advance(5 * time.Minute)
				p.settle()
			}
			cards := 0
			for _, m := range p.messages(p.ops) {
				if strings.Contains(m.Text(), "Checkout is down") && m.Pinned {
					cards++
				} else if strings.Contains(m.Text(), "Incident commander") {
					t.Errorf("a second card: %q", m.Text())
				}
			}
			if cards != 1 {
				t.Errorf("there are %d pinned cards, want one; Ann was told %q", cards, answer.Text())
			}
		})
	}
}

// TestBotAwayForADay: what was said, edited, tagged, untagged and deleted while the bot was away is in the postmortem as it now
// stands, with nothing lost by a new process that remembers nothing.
func TestBotAwayForADay(t *testing.T) {
	for name, restart := range map[string]bool{"cut": false, "restarted": true} {
		t.Run(name, func(t *testing.T) { awayForADay(t, restart) })
	}
}

func awayForADay(t *testing.T, restart bool) {
	p := newParty(t, rocketsim.Options{})
	p.types(p.ops, "start room:here Checkout is down")
	say := func(text string) chat.Ref {
		p.clock.Advance(time.Minute)
		ref, err := p.world.Say(p.ctx, p.ann, p.ops, text)
		p.must(err)
		p.must(p.world.React(p.ctx, p.ben, ref, "📌", true))
		p.settle()
		return ref
	}
	kept, wrong, untagged := say("it began at noon"), say("it was Ben"), say("never mind")
	p.must(p.world.Cut(p.ctx))
	if restart {
		p.must(p.stop())
	}
	p.clock.Advance(20 * time.Hour)
	for n := range 3 {
		ref, err := p.world.Say(p.ctx, p.ben, p.ops, fmt.Sprintf("attempt %d", n))
		p.must(err)
		p.must(p.world.React(p.ctx, p.ann, ref, "📌", n != 1))
	}
	p.must(p.world.Edit(p.ctx, p.ann, kept, "it began at one"))
	p.must(p.world.Delete(p.ctx, p.ann, wrong))
	p.must(p.world.React(p.ctx, p.ben, untagged, "📌", false))
	if restart {
		p.must(p.startAnew())
	}
	p.must(p.world.Mend(p.ctx))
	p.settle()
	p.types(p.ops, "export sre")
	report := p.lastFile(p.ops)
	for text, want := range map[string]bool{"it began at one": true, "it began at noon": false, "it was Ben": false, "never mind": false,
		"attempt 0": true, "attempt 1": false, "attempt 2": true} {
		if strings.Contains(report, text) != want {
			t.Errorf("%q is in the postmortem: %v, want %v\n%s", text, !want, want, report)
		}
	}
}

// startAnew starts a bot with an adapter that remembers nothing, on the same store.
func (p *party) startAnew() error {
	adapter, err := rocketchat.New(config(p.world.Sim), quick(p.T, p.world.Sim, p.clock))
	if err != nil {
		return err
	}
	p.world = p.world.Sim.World(adapter)
	return p.start()
}

// TestCommandsWhileAway: a command that was typed while there was no connection is run when it is back, once, and one that is
// too old is not.
func TestCommandsWhileAway(t *testing.T) {
	p := newParty(t, rocketsim.Options{})
	p.types(p.ops, "start room:here Checkout is down")
	p.must(p.world.Cut(p.ctx))
	for _, line := range []string{"the cache is cold", "the cache is warm"} {
		p.clock.Advance(10 * time.Minute)
		_, err := p.world.Say(p.ctx, p.ann, p.ops, "!incident note "+line)
		p.must(err)
	}
	p.clock.Advance(2 * time.Minute)
	p.must(p.world.Mend(p.ctx))
	p.settle()
	p.must(p.world.Cut(p.ctx))
	p.must(p.world.Mend(p.ctx))
	p.settle()
	report := p.report()
	if n := strings.Count(report, "the cache is warm"); n != 1 || strings.Contains(report, "the cache is cold") {
		t.Errorf("the postmortem has the command %d times, want once, and not the old one:\n%s", n, report)
	}
}

// report is the postmortem of the incident in #ops.
func (p *party) report() string {
	p.Helper()
	p.types(p.ops, "export sre")
	return p.lastFile(p.ops)
}

// TestCommandsWithAnswersWhileAway: what happens to a command while there is no connection, but for other words, does not make
// it older.
func TestCommandsWithAnswersWhileAway(t *testing.T) {
	p := newParty(t, rocketsim.Options{})
	p.types(p.ops, "start room:here Checkout is down")
	p.must(p.world.Cut(p.ctx))
	typed := map[string]chat.Ref{}
	for _, line := range []string{"seen", "answered", "reworded"} {
		ref, err := p.world.Say(p.ctx, p.ann, p.ops, "!incident note "+line)
		p.must(err)
		typed[line] = ref
	}
	p.clock.Advance(90 * time.Second)
	p.must(p.world.React(p.ctx, p.ben, typed["seen"], "👀", true))
	_, err := p.world.Reply(p.ctx, p.ben, typed["answered"], "is it?")
	p.must(err)
	p.must(p.world.Edit(p.ctx, p.ann, typed["reworded"], "!incident note reworded late"))
	p.clock.Advance(time.Minute)
	p.must(p.world.Mend(p.ctx))
	p.settle()
	report := p.report()
	for line, want := range map[string]bool{"seen": true, "answered": true, "reworded": false} {
		if strings.Contains(report, line) != want {
			t.Errorf("the note %q is in the postmortem: %v, want %v\n%s", line, !want, want, report)
		}
	}
}
