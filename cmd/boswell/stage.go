package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/rs/zerolog"

	"boswell/bot"
	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/commands"
	"boswell/incident"
	"boswell/integrations/local/localsim"
	"boswell/storage/bolt"
)

// stageChat is the name of the built-in chat of `try` and `replay`.
const stageChat = "chat"

// play plays a replay into a new built-in chat with a bot of its own, all in one data folder and by a clock that the replay
// moves. When it returns the folder is closed, and `try` and `run` can open it.
func play(ctx context.Context, dir string, r *chattest.Replay, o chattest.Options, log zerolog.Logger) (_ *chattest.Result, err error) {
	clock := chattest.NewClock(r.Steps[0].At)
	store, err := bolt.Open(dir, bolt.Options{Clock: clock.Now})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	world, err := localsim.Open(filepath.Join(dir, chatsName, stageChat), stageChat, clock)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, world.Close()) }()
	b, err := bot.New(store, []chat.Platform{world.Platform()}, clock, bot.Options{Log: log,
		Settings: commands.Settings{Zone: incident.Zone{Name: "UTC"}, Version: version}})
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(ctx)
	ran := make(chan error, 1)
	go func() { ran <- b.Run(running) }()
	result, err := chattest.Play(ctx, world, b, r, o)
	stop()
	return result, errors.Join(err, <-ran)
}
