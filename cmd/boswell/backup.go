package main

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
)

type backupCommand struct {
	where
	Dir string `arg:"" help:"A folder that is not there yet, or is empty."`
}

// Help is the longer help of the command.
func (backupCommand) Help() string {
	return `Copies the database and all kept files into a new folder, as they are at one moment, while the bot goes on. The copy is a data folder: to go back to it, stop the bot and put the copy in the place of the data folder.

Example:

    boswell backup /mnt/backup/boswell-$(date +%F)`
}

// Run makes a backup.
func (b backupCommand) Run(ctx context.Context, s streams) error {
	dir, err := filepath.Abs(b.Dir) // the running bot works in another folder
	if err != nil {
		return err
	}
	return b.with(ctx, false, func(c *client) error {
		if err := c.post(ctx, "/backup", url.Values{"dir": {dir}}); err != nil {
			return err
		}
		_, err := fmt.Fprintf(s.out, "The backup is in %s.\n", dir)
		return err
	})
}
