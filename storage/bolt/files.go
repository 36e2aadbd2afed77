package bolt

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"boswell/incident"
	"boswell/storage"
)

// partPrefix begins the names of files that are being written.
const partPrefix = ".part-"

// cabinet is the folder of files. A file's name is the SHA-256 of its contents, so keeping the same contents twice takes no
// room and a file is never changed.
type cabinet struct {
	dir    string
	noSync bool
	mu     sync.Mutex
	// fresh are files that were put since the store was opened and that no record names yet: whoever put them is about to
	// write that record.
	fresh map[string]bool
}

func (c *cabinet) path(hash string) string { return filepath.Join(c.dir, hash) }

// put keeps what r gives, at most max bytes of it.
func (c *cabinet) put(r io.Reader, max int64) (hash string, size int64, err error) {
	part, err := os.CreateTemp(c.dir, partPrefix+"*")
	if err != nil {
		return "", 0, full(fmt.Errorf("keep a file: %w", err))
	}
	defer func() {
		if gone := os.Remove(part.Name()); err != nil && !errors.Is(gone, os.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}()
	hash, size, err = c.fill(part, r, max)
	if err = errors.Join(err, part.Close()); err != nil {
		return "", 0, err
	}
	return hash, size, c.settle(part.Name(), hash)
}

// fill writes the part and makes it durable.
func (c *cabinet) fill(part *os.File, r io.Reader, max int64) (string, int64, error) {
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(part, sum), io.LimitReader(r, min(max, math.MaxInt64-1)+1))
	switch {
	case err != nil:
		return "", 0, full(fmt.Errorf("keep a file: %w", err))
	case size > max:
		return "", 0, fmt.Errorf("%w: more than %d bytes", storage.ErrTooLarge, max)
	}
	if !c.noSync {
		if err := part.Sync(); err != nil {
			return "", 0, full(fmt.Errorf("keep a file: %w", err))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), size, nil
}

// settle gives a whole part its name. The same contents may be there already; they are replaced, which mends a damaged file.
func (c *cabinet) settle(part, hash string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := os.Rename(part, c.path(hash)); err != nil {
		return full(fmt.Errorf("keep a file: %w", err))
	}
	c.fresh[hash] = true
	if c.noSync {
		return nil
	}
	return syncDir(c.dir)
}

func (c *cabinet) open(hash string) (io.ReadCloser, error) {
	if _, ok := parseHash(hash); !ok {
		return nil, fmt.Errorf("file %.80q: %w", hash, storage.ErrNotFound)
	}
	f, err := os.Open(c.path(hash))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("file %s: %w", hash, storage.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	return f, nil
}

// named says that records name the files now.
func (c *cabinet) named(hashes []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, hash := range hashes {
		delete(c.fresh, hash)
	}
}

// remove deletes a file that no record names, unless somebody has just put it again.
func (c *cabinet) remove(hash string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fresh[hash] {
		return nil
	}
	if err := os.Remove(c.path(hash)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove a file: %w", err)
	}
	return syncDir(c.dir)
}

// sweep removes what a process that died left half written, and finds out whether files can be kept.
func (c *cabinet) sweep() error {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return denied(c.dir, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), partPrefix) {
			if err := os.Remove(c.path(e.Name())); err != nil {
				return denied(c.dir, err)
			}
		}
	}
	return c.try()
}

// try says whether a file can be made. A full disk is no reason not to start.
func (c *cabinet) try() error {
	part, err := os.CreateTemp(c.dir, partPrefix+"*")
	if err != nil && isFull(err) {
		return nil
	}
	if err != nil {
		return denied(c.dir, err)
	}
	return errors.Join(part.Close(), os.Remove(part.Name()))
}

// check reads a file and compares it with its name.
func (c *cabinet) check(hash string) error {
	f, err := c.open(hash)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return fmt.Errorf("file %s: %w", hash, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return fmt.Errorf("%w: file %s holds something else than was put there", storage.ErrDamaged, hash)
	}
	return nil
}

// syncDir makes the names in a folder durable. Windows has no such call and needs none.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// fileHashes are the files that an event names.
func fileHashes(e incident.Event) []string {
	var named []incident.File
	switch e := e.(type) {
	case incident.MessageRead:
		named = e.Content.Files
	case incident.FileKept:
		named = []incident.File{e.File}
	case incident.SupportAdded:
		if e.Support.File != nil {
			named = []incident.File{*e.Support.File}
		}
	}
	var hashes []string
	for _, f := range named {
		if f.Hash != "" {
			hashes = append(hashes, f.Hash)
		}
	}
	return hashes
}

// referFiles keeps the references of a record to files.
func (t *tx) referFiles(r incident.Record) error {
	for _, hash := range fileHashes(r.Event) {
		key, ok := fileKey(hash, r.Incident, r.Seq)
		if !ok {
			return fmt.Errorf("%.80q is not the hash of a file", hash)
		}
		if err := t.w.put(inFiles, key, nil); err != nil {
			return err
		}
		t.named = append(t.named, hash)
	}
	return nil
}
