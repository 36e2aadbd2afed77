package slack_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"boswell/bot"
	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/commands"
	"boswell/incident"
	"boswell/integrations/slack"
	"boswell/integrations/slack/slacksim"
	"boswell/storage/bolt"
)

// A branch is one of two workspaces that share a bot: Ann in #ops.
type branch struct {
	world *slacksim.World
	ann   chat.UserID
	ops   chat.Place
}

// A firm is a bot that serves two workspaces, each with an incident in #ops, and logs to memory.
type firm struct {
	*testing.T
	ctx         context.Context
	clock       *chattest.Clock
	bot         *bot.Bot
	here, there branch
	log         *diary
}

// A diary is a log that is read while it is written.
type diary struct {
	mu   sync.Mutex
	text strings.Builder
}

func (d *diary) Write(line []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(line)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

func newFirm(t *testing.T) *firm {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
	t.Cleanup(cancel)
	f := &firm{T: t, ctx: ctx, clock: chattest.NewClock(morning), log: &diary{}}
	log := zerolog.New(f.log)
	var platforms []chat.Platform
	for name, b := range map[chat.PlatformID]*branch{"here": &f.here, "there": &f.there} {
		sim, err := slacksim.New(f.clock, quick())
		f.must(err)
		t.Cleanup(sim.Close)
		p, err := slack.New(config(sim), slack.Options{Name: name, Log: log, Now: f.clock.Now, Retry: 10 * time.Millisecond, Pace: -1})
		f.must(err)
		platforms, b.world = append(platforms, p), sim.World(p)
		u, err := b.world.AddPerson(ctx, chattest.Person{Handle: "ann", Name: "Ann"})
		f.must(err)
		b.ann = u.ID
		b.ops, err = b.world.AddRoom(ctx, chattest.Room{Name: "ops", Members: []chat.UserID{u.ID}})
		f.must(err)
	}
	f.run(platforms, log)
	f.types(f.here, "start room:here Search is slow")
	f.types(f.there, "start room:here sure:yes Mail is late")
	return f
}

// run runs the bot until the test ends.
func (f *firm) run(platforms []chat.Platform, log zerolog.Logger) {
	f.Helper()
	store, err := bolt.Open(f.TempDir(), bolt.Options{Clock: f.clock.Now, NoSync: true})
	f.must(err)
	settings := commands.Settings{Zone: incident.Zone{Name: "UTC"}}
	f.bot, err = bot.New(store, platforms, f.clock, bot.Options{Settings: settings, Log: log, Reminders: []bot.Reminder{}})
	f.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- f.bot.Run(ctx) }()
	f.Cleanup(func() {
		cancel()
		if err := <-ran; err != nil {
			f.Errorf("the bot ended with %v", err)
		}
		if err := store.Close(); err != nil {
			f.Error(err)
		}
	})
}

func (f *firm) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *firm) types(b branch, line string) chattest.Answer {
	f.Helper()
	a, err := b.world.Type(f.ctx, b.ann, b.ops, line, nil)
	f.must(err)
	f.must(chattest.Settle(f.ctx, b.world, f.bot))
	return a
}

// reads is what people read in #ops.
func (f *firm) reads(b branch) (text string) {
	f.Helper()
	messages, err := b.world.Messages(f.ctx, b.ops)
	f.must(err)
	for _, m := range messages {
		text += m.Text() + "\n"
	}
	return text
}

// until waits for what comes of the sockets, whose time is real.
func (f *firm) until(what string, is func() bool) {
	f.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-f.ctx.Done():
			f.Fatalf("waited in vain for %s; the log is\n%s", what, f.log)
		case <-tick.C:
		}
	}
}

func (f *firm) standing() bot.Standing { return f.bot.Health()["here"] }

