package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/slack/slacksim"
)

// TestSlackInTroubleForAnHour: while Slack takes nothing, or takes it without saying so, nothing that is owed is lost, and
// nothing is said twice.
func TestSlackInTroubleForAnHour(t *testing.T) {
	for name, fault := range map[string]slacksim.Fault{
		"server errors":       {Status: 503},
		"too many requests":   {Status: 429, RetryAfter: 120},
		"no answers":          {Cut: true},
		"unheard answers":     {Cut: true, Late: true},
		"scope taken away":    {Code: "missing_scope"},
		"token to be renewed": {Code: "token_expired"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newParty(t)
			for range 10 {
				p.world.Fail("chat.postMessage", fault)
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

// TestBotAwayForADay: what was said, edited, tagged and deleted while the bot was away is in the postmortem as it now stands.
func TestBotAwayForADay(t *testing.T) {
	p := newParty(t)
	p.types(p.ops, "start room:here Checkout is down")
	say := func(text string) chat.Ref {
		p.clock.Advance(time.Minute)
		ref, err := p.world.Say(p.ctx, p.ann, p.ops, text)
		p.must(err)
		p.must(p.world.React(p.ctx, p.ben, ref, "📌", true))
		p.settle()
		return ref
	}
	kept, wrong := say("it began at noon"), say("it was Ben")
	p.must(p.world.Cut(p.ctx))
	p.clock.Advance(20 * time.Hour)
	for n := range 3 {
		ref, err := p.world.Say(p.ctx, p.ben, p.ops, fmt.Sprintf("attempt %d", n))
		p.must(err)
		p.must(p.world.React(p.ctx, p.ann, ref, "📌", n != 1))
	}
	p.must(p.world.Edit(p.ctx, p.ann, kept, "it began at one"))
	p.must(p.world.Delete(p.ctx, p.ann, wrong))
	p.must(p.world.Mend(p.ctx))
	p.settle()
	p.types(p.ops, "export sre")
	report := p.lastFile(p.ops)
	for text, want := range map[string]bool{"it began at one": true, "it began at noon": false, "it was Ben": false, "attempt 0": true, "attempt 1": false, "attempt 2": true} {
		if strings.Contains(report, text) != want {
			t.Errorf("%q is in the postmortem: %v, want %v\n%s", text, !want, want, report)
		}
	}
}
