package discord_test

import (
	"context"
	"errors"
	"testing"

	"boswell/bot"
	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/commands"
	"boswell/incident"
	"boswell/integrations/discord/discordsim"
	"boswell/postmortem/agree"
	"boswell/storage/bolt"
)

// TestCases plays the recorded incidents into the simulated Discord with the whole bot and compares what is exported.
func TestCases(t *testing.T) {
	chattest.Cases(t, chattest.Stage[*testing.T]{Agree: agree.Agree,
		Start: func(t *testing.T, clock *chattest.Clock) (chattest.World, chattest.Bot) {
			h := newHouse(t, clock, discordsim.WorldOptions{})
			return h.world, h
		}})
}

// A house is a simulated Discord with a bot that can be restarted.
type house struct {
	folder string
	clock  *chattest.Clock
	world  *discordsim.World
	store  *bolt.Store
	bot    *bot.Bot
	cancel context.CancelFunc
	ran    chan error
}

func newHouse(t *testing.T, clock *chattest.Clock, o discordsim.WorldOptions) *house {
	t.Helper()
	o.Pick = pick
	world, err := discordsim.Open(clock, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(world.Close)
	h := &house{folder: t.TempDir(), clock: clock, world: world}
	if err := h.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.stop(); err != nil {
			t.Errorf("the house did not close: %v", err)
		}
	})
	return h
}

// pick is what somebody picks from the menu to mean a typed line. What the menu does not offer cannot be picked.
func pick(line string) (string, map[chat.FieldID]string, bool) {
	parsed, err := commands.Parse(line, nil)
	if err != nil || parsed.Command == nil {
		return "", nil, false
	}
	args := map[chat.FieldID]string{}
	for name, value := range parsed.Text {
		args[name] = value
	}
	if parsed.Incident != 0 {
		args[commands.FieldIncident] = parsed.Incident.String()
	}
	return parsed.Path, args, true
}

func (h *house) start(ctx context.Context) (err error) {
	registrar, ok := h.world.Platform().(chat.Registrar)
	if !ok {
		return errors.New("the platform registers no commands")
	}
	if err := registrar.Register(ctx, commands.Declared()); err != nil {
		return err
	}
	if h.store, err = bolt.Open(h.folder, bolt.Options{Clock: h.clock.Now, NoSync: true}); err != nil {
		return err
	}
	settings := commands.Settings{Zone: incident.Zone{Name: "UTC"}, Slash: "/incident"}
	if h.bot, err = bot.New(h.store, []chat.Platform{h.world.Platform()}, h.clock, bot.Options{Settings: settings}); err != nil {
		return err
	}
	run, cancel := context.WithCancel(context.Background())
	h.cancel, h.ran = cancel, make(chan error, 1)
	go func() { h.ran <- h.bot.Run(run) }()
	return h.world.Connected(ctx)
}

func (h *house) stop() error {
	h.cancel()
	return errors.Join(<-h.ran, h.store.Close())
}

// Restart stops the bot and starts another one on the same store, with an adapter that remembers nothing.
func (h *house) Restart(ctx context.Context) error {
	if err := errors.Join(h.stop(), h.world.Renew()); err != nil {
		return err
	}
	return h.start(ctx)
}

// Settle waits for the bot to come to rest.
func (h *house) Settle(ctx context.Context) error { return h.bot.Settle(ctx) }
