package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/slack/slacksim"
)

// until waits for a condition of the simulator, which tells nobody when it changes.
func (d *desk) until(what string, holds func() bool) {
	d.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-d.ctx.Done():
			d.Fatalf("%s did not come", what)
		}
	}
}

// TestRenewalLeavesNoGap: Slack renews sockets every few hours. The next one is open before the old one closes, and nothing
// is missed, said twice, or taken for an outage.
func TestRenewalLeavesNoGap(t *testing.T) {
	d := openDesk(t, slacksim.Options{Patience: 5 * time.Second})
	d.until("two sockets", func() bool { return d.w.Sockets() == 2 })
	for i := range 60 {
		if i%20 == 10 {
			d.w.Renew()
		}
		d.say(fmt.Sprintf("line %d", i))
	}
	await[chat.Said](d, 60)
	d.idle()
	heard := map[string]int{} // Slack keeps no order between two sockets
	for _, s := range received[chat.Said](d) {
		heard[s.Text]++
	}
	for i := range 60 {
		if n := heard[fmt.Sprintf("line %d", i)]; n != 1 {
			t.Errorf("line %d was heard %d times, want once", i, n)
		}
	}
	if n := len(received[chat.Online](d)); n != 1 {
		t.Errorf("the platform said %d times that it is online, want once", n)
	}
	d.until("the end of the old sockets", func() bool { return d.w.Sockets() == 2 })
}

// TestBrokenSockets: a socket that breaks is made anew, and says that there may be something to catch up with.
func TestBrokenSockets(t *testing.T) {
	d := openDesk(t, quick())
	d.until("two sockets", func() bool { return d.w.Sockets() == 2 })
	d.w.Drop()
	await[chat.Online](d, 2)
	d.say("after the break")
	await[chat.Said](d, 1)
}

// TestTurnedAway: a server that takes connections and drops them is asked less and less often, and forgiven.
func TestTurnedAway(t *testing.T) {
	d := newDesk(t, quick())
	d.w.TurnAway(true)
	began := time.Now()
	d.run()
	d.until("a few attempts", func() bool { return d.count("apps.connections.open") >= 12 })
	// One of the two slots has tried six times, with five pauses between that begin with 10 ms and double.
	if took := time.Since(began); took < 310*time.Millisecond {
		t.Errorf("twelve attempts came within %v", took)
	}
	d.w.TurnAway(false)
	d.say("welcome back")
	await[chat.Said](d, 1)
}

// TestGivesUp: what no further attempt can mend ends Run, in words for people.
func TestGivesUp(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(*desk)
		tell string
	}{
		{"token revoked before", func(d *desk) { d.w.Revoke(slacksim.BotToken, "token_revoked"); d.run() }, "revoked"},
		{"wrong app token", func(d *desk) { d.w.Revoke(slacksim.AppToken, "invalid_auth"); d.run() }, "token"},
		{"app token without its scope", func(d *desk) { d.w.Revoke(slacksim.AppToken, "missing_scope"); d.run() }, "permission"},
		{"socket mode switched off", func(d *desk) {
			d.run()
			await[chat.Online](d, 1)
			d.w.SwitchOff()
		}, "Socket Mode"},
		{"app removed", func(d *desk) {
			d.run()
			await[chat.Online](d, 1)
			d.w.Revoke(slacksim.AppToken, "account_inactive")
			d.w.Drop()
		}, "deactivated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, quick())
			c.make(d)
			if f := d.failure(d.ended()); f.Temporary || !strings.Contains(f.Tell, c.tell) {
				t.Errorf("Run ended with %+v, want it final and with %q", f, c.tell)
			}
		})
	}
}

// TestSlackUnreachable: Run waits for Slack to come back, and takes what Slack kept meanwhile.
func TestSlackUnreachable(t *testing.T) {
	d := newDesk(t, quick())
	d.w.Fail("auth.test", slacksim.Fault{Status: 503}, slacksim.Fault{Cut: true}, slacksim.Fault{Status: 500})
	d.w.Fail("apps.connections.open", slacksim.Fault{Status: 503}, slacksim.Fault{Status: 429, RetryAfter: 1}, slacksim.Fault{Cut: true})
	ref := d.say("is anybody there?")
	d.run()
	if s := await[chat.Said](d, 1); s.Ref != ref {
		t.Errorf("the bot heard %+v", s)
	}
}

// TestStopsInOrder: told to stop, the platform finishes and acknowledges what it took.
func TestStopsInOrder(t *testing.T) {
	d := openDesk(t, slacksim.Options{Patience: time.Minute})
	d.idle()
	release := make(chan struct{})
	d.Answering(func(chat.Inbound) (chat.Reply, error) { <-release; return chat.Reply{}, nil })
	before := d.w.Delivered()
	d.say("last words")
	await[chat.Said](d, 1)
	d.stop()
	close(release)
	d.must(d.ended())
	d.until("the acknowledgement", func() bool { return d.w.Delivered() == before+1 })
}
