package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"go.etcd.io/bbolt"

	"boswell/storage"
)

// schema is the number of the layout that the package comment describes.
const schema = 1

// A migration turns a store of one schema into one of the next, in one transaction.
type migration func(*bbolt.Tx) error

// migrations hold, under the number of each schema but the first, what leads there from the one before.
var migrations = map[int]migration{}

var schemaKey = []byte("schema")

// layOut makes the buckets of a new store.
func layOut(tx *bbolt.Tx, number int) error {
	for _, name := range bucketNames {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return fmt.Errorf("bucket %s: %w", name, err)
		}
	}
	return setSchema(tx, number)
}

func setSchema(tx *bbolt.Tx, number int) error {
	return tx.Bucket([]byte(bucketNames[inMeta])).Put(schemaKey, []byte(strconv.Itoa(number)))
}

func schemaOf(tx *bbolt.Tx) (int, error) {
	meta := tx.Bucket([]byte(bucketNames[inMeta]))
	if meta == nil {
		return 0, errors.New("this is not a store of Boswell's")
	}
	number, err := strconv.Atoi(string(meta.Get(schemaKey)))
	if err != nil || number < 1 {
		return 0, fmt.Errorf("the schema %q is not a number", meta.Get(schemaKey))
	}
	for _, name := range bucketNames {
		if number == schema && tx.Bucket([]byte(name)) == nil {
			return 0, fmt.Errorf("the bucket %s is missing", name)
		}
	}
	return number, nil
}

// migrate brings a store to the schema that is wanted, one step and one copy at a time.
func migrate(db *bbolt.DB, dir string, readOnly bool, want int, steps map[int]migration) error {
	have := 0
	err := db.View(func(tx *bbolt.Tx) (err error) {
		have, err = schemaOf(tx)
		return err
	})
	switch {
	case err != nil:
		return damagedStore(db.Path(), err)
	case have > want:
		return fmt.Errorf("%w: %s has schema %d, and this Boswell knows %d. Run the newer Boswell, or restore a backup that this one made",
			storage.ErrNewerSchema, db.Path(), have, want)
	case have < want && readOnly:
		return fmt.Errorf("%s has schema %d, which is brought to %d when the bot starts: start it once, then read again", db.Path(), have, want)
	}
	for number := have + 1; number <= want; number++ {
		if err := step(db, dir, number, steps[number]); err != nil {
			return fmt.Errorf("bring %s from schema %d, in which it stays, to %d: %w", db.Path(), number-1, number, err)
		}
	}
	return nil
}

// step keeps a copy of the store beside it, then takes one step.
func step(db *bbolt.DB, dir string, number int, do migration) error {
	if do == nil {
		return errors.New("no migration leads there")
	}
	copyName := filepath.Join(dir, fmt.Sprintf("%s.before-schema-%d", fileName, number))
	err := db.View(func(tx *bbolt.Tx) error {
		return writeFile(copyName, func(f *os.File) error {
			_, err := tx.WriteTo(f)
			return err
		})
	})
	if err != nil {
		return full(fmt.Errorf("copy it first: %w", err))
	}
	return db.Update(func(tx *bbolt.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		return setSchema(tx, number)
	})
}

// writeFile writes a file under another name first, so that it is whole and durable once it has its own.
func writeFile(path string, fill func(*os.File) error) error {
	f, err := os.OpenFile(path+unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return err
	}
	if err := errors.Join(fill(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
