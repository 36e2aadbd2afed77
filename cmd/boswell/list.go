package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"
)

type listCommand struct {
	where
	All bool `help:"Also those that are closed or cancelled."`
}

// Help is the longer help of the command.
func (listCommand) Help() string {
	return `Lists the incidents that are under way, newest first: what they are called, how they stand, since when, who commands them.

Example:

    boswell list --all`
}

// Run lists incidents.
func (l listCommand) Run(ctx context.Context, s streams) error {
	args := url.Values{}
	if l.All {
		args.Set("all", "yes")
	}
	return l.with(ctx, false, func(c *client) error {
		var all []listed
		if err := c.get(ctx, "/incidents", args, &all); err != nil {
			return err
		}
		if len(all) == 0 {
			_, err := fmt.Fprintln(s.err, l.none())
			return err
		}
		return table(s, all)
	})
}

func (l listCommand) none() string {
	if l.All {
		return "There are no incidents yet."
	}
	return "No incident is under way. `boswell list --all` lists those that are over."
}

func table(s streams, all []listed) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "INCIDENT\tSTATE\tSEVERITY\tOPENED (UTC)\tCOMMANDER\tTITLE")
	for _, i := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", i.ID, i.State, orDash(string(i.Severity)),
			i.Opened.UTC().Format("2006-01-02 15:04"), orDash(i.CommanderName), titleOf(i))
	}
	return w.Flush()
}

// titleOf is the title with what must not be overlooked in front.
func titleOf(i listed) string {
	var marks []string
	if i.Drill {
		marks = append(marks, "[drill]")
	}
	if i.Private {
		marks = append(marks, "[private]")
	}
	return strings.Join(append(marks, i.Title), " ")
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
