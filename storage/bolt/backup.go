package bolt

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"boswell/storage"
)

// Backup is described at storage.Store. A folder that holds anything is refused, and one in which Backup failed is left
// empty. A file that is missing or damaged does not stop it: the backup is then whole but for the files that the error names.
func (s *Store) Backup(ctx context.Context, dir string) error {
	if err := claimFolder(dir); err != nil {
		return err
	}
	var lost error
	err := s.view(ctx, func(r *reader) error {
		var err error
		if lost, err = s.copyFiles(r, filepath.Join(dir, filesName)); err != nil {
			return err
		}
		// The database comes last: a folder without it is no store, so a copy that was cut short is not taken for a whole one.
		return writeFile(filepath.Join(dir, fileName), func(f *os.File) error {
			_, err := r.file.tx.WriteTo(abortable{ctx, f})
			return err
		})
	})
	if err != nil {
		return full(fmt.Errorf("backup to %s: %w", dir, errors.Join(err, clearFolder(dir))))
	}
	return lost
}

// claimFolder makes a folder for a backup, or takes one that is empty.
func claimFolder(dir string) error {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return denied(dir, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return denied(dir, err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty: name a new folder for the backup", dir)
	}
	return os.Mkdir(filepath.Join(dir, filesName), dirMode)
}

func clearFolder(dir string) error {
	return errors.Join(os.RemoveAll(filepath.Join(dir, filesName)), os.RemoveAll(filepath.Join(dir, fileName)))
}

// copyFiles copies what records name. lost says which files could not be copied because they are not as they should be.
func (s *Store) copyFiles(r *reader, dir string) (lost, err error) {
	for hash := range namedFiles(r.src) {
		if err := r.usable(); err != nil {
			return nil, err
		}
		switch err := s.copyFile(r.ctx, hash, dir); {
		case errors.Is(err, storage.ErrNotFound), errors.Is(err, storage.ErrDamaged):
			lost = errors.Join(lost, err)
		case err != nil:
			return nil, err
		}
	}
	return lost, syncDir(dir)
}

func (s *Store) copyFile(ctx context.Context, hash, dir string) error {
	in, err := s.cabinet.open(hash)
	if err != nil {
		return err
	}
	defer in.Close()
	path := filepath.Join(dir, hash)
	if err := writeFile(path, func(f *os.File) error {
		_, err := io.Copy(abortable{ctx, f}, in)
		return err
	}); err != nil {
		return err
	}
	return (&cabinet{dir: dir}).check(hash)
}

// namedFiles are the hashes of the files that records name, each once, in ascending order.
func namedFiles(src source) iter.Seq[string] {
	return func(yield func(string) bool) {
		previous := ""
		for k := range src.scan(inFiles, nil, nil) {
			hash := hex.EncodeToString(k[:min(len(k), hashSize)])
			if hash != previous && !yield(hash) {
				return
			}
			previous = hash
		}
	}
}

// abortable writes until a context is done.
type abortable struct {
	ctx context.Context
	w   io.Writer
}

func (a abortable) Write(p []byte) (int, error) {
	if err := a.ctx.Err(); err != nil {
		return 0, err
	}
	return a.w.Write(p)
}
