package slack_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/slack/slacksim"
	"boswell/postmortem/agree"
	"boswell/storage"
)

// tiered are the options of a simulator that limits methods to a part of what Slack allows.
func tiered(part int) slacksim.Options {
	o := quick()
	o.Tiers = part
	return o
}

// unhurried is a bot that is given the time that Slack asks for.
type unhurried struct{ *office }

// waitMost is how long it is waited for: reminders and the like come later.
const waitMost = 2 * time.Minute

// Settle moves the clock on to when what is owed is due, until nothing is.
func (u unhurried) Settle(ctx context.Context) error {
	for {
		if err := u.office.Settle(ctx); err != nil {
			return err
		}
		next, err := u.nextDue(ctx)
		if err != nil || next.IsZero() || next.Sub(u.clock.Now()) > waitMost {
			return err
		}
		u.clock.Set(next)
	}
}

// nextDue is when the next thing that is owed is due; zero is never.
func (u unhurried) nextDue(ctx context.Context) (next time.Time, err error) {
	err = u.store.View(ctx, func(r storage.Reader) error {
		for o, err := range r.Owed(0) {
			if err != nil {
				return err
			}
			if next.IsZero() || o.Due.Before(next) {
				next = o.Due
			}
		}
		return nil
	})
	return next, err
}

// TestCasesUnderTiers plays the recorded incidents into a workspace that limits methods to a fifth of what Slack allows, since
// incidents that were lived through do not reach Slack's own tiers. Who is told that Slack did not answer types again.
func TestCasesUnderTiers(t *testing.T) {
	refused := 0
	chattest.Cases(t, chattest.Stage[*testing.T]{Agree: agree.Agree,
		Start: func(t *testing.T, clock *chattest.Clock) (chattest.World, chattest.Bot) {
			o := newOffice(t, clock, tiered(5))
			t.Cleanup(func() {
				for _, n := range o.world.Limited() {
					refused += n
				}
			})
			return patientPeople{o.world}, unhurried{o}
		}})
	if refused == 0 && !t.Skipped() {
		t.Error("no method was called too often: the test shows nothing")
	}
}

// patientPeople are those of a workspace who try again in a moment when they are asked to.
type patientPeople struct{ *slacksim.World }

func (p patientPeople) Type(ctx context.Context, by chat.UserID, to chat.Place, line string, on *chat.Ref) (chattest.Answer, error) {
	for {
		a, err := p.World.Type(ctx, by, to, line, on)
		if err != nil || !strings.Contains(a.Text(), "Try again in a moment") {
			return a, err
		}
		p.Clock().Advance(10 * time.Second)
	}
}

// TestStormUnderTiers: a hundred messages that are tagged within a moment after a long absence are all in the postmortem, with
// their texts and marks, and Slack is hardly ever asked before its time.
func TestStormUnderTiers(t *testing.T) {
	p := newPartyWith(t, tiered(1), nil, nil)
	p.types(p.ops, "start room:here Search is slow")
	const storm = 100
	var refs []chat.Ref
	for n := range storm {
		ref, err := p.world.Say(p.ctx, p.ann, p.ops, fmt.Sprintf("attempt %d failed", n))
		p.must(err)
		refs = append(refs, ref)
	}
	p.settle()
	p.forget()
	p.must(p.Restart(p.ctx)) // what was said is not in memory any more: each has to be looked up
	for _, ref := range refs {
		p.must(p.world.React(p.ctx, p.ben, ref, "📌", true))
	}
	bot := unhurried{p.office}
	p.must(chattest.Settle(p.ctx, p.world, bot))
	p.types(p.ops, "export sre")
	p.must(chattest.Settle(p.ctx, p.world, bot))
	report := p.lastFile(p.ops)
	marked := 0
	for _, m := range p.messages(p.ops) {
		marked += len(m.Reactions["✅"])
	}
	for n := range storm {
		if !strings.Contains(report, fmt.Sprintf("attempt %d failed", n)) {
			t.Errorf("the postmortem lacks attempt %d", n)
		}
	}
	limited := p.world.Limited()
	total := 0
	for _, n := range limited {
		total += n
	}
	if marked != storm || total == 0 || total > storm/2 {
		t.Errorf("%d of %d messages are marked; Slack refused %v", marked, storm, limited)
	}
}

