package rocketchat_test

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
	"boswell/integrations/rocketchat/rocketsim"
	"boswell/postmortem/agree"
	"boswell/storage/bolt"
)

// TestCases plays the recorded incidents into a server with the whole bot and compares what is exported.
func TestCases(t *testing.T) {
	chattest.Cases(t, chattest.Stage[*testing.T]{Agree: agree.Agree,
		Start: func(t *testing.T, clock *chattest.Clock) (chattest.World, chattest.Bot) {
			h := newOffice(t, clock, rocketsim.Options{})
			return h.world, h
		}})
}

// TestCasesOfVersion7 plays them into the version before.
func TestCasesOfVersion7(t *testing.T) {
	playCases(t, rocketsim.Options{Version: "7.10.0"}, func(*testing.T, *rocketsim.World) {})
}

// TestCasesTwice plays them with every event told twice.
func TestCasesTwice(t *testing.T) {
	playCases(t, rocketsim.Options{}, func(_ *testing.T, w *rocketsim.World) { w.Twice(true) })
}

// TestCasesFolded plays them with all changes of a message between two commands told as one.
func TestCasesFolded(t *testing.T) {
	playCases(t, rocketsim.Options{}, func(_ *testing.T, w *rocketsim.World) { w.Fold(true) })
}

// TestCasesOvertaken plays them with events that come before the answers to the requests that caused them.
func TestCasesOvertaken(t *testing.T) {
	playCases(t, rocketsim.Options{}, func(_ *testing.T, w *rocketsim.World) { w.Overtake(true) })
}

// TestCasesOverABadLine plays them over a connection that breaks again and again, so that much is missed and has to be read
// back, commands too.
func TestCasesOverABadLine(t *testing.T) {
	playCases(t, rocketsim.Options{}, func(t *testing.T, w *rocketsim.World) {
		w.Flake(rand.New(rand.NewPCG(7, uint64(w.Clock().Now().Unix()))))
		t.Cleanup(func() {
			if !t.Skipped() && w.Broken() == 0 {
				t.Error("no connection broke: the test shows nothing")
			}
		})
	})
}

// TestCasesWithApp plays them on a server that has the app, with commands by its slash command.
func TestCasesWithApp(t *testing.T) {
	chattest.Cases(t, chattest.Stage[*testing.T]{Agree: agree.Agree,
		Start: func(t *testing.T, clock *chattest.Clock) (chattest.World, chattest.Bot) {
			w := newAppWorld(t, clock, rocketsim.Options{Subscriptions: 10_000})
			h := openOffice(t, w.World)
			t.Cleanup(func() {
				if !t.Skipped() && w.Asked() < 10 {
					t.Errorf("only %d commands went by the app: the test shows nothing", w.Asked())
				}
			})
			return stage{World: w, Bridge: w, Attacher: w}, settler{h.bot}
		}})
}

// playCases plays them as they stand, on a server that is set up so and misbehaves.
func playCases(t *testing.T, o rocketsim.Options, misbehave func(*testing.T, *rocketsim.World)) {
	chattest.Cases(t, chattest.Stage[*testing.T]{Agree: agree.Agree,
		Start: func(t *testing.T, clock *chattest.Clock) (chattest.World, chattest.Bot) {
			h := newOffice(t, clock, o)
			misbehave(t, h.world)
			return stage{World: h.world, Bridge: h.world, Attacher: h.world}, settler{h.bot}
		}})
}

// A stage is a server of which nothing is asked but that people talk.
type stage struct {
	chattest.World
	chattest.Bridge
	chattest.Attacher
}

// settler is a bot that cannot be restarted.
type settler struct{ chattest.Bot }

// An office is a server with the whole bot, which can be restarted.
type office struct {
	folder string
	sync   bool
	// archives says that rooms are archived with their incidents, from the next start on.
	archives bool
	clock    *chattest.Clock
	world    *rocketsim.World
	store    *bolt.Store
	bot      *bot.Bot
	cancel   context.CancelFunc
	ran      chan error
}

func newOffice(t testing.TB, clock *chattest.Clock, o rocketsim.Options) *office {
	t.Helper()
	if o.Subscriptions == 0 {
		o.Subscriptions = 10_000 // a bot that comes and goes all the time would wait for its turns
	}
	world, _ := newWorld(t, clock, o)
	return openOffice(t, world)
}

// openOffice is an office on a server.
func openOffice(t testing.TB, world *rocketsim.World) *office {
	t.Helper()
	h := &office{folder: t.TempDir(), clock: world.Clock(), world: world, sync: isBenchmark(t)}
	if err := h.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.stop(); err != nil {
			t.Errorf("the bot did not stop: %v", err)
		}
	})
	return h
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
	settings := commands.Settings{Zone: incident.Zone{Name: "UTC"}, Slash: h.world.Platform().Limits().Slash, ArchiveOnClose: h.archives}
	if h.bot, err = bot.New(h.store, []chat.Platform{h.world.Platform()}, h.clock, bot.Options{Settings: settings}); err != nil {
		return err
	}
	if err := h.bot.Prepare(context.Background()); err != nil {
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
	if err := h.stop(); err != nil {
		return err
	}
	if err := h.start(); err != nil {
		return err
	}
	return h.world.Mend(ctx)
}

// Settle waits for the bot to come to rest.
func (h *office) Settle(ctx context.Context) error { return h.bot.Settle(ctx) }
