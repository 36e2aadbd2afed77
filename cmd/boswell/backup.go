package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"boswell/incident"
	"boswell/integrations/local"
	"boswell/storage"
)

type backupCommand struct {
	where
	Dir string `arg:"" help:"A folder that is not there yet, or is empty."`
}

// Help is the longer help of the command.
func (backupCommand) Help() string {
	return `Copies the database, all kept files and the built-in chats into a new folder, as they are at one moment, while the bot goes on. The copy is a data folder: to go back to it, stop the bot and put the copy in the place of the data folder.

Example:

    boswell backup /mnt/backup/boswell-$(date +%F)`
}

// Run makes a backup.
func (b backupCommand) Run(ctx context.Context, s streams) error {
	dir, err := filepath.Abs(b.Dir) // the running bot works in another folder
	if err != nil {
		return err
	}
	if err := b.outside(dir); err != nil {
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

// outside refuses a backup that would be lost with what it is the backup of.
func (b backupCommand) outside(dir string) error {
	data, err := b.folder()
	if err != nil {
		return err
	}
	if data, err = filepath.Abs(data); err != nil {
		return err
	}
	if below, err := filepath.Rel(data, dir); err == nil && filepath.IsLocal(below) {
		return incident.Refuse("%s lies in the data folder, and would be lost with it. Name a folder elsewhere.", dir)
	}
	return nil
}

// copyFolder copies the store of a data folder and its built-in chats. What the store has lost does not stop it.
func copyFolder(ctx context.Context, store storage.Store, from, to string) error {
	chats, err := builtInChats(from)
	if err != nil {
		return err
	}
	var lost error
	all := func() error {
		err := store.Backup(ctx, to)
		if errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrDamaged) {
			lost, err = err, nil
		}
		return err
	}
	for _, c := range chats {
		rest := all
		all = func() error { return local.Backup(ctx, filepath.Join(from, c), filepath.Join(to, c), rest) }
	}
	return errors.Join(all(), lost)
}

// builtInChats are the folders of the built-in chats, as they are called within a data folder.
func builtInChats(folder string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(folder, chatsName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var chats []string
	for _, e := range entries {
		chats = append(chats, filepath.Join(chatsName, e.Name()))
	}
	return chats, nil
}
