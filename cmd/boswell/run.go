package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rs/zerolog"
)

type runCommand struct {
	Config string `default:"${config}" placeholder:"FILE" env:"BOSWELL_CONFIG" help:"The configuration to run with (default: ${config})."`
}

// Help is the longer help of the command.
func (runCommand) Help() string {
	return `Runs the bot until it gets SIGTERM or Ctrl-C. Then it takes nothing more from the chats, finishes what was begun, and closes its database.

Example:

    boswell init
    boswell run --config boswell.yaml`
}

// Run runs the bot.
func (r runCommand) Run(ctx context.Context, s streams) error {
	c, err := readConfig(r.Config)
	if err != nil {
		return err
	}
	p, err := build(ctx, c, newLog(c.Log, s.err))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Boswell is running on %s. %s\n", c.Data, p.welcome(c))
	return errors.Join(p.run(ctx), p.close())
}

// welcome says where the pages are.
func (p *program) welcome(c config) string {
	if p.web == nil {
		return "There are no pages: web.addr is off."
	}
	return "Its pages are at " + p.address(c.Web.URL) + "/"
}

// newLog is the log that the configuration asks for.
func newLog(c logConfig, w io.Writer) zerolog.Logger {
	if c.Format == "text" {
		w = zerolog.ConsoleWriter{Out: w, NoColor: true, TimeFormat: time.RFC3339}
	}
	return zerolog.New(w).Level(c.Level.Level).With().Timestamp().Logger()
}
