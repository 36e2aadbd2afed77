package bolt

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"boswell/incident"
	"boswell/storage"
)

// opening wants Open to fail in a way that tells what to do.
func opening(t *testing.T, dir string, o Options, want error, words ...string) {
	t.Helper()
	s, err := Open(dir, o)
	if err == nil {
		s.Close()
		t.Fatalf("the store opens, want %v", want)
	}
	if want != nil && !errors.Is(err, want) {
		t.Errorf("open: %v, want %v", err, want)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}

// filled makes a store with an incident of a few records and closes it.
func filled(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s := openStore(t, dir, Options{})
	id := opened(t, s, "open")
	for _, text := range []string{"Climbing", "On the roof", "At the winch"} {
		command(t, s, text, id, incident.StatusSet{Text: text}, incident.RoomLinked{Room: incident.Room{RoomID: incident.RoomID{Platform: "lake", Channel: text}}})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOpenIsExclusive(t *testing.T) {
	dir := filled(t)
	s := openStore(t, dir, Options{})
	opening(t, dir, Options{}, storage.ErrLocked, dir, "Stop that process")
	opening(t, dir, Options{ReadOnly: true}, storage.ErrLocked, dir)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// Readers share the file among themselves.
	one, two := openStore(t, dir, Options{ReadOnly: true}), openStore(t, dir, Options{ReadOnly: true})
	wantWhole(t, one)
	wantWhole(t, two)
	opening(t, dir, Options{}, storage.ErrLocked, dir)
}

func TestReadOnly(t *testing.T) {
	opening(t, t.TempDir(), Options{ReadOnly: true}, storage.ErrNotFound, "there is no store in")
	dir := filled(t)
	before, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir, Options{ReadOnly: true})
	if status := statusOf(t, s, 1); status != "At the winch" {
		t.Errorf("the status is %q", status)
	}
	_, doErr := s.Do(context.Background(), storage.Cause{}, nothing)
	_, _, fileErr := s.PutFile(strings.NewReader(""), 1)
	for _, err := range []error{doErr, fileErr, s.Erase(context.Background(), 1, 1)} {
		if !errors.Is(err, storage.ErrReadOnly) {
			t.Errorf("writing to a store that is open for reading: %v", err)
		}
	}
	if err := s.Backup(context.Background(), filepath.Join(t.TempDir(), "copy")); err != nil {
		t.Errorf("backup: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	after, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("reading changed the file: %v", err)
	}
}

func TestDamagedFileIsNotOpened(t *testing.T) {
	for name, damage := range map[string]func(contents []byte) []byte{
		"empty":           func([]byte) []byte { return nil },
		"something else":  func([]byte) []byte { return bytes.Repeat([]byte("no database"), 9000) },
		"short":           func([]byte) []byte { return []byte("hello") },
		"cut to a half":   func(b []byte) []byte { return b[:len(b)/2] },
		"cut at the end":  func(b []byte) []byte { return b[:len(b)-4096] },
		"cut to a page":   func(b []byte) []byte { return b[:4096] },
		"first pages":     func(b []byte) []byte { return append(make([]byte, 3*4096), b[3*4096:]...) },
		"all but headers": func(b []byte) []byte { return append(b[:2*4096], bytes.Repeat([]byte{0xff}, len(b)-2*4096)...) },
	} {
		t.Run(name, func(t *testing.T) {
			// A copy has no unused end, so half of it lacks what is needed.
			contents := damage(snapshot(t, filled(t)))
			for _, readOnly := range []bool{false, true} {
				dir := t.TempDir()
				path := filepath.Join(dir, fileName)
				if err := os.WriteFile(path, contents, fileMode); err != nil {
					t.Fatal(err)
				}
				opening(t, dir, Options{ReadOnly: readOnly}, storage.ErrDamaged, path, "put a backup in its place")
			}
		})
	}
}

// snapshot is the database of a store that is not open, without unused pages at its end.
func snapshot(t *testing.T, dir string) []byte {
	t.Helper()
	s := openStore(t, dir, Options{ReadOnly: true})
	defer s.Close()
	var copied bytes.Buffer
	if err := s.db.View(func(tx *bbolt.Tx) error { _, err := tx.WriteTo(&copied); return err }); err != nil {
		t.Fatal(err)
	}
	return copied.Bytes()
}

func TestForeignDatabaseIsNotOpened(t *testing.T) {
	dir := t.TempDir()
	db, err := bbolt.Open(filepath.Join(dir, fileName), fileMode, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	opening(t, dir, Options{}, storage.ErrDamaged, "not a store of Boswell's")
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, fileMode); err != nil {
		t.Fatal(err)
	}
	opening(t, filepath.Join(dir, "file"), Options{}, nil, filepath.Join(dir, "file"))
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	opening(t, closed, Options{}, os.ErrPermission, closed, "chown")
	full := filled(t)
	if err := os.Chmod(filepath.Join(full, fileName), 0); err != nil {
		t.Fatal(err)
	}
	opening(t, full, Options{}, os.ErrPermission, full, "chown")
}

// TestUnfinishedStore leaves behind what a process that dies while it makes a store, or a file, leaves behind.
func TestUnfinishedStore(t *testing.T) {
	dir := t.TempDir()
	files := filepath.Join(dir, filesName)
	if err := os.Mkdir(files, dirMode); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Join(dir, fileName+unfinished), filepath.Join(files, partPrefix+"1")} {
		if err := os.WriteFile(name, nil, fileMode); err != nil {
			t.Fatal(err)
		}
	}
	s := openStore(t, dir, Options{})
	wantWhole(t, s)
	left, err := os.ReadDir(files)
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left: %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(dir, fileName+unfinished)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an unfinished database is left: %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, fileName))
	if err != nil || info.Mode().Perm() != fileMode {
		t.Errorf("the database has mode %v: %v", info.Mode(), err)
	}
}

