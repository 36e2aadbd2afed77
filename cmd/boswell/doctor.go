package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"boswell/incident"
)

type manifestCommand struct {
	Kind string `arg:"" help:"Which kind of chat system, such as slack."`
}

// Help is the longer help of the command.
func (manifestCommand) Help() string {
	return `Prints what a chat system wants to know of Boswell before it lets it in: where it is pasted is said in the first lines.

Example:

    boswell manifest slack`
}

// Run prints the manifest of a kind.
func (c manifestCommand) Run(s streams) error {
	var known []string
	for _, k := range kinds {
		if k.manifest == nil {
			continue
		}
		if k.name == c.Kind {
			return k.manifest(s.out)
		}
		known = append(known, k.name)
	}
	return incident.Refuse("There is no manifest for %q.%s Choose one of: %s.", c.Kind, incident.DidYouMean(c.Kind, known), strings.Join(known, ", "))
}

type doctorCommand struct {
	Config     string `default:"${config}" placeholder:"FILE" env:"BOSWELL_CONFIG" help:"The configuration to check (default: ${config})."`
	Connection string `arg:"" optional:"" help:"Which connection; without it all are checked."`
}

// Help is the longer help of the command.
func (doctorCommand) Help() string {
	return `Reads the configuration, asks each chat system whether Boswell may do what it has to, and says of what is wrong where to click. Leaves with 0 if all is well.

Example:

    boswell doctor --config boswell.yaml`
}

// Run checks the connections.
func (c doctorCommand) Run(ctx context.Context, s streams) error {
	read, err := readConfig(c.Config)
	if err != nil {
		return err
	}
	names := read.Platforms.sorted()
	if c.Connection != "" && !slices.Contains(names, c.Connection) {
		return incident.Refuse("There is no connection %q.%s Choose one of: %s.", c.Connection, incident.DidYouMean(c.Connection, names), read.Platforms.names())
	}
	var ill []string
	for _, name := range names {
		if c.Connection != "" && c.Connection != name {
			continue
		}
		fmt.Fprintf(s.out, "%s (%s)\n", name, read.Platforms[name].kind)
		if err := read.Platforms[name].check(ctx, s); err != nil {
			fmt.Fprintf(s.out, "      %v\n", err)
			ill = append(ill, name)
		}
	}
	if len(ill) > 0 {
		return incident.Refuse("Not all is well: %s. Mend what is said above, then run it again.", strings.Join(ill, ", "))
	}
	return nil
}

// check examines one connection.
func (c connection) check(ctx context.Context, s streams) error {
	if c.examine == nil {
		_, err := fmt.Fprintln(s.out, "ok    nothing to set up")
		return err
	}
	return c.examine(ctx, s.out, site{now: time.Now, log: zerolog.Nop()})
}
