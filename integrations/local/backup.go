package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The names in a chat's folder.
const (
	journalName = "chat.jsonl"
	cursorName  = "chat.cursor"
	shelfName   = "chat-files"
)

// Backup copies the chat in the folder from, open or not, into the folder to, which it makes. store copies what the bot knows,
// in between: the copied cursor is from before that and the copied lines from after it, so that a bot that goes on from both
// copies hears of everything that it does not know. An error leaves what was copied so far.
func Backup(ctx context.Context, from, to string, store func() error) error {
	cursor, err := os.ReadFile(filepath.Join(from, cursorName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copy the chat's cursor: %w", err)
	}
	if err := store(); err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("make the folder of the copied chat: %w", err)
	}
	// Contents are on the shelf before the line that names them, so they are copied after the lines.
	if err := copyFile(ctx, from, to, journalName); err != nil {
		return err
	}
	if err := copyShelf(ctx, filepath.Join(from, shelfName), filepath.Join(to, shelfName)); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(to, cursorName), cursor, 0o600); err != nil {
		return fmt.Errorf("copy the chat's cursor: %w", err)
	}
	return syncFolder(to)
}

// copyShelf leaves out what is just being put there, which no line names yet.
func copyShelf(ctx context.Context, from, to string) error {
	entries, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("copy the chat's files: %w", err)
	}
	if err := os.Mkdir(to, 0o700); err != nil {
		return fmt.Errorf("copy the chat's files: %w", err)
	}
	for _, entry := range entries {
		if !isHash(entry.Name()) {
			continue
		}
		if err := copyFile(ctx, from, to, entry.Name()); err != nil {
			return err
		}
	}
	return syncFolder(to)
}

func copyFile(ctx context.Context, from, to, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	in, err := os.Open(filepath.Join(from, name))
	if err != nil {
		return fmt.Errorf("copy the chat: %w", err)
	}
	defer in.Close()
	out, err := os.OpenFile(filepath.Join(to, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy the chat: %w", err)
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("copy the chat: %w", err)
	}
	return nil
}
