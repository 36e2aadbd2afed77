package bolt

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"boswell/storage"
)

// errPanicked says that bbolt itself gave up.
var errPanicked = errors.New("the database gave up")

// failed sorts the error of a commit. A full disk, or a write that was refused, changed nothing, and the next commit may
// work. After a failed fsync nobody knows what is on the disk, and the pages may be gone from memory too: the process ends,
// and the next one reads what is really there.
func (w *writer) failed(b *batch, err error) error {
	if !b.ready && !errors.Is(err, errPanicked) {
		return fmt.Errorf("the transaction was taken back: %w", err)
	}
	doubtful := visible(w.store.db, b.txid)
	switch {
	case isFull(err) && !doubtful:
		return fmt.Errorf("%w (%s): nothing was changed; make room and try again: %w", storage.ErrFull, w.store.dir, err)
	case isWrite(err) && !doubtful:
		return fmt.Errorf("writing %s failed, nothing was changed: %w", w.store.db.Path(), err)
	}
	w.broken = fmt.Errorf("%s may not hold what was last written to it, so nothing more is written: %w", w.store.db.Path(), err)
	w.store.fatal(w.broken)
	return w.broken
}

// visible says that readers see a commit although it failed.
func visible(db *bbolt.DB, txid int) bool {
	seen := true
	err := db.View(func(tx *bbolt.Tx) error {
		seen = tx.ID() >= txid
		return nil
	})
	return err != nil || seen
}

// isFull says that there is no room: on the disk, in the quota, or in the greatest size of a file. bbolt reports some of
// these by their text only.
func isFull(err error) bool {
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, cause) || strings.Contains(err.Error(), cause.Error()) {
			return true
		}
	}
	return errors.Is(err, bbolterrors.ErrMaxSizeReached)
}

// isWrite says that a write to the file failed, not the fsync after it.
func isWrite(err error) bool {
	var path *os.PathError
	return errors.As(err, &path) && path.Op == "write"
}

// full makes an error of the file system ErrFull where it is one.
func full(err error) error {
	if err == nil || !isFull(err) {
		return err
	}
	return fmt.Errorf("%w: %w", storage.ErrFull, err)
}
