package slack_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"boswell/bot"
	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/commands"
	"boswell/incident"
	"boswell/integrations/slack/slacksim"
	"boswell/postmortem/agree"
	"boswell/storage/bolt"
)

// TestCases plays the recorded incidents into a workspace with the whole bot and compares what is exported.
func TestCases(t *testing.T) {
	chattest.Cases(t, chattest.Stage[*testing.T]{Agree: agree.Agree,
		Start: func(t *testing.T, clock *chattest.Clock) (chattest.World, chattest.Bot) {
			o := newOffice(t, clock, quick())
			return o.world, o
		}})
}

// An office is a workspace with the whole bot, which can be restarted.
type office struct {
	folder string
	sync   bool
	setUp  func(*commands.Settings) // nil leaves them as they are
	clock  *chattest.Clock
	world  *slacksim.World
	store  *bolt.Store
	bot    *bot.Bot
	cancel context.CancelFunc
	ran    chan error
}

func newOffice(t testing.TB, clock *chattest.Clock, o slacksim.Options) *office {
	t.Helper()
	world, _ := newWorld(t, clock, o)
	h := &office{folder: t.TempDir(), clock: clock, world: world, sync: isBenchmark(t)}
	h.open(t)
	return h
}

// open starts the bot, until the test ends.
func (h *office) open(t testing.TB) {
	t.Helper()
	if err := h.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.stop(); err != nil {
			t.Errorf("the bot did not stop: %v", err)
		}
	})
}

// isBenchmark says that the disk is to be the real one.
func isBenchmark(t testing.TB) bool {
	_, is := t.(*testing.B)
	return is
}

func (h *office) start() (err error) {
	if h.store, err = bolt.Open(h.folder, bolt.Options{Clock: h.clock.Now, NoSync: !h.sync}); err != nil {
		return err
	}
	settings := commands.Settings{Zone: incident.Zone{Name: "UTC"}, Slash: "/incident"}
	if h.setUp != nil {
		h.setUp(&settings)
	}
	if h.bot, err = bot.New(h.store, []chat.Platform{h.world.Platform()}, h.clock, bot.Options{Settings: settings}); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.cancel, h.ran = cancel, make(chan error, 1)
	go func() { h.ran <- h.bot.Run(ctx) }()
	return nil
}

func (h *office) stop() error {
	h.cancel()
	return errors.Join(<-h.ran, h.store.Close())
}

// Restart stops the bot and starts another one on the same store and the same connection.
func (h *office) Restart(ctx context.Context) error {
	if err := errors.Join(h.stop(), h.world.Left(ctx)); err != nil {
		return err
	}
	if err := h.start(); err != nil {
		return err
	}
	return h.world.Mend(ctx)
}

// Settle waits for the bot to come to rest.
func (h *office) Settle(ctx context.Context) error { return h.bot.Settle(ctx) }

// TestCasesOverABadLine plays them over sockets that break again and again. Whose command did not get through types it again.
func TestCasesOverABadLine(t *testing.T) {
	chattest.Cases(t, chattest.Stage[*testing.T]{Agree: agree.Agree,
		Start: func(t *testing.T, clock *chattest.Clock) (chattest.World, chattest.Bot) {
			o := newOffice(t, clock, quick())
			o.world.Flake(rand.New(rand.NewPCG(7, uint64(clock.Now().Unix()))))
			t.Cleanup(func() {
				if !t.Skipped() && o.world.Broken() == 0 {
					t.Error("no socket broke: the test shows nothing")
				}
			})
			return badLine{World: o.world, Bridge: o.world, Attacher: o.world}, settler{o.bot}
		}})
}

// settler is a bot that cannot be restarted.
type settler struct{ chattest.Bot }

// badLine is a workspace whose people try again.
type badLine struct {
	chattest.World
	chattest.Bridge
	chattest.Attacher
}

func (b badLine) Type(ctx context.Context, by chat.UserID, to chat.Place, line string, on *chat.Ref) (chattest.Answer, error) {
	for {
		a, err := b.World.Type(ctx, by, to, line, on)
		if !slacksim.NoAnswer(err) {
			return a, err
		}
		if _, err := b.World.Idle(ctx); err != nil {
			return a, err
		}
	}
}
