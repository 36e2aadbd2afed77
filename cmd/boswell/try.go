package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rs/zerolog"

	"boswell"
	"boswell/chat/chattest"
	"boswell/incident"
)

type tryCommand struct {
	Data  string  `placeholder:"DIR" help:"Keep everything in this folder and go on there the next time. Without it everything is thrown away at the end."`
	Addr  address `default:"${addr}" help:"Where to serve the page: an address of this machine. Port 0 is any that is free."`
	Story bool    `help:"Begin with a finished incident of an invented web shop, and its postmortem."`
}

// Help is the longer help of the command.
func (tryCommand) Help() string {
	return `Starts the bot with the chat that is built in and prints the address of its page. There you speak as whoever you like, type /incident start Checkout is down, mark messages with a pushpin, and watch the timeline and the postmortem grow. Nothing leaves this machine.

Examples:

    boswell try
    boswell try --story
    boswell try --data my-first-incident --addr 127.0.0.1:9000`
}

// Run runs the built-in chat until ctx is done.
func (t tryCommand) Run(ctx context.Context, s streams) (err error) {
	if t.Addr == "" {
		return incident.Refuse("Without a page there is nothing to try. Name an address with --addr, such as %s.", usualAddr)
	}
	kept := "Everything is kept in " + t.Data + "."
	if t.Data == "" {
		if t.Data, err = scratch(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(t.Data)) }()
		kept = "Everything is in " + t.Data + " and is thrown away when you stop; --data DIR keeps it."
	}
	log := newLog(logConfig{Level: logLevel{zerolog.WarnLevel}, Format: "text"}, s.err)
	if t.Story {
		if err := t.tell(ctx, log); err != nil {
			return err
		}
	}
	p, err := build(ctx, t.config(), log)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Boswell is at %s/\n%s Ctrl-C stops it.\n", p.address(""), kept)
	return errors.Join(p.run(ctx), p.close())
}

// config is the built-in chat and nothing else.
func (t tryCommand) config() config {
	c := defaults()
	c.Data, c.Web.Addr, c.Web.Private = t.Data, t.Addr, true
	c.Platforms = connections{stageChat: builtIn()}
	return c
}

// tell plays the story into a data folder that holds nothing yet.
func (t tryCommand) tell(ctx context.Context, log zerolog.Logger) error {
	if _, err := os.Stat(filepath.Join(t.Data, "boswell.db")); err == nil {
		return incident.Refuse("%s holds incidents already, and the story needs a folder of its own. Name another with --data, or leave --story out.", t.Data)
	}
	story, err := chattest.ReadReplay(bytes.NewReader(boswell.Story))
	if err != nil {
		return fmt.Errorf("the story: %w", err)
	}
	if _, err := play(ctx, t.Data, story, chattest.Options{}, log); err != nil {
		return fmt.Errorf("tell the story: %w", err)
	}
	return nil
}