func TestMigration(t *testing.T) {
	dir := filled(t)
	steps := map[int]migration{
		2: func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte(bucketNames[inPeople])).Put([]byte("two"), []byte(`{"id":"two","name":"Two"}`))
		},
		3: func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte(bucketNames[inPeople])).Delete([]byte("two"))
		},
	}
	if _, err := open(dir, Options{ReadOnly: true}, 3, steps); err == nil || !strings.Contains(err.Error(), "start it once") {
		t.Errorf("an older store, for reading only: %v", err)
	}
	broke := errors.New("the migration broke")
	if _, err := open(dir, Options{}, 2, map[int]migration{2: func(tx *bbolt.Tx) error { return errors.Join(steps[2](tx), broke) }}); !errors.Is(err, broke) {
		t.Errorf("a migration that fails: %v", err)
	}
	openStore(t, dir, Options{}).Close()
	for range 2 {
		s, err := open(dir, Options{}, 3, steps)
		if err != nil {
			t.Fatal(err)
		}
		wantWhole(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	opening(t, dir, Options{}, storage.ErrNewerSchema, "schema 3", "knows 1", "Run the newer Boswell")
	// Each step left a copy of what was there before it: the second one still has what it deleted.
	for name, people := range map[string]int{"boswell.db.before-schema-2": 0, "boswell.db.before-schema-3": 1} {
		if have := peopleIn(t, filepath.Join(dir, name)); have != people {
			t.Errorf("%s has %d people, want %d", name, have, people)
		}
	}
}

func peopleIn(t *testing.T, path string) (n int) {
	t.Helper()
	db, err := bbolt.Open(path, fileMode, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		n = tx.Bucket([]byte(bucketNames[inPeople])).Stats().KeyN
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestFirstSchema opens a store that the first release of this schema wrote. Its file is never made anew: if the layout
// changes, it gets a number and a migration, and this store must still open.
func TestFirstSchema(t *testing.T) {
	packed, err := os.Open("testdata/schema-1.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	contents, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, fileName), contents, fileMode); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir, Options{})
	wantWhole(t, s)
	if status := statusOf(t, s, 1); status != "At the winch" {
		t.Errorf("the status is %q", status)
	}
	if room, ok := anyRoom(t, s); !ok || room.Channel != "On the roof" {
		t.Errorf("the room is %v, %t", room, ok)
	}
	out, err := s.Do(context.Background(), storage.Cause{Key: "open", Once: true}, nothing)
	if err != nil || !out.Again || out.Incident != 1 {
		t.Errorf("a command of then is answered with %+v, %v", out, err)
	}
}

func anyRoom(t *testing.T, s *Store) (room incident.RoomID, ok bool) {
	t.Helper()
	err := s.View(context.Background(), func(r storage.Reader) error {
		for room = range r.LiveRooms() {
			ok = room.Channel == "On the roof"
			if ok {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return room, ok
}
