package bolt

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"boswell/storage"
)

// The names in a store's folder.
const (
	fileName   = "boswell.db"
	filesName  = "files"
	unfinished = ".new" // ends the name of a database that is being made
)

// Only the owner reads what was said in an incident.
const (
	fileMode = 0o600
	dirMode  = 0o700
)

// lockWait is how long Open waits for another process to let go of the file.
const lockWait = 200 * time.Millisecond

// Options say how a store is opened. The zero value is right for a running bot.
type Options struct {
	// Clock gives the time of records whose Cause has none; nil is time.Now.
	Clock func() time.Time
	// Rand gives the salts of records; nil is crypto/rand.
	Rand io.Reader
	// ReadOnly opens a store that is there, for reading only. Nothing in its folder is changed.
	ReadOnly bool
	// NoSync leaves out every fsync: for benchmarks, and tests that lose nothing.
	NoSync bool
	// Fatal is called when nobody can know any more what is on the disk. It should end the process, which the default does
	// after a line on standard error; if it returns, every later Do fails.
	Fatal func(error)
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Fatal == nil {
		o.Fatal = exit
	}
	return o
}

func exit(err error) {
	fmt.Fprintf(os.Stderr, "boswell: %v\n", err)
	os.Exit(1)
}

// Open opens the store in a folder, and makes both where they are not there yet. A store that another process holds is
// storage.ErrLocked at once; one of a later Boswell is storage.ErrNewerSchema; one that cannot be read is
// storage.ErrDamaged, and may stay locked until the process ends; with ReadOnly, one that is not there is
// storage.ErrNotFound.
func Open(dir string, o Options) (*Store, error) {
	return open(dir, o, schema, migrations)
}

func open(dir string, o Options, want int, steps map[int]migration) (*Store, error) {
	o = o.withDefaults()
	cabinet := &cabinet{dir: filepath.Join(dir, filesName), noSync: o.NoSync, fresh: map[string]bool{}}
	if err := prepare(dir, o, want); err != nil {
		return nil, err
	}
	db, err := openFile(filepath.Join(dir, fileName), o)
	if err != nil {
		return nil, err
	}
	err = guard(db.Path(), func() error {
		if err := whole(db); err != nil {
			return err
		}
		if err := migrate(db, dir, o.ReadOnly, want, steps); err != nil || o.ReadOnly {
			return err
		}
		return cabinet.sweep()
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &Store{dir: dir, db: db, cabinet: cabinet, folds: newFolds(), summaries: newSummaries(), queue: newQueue(), hub: newHub(),
		clock: o.Clock, rand: o.Rand, fatal: o.Fatal}
	if !o.ReadOnly {
		s.writer = newWriter(s)
		go s.writer.run()
		s.warm()
	}
	return s, nil
}

// prepare makes the folder and the database where they are not there. The database gets its name when it is whole, so a
// boswell.db without contents is a damaged one and not a new one.
func prepare(dir string, o Options, want int) error {
	path := filepath.Join(dir, fileName)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Size() == 0:
		return damagedStore(path, errors.New("the file is empty"))
	case err == nil && o.ReadOnly:
		return nil
	case errors.Is(err, os.ErrNotExist) && o.ReadOnly:
		return fmt.Errorf("there is no store in %s: %w", dir, storage.ErrNotFound)
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return denied(path, err)
	}
	if err := os.MkdirAll(filepath.Join(dir, filesName), dirMode); err != nil {
		return denied(dir, err)
	}
	if info != nil {
		return nil
	}
	return create(path, o, want)
}

func create(path string, o Options, want int) error {
	db, err := openFile(path+unfinished, o)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error { return layOut(tx, want) })
	if err = errors.Join(err, db.Close()); err != nil {
		return full(fmt.Errorf("make %s: %w", path, err))
	}
	if err := os.Rename(path+unfinished, path); err != nil {
		return denied(path, err)
	}
	return syncDir(filepath.Dir(path))
}

// mapSize is the room that a file is given in the address space, so that it seldom outgrows it: bbolt then maps the file
// anew, and waits for every reader before it does. Windows would make the file itself that large.
func mapSize() int {
	if strconv.IntSize < 64 || runtime.GOOS == "windows" {
		return 0
	}
	return 64 << 30
}

// openFile opens a bbolt file; a process that may not map much gets a small map.
func openFile(path string, o Options) (*bbolt.DB, error) {
	db, err := openMapped(path, o, mapSize())
	if errors.Is(err, syscall.ENOMEM) {
		db, err = openMapped(path, o, 0)
	}
	if err != nil {
		return nil, explain(path, err)
	}
	return db, nil
}

// openMapped opens a bbolt file. Where bbolt panics, it leaves a damaged file mapped, and so locked, until the process ends.
func openMapped(path string, o Options, size int) (db *bbolt.DB, err error) {
	options := &bbolt.Options{Timeout: lockWait, ReadOnly: o.ReadOnly, NoSync: o.NoSync, NoStatistics: true,
		FreelistType: bbolt.FreelistMapType, InitialMmapSize: size}
	err = guard(path, func() (err error) {
		db, err = bbolt.Open(path, fileMode, options)
		return err
	})
	return db, err
}

func explain(path string, err error) error {
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return fmt.Errorf("%w: %s. Stop that process, or ask it: `list`, `show`, `export`, `verify` and `backup` use its socket", storage.ErrLocked, path)
	case errors.Is(err, bbolterrors.ErrInvalid), errors.Is(err, bbolterrors.ErrVersionMismatch), errors.Is(err, bbolterrors.ErrChecksum),
		strings.Contains(err.Error(), "file size too small"):
		return damagedStore(path, err)
	default:
		return denied(path, err)
	}
}

// denied says what to do where the file system refused.
func denied(path string, err error) error {
	switch {
	case errors.Is(err, storage.ErrDamaged):
		return err
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("no permission to open %s: run boswell as the owner of that folder, give it to this user with chown, or name another folder: %w", path, err)
	default:
		return full(fmt.Errorf("open %s: %w", path, err))
	}
}

func damagedStore(path string, err error) error {
	return fmt.Errorf("%w: %s: %v. Keep that folder, for what may be read from it, and put a backup in its place", storage.ErrDamaged, path, err)
}

// whole says that the file is as long as its contents claim. Reading behind the end of a mapped file kills the process.
func whole(db *bbolt.DB) error {
	info, err := os.Stat(db.Path())
	if err != nil {
		return err
	}
	return db.View(func(tx *bbolt.Tx) error {
		if info.Size() < tx.Size() {
			return damagedStore(db.Path(), fmt.Errorf("the file has %d bytes of %d", info.Size(), tx.Size()))
		}
		return nil
	})
}

// guard runs fn on a file that may be damaged. bbolt panics, or reads memory that is not there, where a page makes no sense;
// both come back as ErrDamaged.
func guard(path string, fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = damagedStore(path, fmt.Errorf("%v", p))
		}
	}()
	return fn()
}
