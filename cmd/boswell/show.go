package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"boswell/commands"
	"boswell/incident"
	"boswell/postmortem"
)

type showCommand struct {
	where
	Incident string `arg:"" help:"Which incident, such as INC-7."`
}

// Help is the longer help of the command.
func (showCommand) Help() string {
	return `Shows how an incident stands, its rooms and its timeline.

Example:

    boswell show INC-7`
}

// Run shows one incident.
func (c showCommand) Run(ctx context.Context, s streams) error {
	return c.with(ctx, false, func(desk *client) error {
		told, err := desk.copy(ctx, s.out, incidentPath(c.Incident), nil)
		return errors.Join(err, loss(told))
	})
}

// incidentPath is where a desk has an incident.
func incidentPath(name string) string { return "/incidents/" + url.PathEscape(name) }

// showing is an incident as text.
func showing(in *incident.Incident, name postmortem.People) string {
	var b strings.Builder
	card := commands.Card(in, name, commands.Settings{})
	fmt.Fprintln(&b, card.Text)
	for _, row := range card.Rows {
		fmt.Fprintf(&b, "%s: %s\n", row.Label, row.Text)
	}
	for _, room := range in.Rooms {
		fmt.Fprintf(&b, "Room: %s\n", room.Name)
	}
	timeline := in.Timeline()
	fmt.Fprintf(&b, "\nTimeline (%d):\n", len(timeline))
	for i, entry := range timeline {
		fmt.Fprintf(&b, "%3d. %s%s: %s\n", i+1, entry.Happened.Echo(in.LastAt, in.Zone), marking(entry), indented(entry.Text))
	}
	return b.String()
}

func marking(e incident.Entry) string {
	if e.Marker == "" {
		return ""
	}
	return " [" + string(e.Marker) + "]"
}

// indented keeps the further lines of a text apart from the next entry.
func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n     ") }