// TestTroubleIsTold: what is wrong with a workspace stands in the log and in the health of the bot and, where it is for good,
// in the other workspace, which goes on. What passes is forgotten, and nothing that was taken is lost.
func TestTroubleIsTold(t *testing.T) {
	repeat := func(fault slacksim.Fault) func(*firm) {
		return func(f *firm) {
			for range 5 {
				f.here.world.Fail("chat.postMessage", fault)
			}
			f.types(f.here, "update Still slow.")
		}
	}
	for _, c := range []struct {
		name              string
		spoil             func(*firm)
		lost              bool
		health, log, told string
	}{
		{"token revoked", func(f *firm) {
			f.here.world.Revoke(slacksim.AppToken, "token_revoked")
			f.here.world.Drop()
		}, true, "revoked", "gave up", `"here" is lost`},
		{"wrong app token", func(f *firm) {
			f.here.world.Revoke(slacksim.AppToken, "invalid_auth")
			f.here.world.Drop()
		}, true, "token", "gave up", `"here" is lost`},
		{"Socket Mode off", func(f *firm) { f.here.world.SwitchOff() }, true, "Socket Mode", "gave up", `"here" is lost`},
		{"unreachable for an hour", func(f *firm) { f.must(f.here.world.Cut(f.ctx)) }, false, "cannot be reached since", "could not connect to Slack", ""},
		{"rate limits for minutes", repeat(slacksim.Fault{Status: 429, RetryAfter: 60}), false, "not got through since", "did not get through", ""},
		{"scope taken away", repeat(slacksim.Fault{Code: "missing_scope"}), false, "lacks a permission", "missing_scope", ""},
		{"server errors", repeat(slacksim.Fault{Status: 503}), false, "not got through since", "503", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFirm(t)
			ref, err := f.here.world.Say(f.ctx, f.here.ann, f.here.ops, "it began at noon #timeline")
			f.must(err)
			f.must(chattest.Settle(f.ctx, f.here.world, f.bot))
			c.spoil(f)
			f.until("the trouble", func() bool { s := f.standing(); return s.Lost == c.lost && strings.Contains(s.Trouble, c.health) })
			f.must(f.bot.Settle(f.ctx))
			if !strings.Contains(f.log.String(), c.log) {
				t.Errorf("the log does not say %q:\n%s", c.log, f.log)
			}
			if a := f.types(f.there, "note goes on"); !strings.Contains(a.Text(), "Noted as 1") {
				t.Errorf("the other workspace is answered %q", a.Text())
			}
			if c.told != "" {
				f.until("what is told elsewhere", func() bool { return strings.Contains(f.reads(f.there), c.told) })
			}
			if c.lost {
				return
			}
			f.mend()
			if report := f.types(f.here, "timeline"); !strings.Contains(report.Text(), "it began at noon") {
				t.Errorf("%v is lost: %q", ref, report.Text())
			}
		})
	}
}

// mend lets the trouble pass.
func (f *firm) mend() {
	f.Helper()
	f.must(f.here.world.Mend(f.ctx))
	for range 12 {
		f.clock.Advance(5 * time.Minute)
		f.must(chattest.Settle(f.ctx, f.here.world, f.bot))
	}
	if s := f.standing(); s != (bot.Standing{}) {
		f.Errorf("after an hour the health is %+v", s)
	}
}

// TestChannelsThatGo: a channel that is archived, deleted, or from which the bot is removed is told of in another one of the
// incident's, and commands there say what to do. Invited again, the bot reads what it missed.
func TestChannelsThatGo(t *testing.T) {
	for name, spoil := range map[string]func(*party, chat.Place) error{
		"archived": func(p *party, at chat.Place) error { return p.world.Archive(p.ctx, p.ann, at) },
		"deleted":  func(p *party, at chat.Place) error { return p.world.Remove(at) },
		"removed":  func(p *party, at chat.Place) error { return p.world.Leave(p.ctx, slacksim.BotUser, at) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newParty(t)
			alerts, err := p.world.AddRoom(p.ctx, chattest.Room{Name: "alerts", Private: true, Members: []chat.UserID{p.ann, p.ben}})
			p.must(err)
			p.types(p.ops, "start room:here Search is slow")
			p.types(p.ops, "link #alerts")
			p.must(spoil(p, alerts))
			p.settle()
			if got := p.lastText(p.ops); !strings.Contains(got, "I cannot read #alerts any more") {
				t.Errorf("#ops reads %q", got)
			}
			p.types(p.ops, "update Still slow.")
			if failed := p.log(1, "send_failed"); len(failed) > 0 {
				t.Errorf("something is sent into a channel that is gone: %q", failed)
			}
			if name != "removed" {
				return
			}
			ref, err := p.world.Say(p.ctx, p.ben, alerts, "while you were out")
			p.must(err)
			p.must(p.world.React(p.ctx, p.ann, ref, "📌", true))
			p.must(p.world.Join(p.ctx, slacksim.BotUser, alerts))
			p.settle()
			if a := p.types(p.ops, "timeline"); !strings.Contains(a.Text(), "while you were out") {
				t.Errorf("after it was invited again the timeline is %q", a.Text())
			}
		})
	}
}

// lastText is what was said last in a channel.
func (p *party) lastText(in chat.Place) string {
	p.Helper()
	messages := p.messages(in)
	return messages[len(messages)-1].Text()
}