// TestCatchUpUnderTiers: a channel with more live threads than Slack lets be read in a minute is caught up all the same, in
// one go.
func TestCatchUpUnderTiers(t *testing.T) {
	p := newPartyWith(t, tiered(1), nil, nil)
	p.types(p.ops, "start room:here Search is slow")
	const threads = 120
	for n := range threads {
		p.clock.Advance(10 * time.Second)
		root, err := p.world.Say(p.ctx, p.ann, p.ops, fmt.Sprintf("alert %d", n))
		p.must(err)
		_, err = p.world.Reply(p.ctx, p.ben, root, "looking")
		p.must(err)
	}
	p.settle()
	p.must(p.world.Cut(p.ctx))
	p.clock.Advance(time.Hour)
	ref, err := p.world.Say(p.ctx, p.ben, p.ops, "it was the cache")
	p.must(err)
	p.must(p.world.React(p.ctx, p.ann, ref, "📌", true))
	p.must(p.world.Mend(p.ctx))
	p.settle()
	if a := p.types(p.ops, "timeline"); !strings.Contains(a.Text(), "it was the cache") {
		t.Errorf("the timeline is %q", a.Text())
	}
	if limited := p.world.Limited()["conversations.replies"]; limited == 0 || limited > threads/20 || p.calls("conversations.history") > 3 {
		t.Errorf("Slack asked to wait %d times, and the channel was read %d times", limited, p.calls("conversations.history"))
	}
}

// TestHistoryUnderTiers: the pages of a channel take as long as Slack lets them, and are each read once. Who has not that much
// time is told how long Slack asks to wait.
func TestHistoryUnderTiers(t *testing.T) {
	d := newDesk(t, tiered(50)) // one page a minute
	for n := range 2500 {
		_, err := d.w.Say(d.ctx, d.ann, d.ops, fmt.Sprint(n))
		d.must(err)
	}
	read := func(ctx context.Context) (n int, err error) {
		_, err = d.p.History(ctx, d.ops, morning, func(chat.Seen) error { n++; return nil })
		return n, err
	}
	hurried, cancel := context.WithTimeout(d.ctx, 30*time.Second)
	defer cancel()
	n, err := read(hurried)
	if f := d.failure(err); !f.Temporary || f.After != time.Minute || n != 0 {
		t.Errorf("within half a minute %d messages were read; the failure is %+v", n, f)
	}
	long, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	if n, err = read(long); n != 2500 || err != nil || d.count("conversations.history") > 8 {
		t.Errorf("%d messages were read with %d requests: %v", n, d.count("conversations.history"), err)
	}
}

// TestListsUnderTiers: people and channels are found in a workspace that has more of them than Slack tells in a minute. Who asks
// again when Slack lets them goes on where they were.
func TestListsUnderTiers(t *testing.T) {
	d := newDesk(t, tiered(20)) // one page a minute
	for n := range 2500 {
		d.person(chattest.Person{Handle: fmt.Sprintf("p%04d", n), Name: "x"})
		d.room(chattest.Room{Name: fmt.Sprintf("r%04d", n)})
	}
	eventually := func(what string, find func() error) {
		t.Helper()
		var err error
		for range 3 {
			if err = find(); err == nil {
				return
			}
			d.clock.Advance(d.failure(err).After)
		}
		t.Errorf("%s is not found: %v", what, err)
	}
	eventually("p2499", func() error {
		people, err := d.p.People(d.ctx, d.ops, "p2499", 5)
		if err == nil && len(people) != 1 {
			t.Errorf("found are %v", people)
		}
		return err
	})
	eventually("#r2499", func() error {
		_, _, err := d.p.FindRoom(d.ctx, d.ops, "#r2499")
		return err
	})
}
