package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"boswell/incident"
	"boswell/storage"
)

type verifyCommand struct{ where }

// Help is the longer help of the command.
func (verifyCommand) Help() string {
	return `Reads everything again: the chain of hashes of every incident's records, what is derived from them, the kept files, and what was said in the built-in chats. Changes nothing. Leaves with 1 if anything is not as it should be, and says what can be done.

Example:

    boswell verify --data /var/lib/boswell`
}

// Run verifies a data folder.
func (v verifyCommand) Run(ctx context.Context, s streams) error {
	return v.with(ctx, false, func(c *client) error {
		resp, err := c.do(ctx, http.MethodPost, "/verify", nil)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		report, err := follow(resp.Body, s.err)
		if err != nil {
			return err
		}
		return tellReport(report, s.out)
	})
}

// follow shows how far the work has come, until the report is there.
func follow(answer io.Reader, progress io.Writer) (storage.Report, error) {
	bar := newProgress(progress, "checked")
	lines := json.NewDecoder(answer)
	for {
		var line checked
		if err := lines.Decode(&line); err != nil {
			return storage.Report{}, fmt.Errorf("the check was cut short: %w", err)
		}
		switch {
		case line.Error != "":
			return storage.Report{}, errors.New(line.Error)
		case line.Report != nil:
			return *line.Report, bar.end()
		}
		bar.tell(line.Done, line.Total)
	}
}

func tellReport(r storage.Report, out io.Writer) error {
	if len(r.Problems) > 0 {
		return incident.Refuse("Not everything is as it should be:\n- %s", strings.Join(r.Problems, "\n- "))
	}
	_, err := fmt.Fprintf(out, "All is as it should be: incidents %d, records %d, files %d.\n", r.Incidents, r.Records, r.Files)
	return err
}
