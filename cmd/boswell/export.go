package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"boswell/incident"
)

type exportCommand struct {
	where
	Incident string `arg:"" help:"Which incident, such as INC-7."`
	Style    string `default:"sre" help:"The format: sre (Markdown) or json."`
	Out      string `placeholder:"DIR" help:"Write the postmortem there under a name made of its title, and the files that it refers to in files/ beside it."`
}

// Help is the longer help of the command.
func (exportCommand) Help() string {
	return `Writes the postmortem of an incident as it stands now, to standard output or into a folder. An export changes nothing and can be repeated.

Examples:

    boswell export INC-7 > postmortem.md
    boswell export INC-7 --style json
    boswell export INC-7 --out postmortems/`
}

// Run writes a postmortem.
func (e exportCommand) Run(ctx context.Context, s streams) error {
	return e.with(ctx, false, func(c *client) error {
		if e.Out == "" {
			told, err := c.copy(ctx, s.out, incidentPath(e.Incident)+"/export", e.args())
			return errors.Join(err, loss(told))
		}
		return e.into(ctx, c, s)
	})
}

func (e exportCommand) args() url.Values { return url.Values{"style": {e.Style}} }

// into writes the document and its files into a folder. The document comes last: once it is there, what it refers to is too.
func (e exportCommand) into(ctx context.Context, c *client, s streams) error {
	var document bytes.Buffer
	told, err := c.copy(ctx, &document, incidentPath(e.Incident)+"/export", e.args())
	if err != nil {
		return err
	}
	var files []attached
	if err := c.get(ctx, incidentPath(e.Incident)+"/files", nil, &files); err != nil {
		return err
	}
	for _, f := range files {
		if err := e.save(ctx, c, f); err != nil {
			return err
		}
	}
	path := filepath.Join(e.Out, filepath.Base(told.Get(nameHeader)))
	if err := write(path, func(w io.Writer) error {
		_, err := document.WriteTo(w)
		return err
	}); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, path)
	return errors.Join(err, loss(told))
}

// save writes one file, and sees that it is what it is called after.
func (e exportCommand) save(ctx context.Context, c *client, f attached) error {
	return write(filepath.Join(e.Out, filepath.FromSlash(f.Path)), func(w io.Writer) error {
		sum := sha256.New()
		if _, err := c.copy(ctx, io.MultiWriter(w, sum), "/files/"+url.PathEscape(f.Hash), nil); err != nil {
			return fmt.Errorf("file %s: %w", f.Path, err)
		}
		if hex.EncodeToString(sum.Sum(nil)) != f.Hash {
			return fmt.Errorf("file %s did not arrive as it was kept; `boswell verify` tells whether it is damaged", f.Path)
		}
		return nil
	})
}

// write makes a file, or replaces it once the new one is whole.
func write(path string, fill func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return incident.Refuse("Nothing can be written there: %v. Name a folder that this user may write to with --out.", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".boswell-*")
	if err != nil {
		return err
	}
	if err := errors.Join(fill(f), f.Chmod(0o644), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}
