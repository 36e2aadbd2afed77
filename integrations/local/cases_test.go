package local_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/rs/zerolog"

	"boswell/bot"
	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/commands"
	"boswell/incident"
	"boswell/integrations/local/localsim"
	"boswell/postmortem/agree"
	"boswell/storage/bolt"
)

// TestCases plays the recorded incidents into the built-in chat with the whole bot and compares what is exported.
func TestCases(t *testing.T) {
	chattest.Cases(t, chattest.Stage[*testing.T]{Agree: agree.Agree,
		Start: func(t *testing.T, clock *chattest.Clock) (chattest.World, chattest.Bot) {
			h := &house{folder: t.TempDir(), clock: clock}
			if err := h.open(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := errors.Join(h.stop(), h.world.Close()); err != nil {
					t.Errorf("the house did not close: %v", err)
				}
			})
			return h.world, h
		}})
}

// A house is a built-in chat with a bot that can be restarted.
type house struct {
	folder string
	clock  *chattest.Clock
	sync   bool // the store syncs, as it does in life
	log    zerolog.Logger
	world  *localsim.World
	store  *bolt.Store
	bot    *bot.Bot
	cancel context.CancelFunc
	ran    chan error
}

func (h *house) open() (err error) {
	if h.world, err = localsim.Open(filepath.Join(h.folder, "chat"), "chat", h.clock); err != nil {
		return err
	}
	return h.start()
}

func (h *house) start() (err error) {
	if h.store, err = bolt.Open(h.folder, bolt.Options{Clock: h.clock.Now, NoSync: !h.sync}); err != nil {
		return err
	}
	settings := commands.Settings{Zone: incident.Zone{Name: "UTC"}, Slash: "/incident"}
	if h.bot, err = bot.New(h.store, []chat.Platform{h.world.Platform()}, h.clock, bot.Options{Settings: settings, Log: h.log}); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.cancel, h.ran = cancel, make(chan error, 1)
	go func() { h.ran <- h.bot.Run(ctx) }()
	return nil
}

func (h *house) stop() error {
	h.cancel()
	return errors.Join(<-h.ran, h.store.Close())
}

// Restart stops the bot and starts another one on the same store.
func (h *house) Restart(context.Context) error {
	if err := h.stop(); err != nil {
		return err
	}
	return h.start()
}

// Settle waits for the bot to come to rest.
func (h *house) Settle(ctx context.Context) error { return h.bot.Settle(ctx) }
