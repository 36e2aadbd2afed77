package bolt

import (
	"bytes"
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

// furnished is a store with something in every bucket, closed.
func furnished(t *testing.T) (dir, hash string) {
	t.Helper()
	dir = t.TempDir()
	s := openStore(t, dir, Options{})
	first, second := opened(t, s, "open-1"), opened(t, s, "open-2")
	hash, size, err := s.PutFile(strings.NewReader("a graph"), 100)
	if err != nil {
		t.Fatal(err)
	}
	room := incident.Room{RoomID: incident.RoomID{Platform: "lake", Channel: "roof"}}
	command(t, s, "link", first, incident.RoomLinked{Room: room}, incident.Joined{Person: "ann"})
	command(t, s, "keep", second, incident.FileKept{File: incident.File{ID: "f", Hash: hash, Size: size}}, incident.StatusSet{Text: "Climbing"})
	_, err = s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
		_, err := tx.Owe(storage.Owed{Key: "k", Effect: pin})
		return storage.Outcome{}, errors.Join(err, tx.PutPerson(storage.Person{ID: "ann"}), tx.Schedule(storage.Due{Key: "d", At: tx.Now()}),
			tx.SetCovered(room.RoomID, tx.Now()), tx.PutValue("v", nil, tx.Now().Add(keptFor)))
	})
	if err != nil {
		t.Fatal(err)
	}
	wantWhole(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, hash
}

// problems opens a store for reading, as `verify` does, and gives what it finds.
func problems(t *testing.T, dir string) []string {
	t.Helper()
	s, err := Open(dir, Options{ReadOnly: true})
	if errors.Is(err, storage.ErrDamaged) {
		return []string{err.Error()}
	}
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	report, err := s.Verify(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return report.Problems
}

// tamper changes the file of a store behind its back.
func tamper(t *testing.T, dir string, change damage) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, fileName), fileMode, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error {
		return change(func(b bucket) *bbolt.Bucket { return tx.Bucket([]byte(bucketNames[b])) })
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A damage changes the buckets of a store behind its back.
type damage func(get func(bucket) *bbolt.Bucket) error

func firstKey(b *bbolt.Bucket) []byte {
	k, _ := b.Cursor().First()
	return bytes.Clone(k)
}

func drop(b bucket) damage {
	return func(get func(bucket) *bbolt.Bucket) error { return get(b).Delete(firstKey(get(b))) }
}

func dropRecord(id incident.ID, seq uint64) damage {
	return func(get func(bucket) *bbolt.Bucket) error { return get(inEvents).Delete(recordKey(id, seq)) }
}

func spoil(b bucket) damage {
	return func(get func(bucket) *bbolt.Bucket) error { return get(b).Put(firstKey(get(b)), []byte("{")) }
}

func add(b bucket, key string) damage {
	return func(get func(bucket) *bbolt.Bucket) error { return get(b).Put([]byte(key), nil) }
}

// double puts what lies under one key under another too.
func double(b bucket, from, to []byte) damage {
	return func(get func(bucket) *bbolt.Bucket) error { return get(b).Put(to, bytes.Clone(get(b).Get(from))) }
}

func TestVerifyFinds(t *testing.T) {
	for name, c := range map[string]struct {
		change damage
		word   string
	}{
		"a missing record":           {dropRecord(1, 2), "record 2 of INC-1 is missing"},
		"a missing last record":      {dropRecord(2, 3), "record 3 of INC-2 is missing"},
		"a record of another":        {double(inEvents, recordKey(2, 2), recordKey(1, 2)), "record 2 of INC-2 lies in the place of record 2 of INC-1"},
		"a record in another place":  {double(inEvents, recordKey(1, 3), recordKey(1, 2)), "lies in the place"},
		"a record too many":          {double(inEvents, recordKey(1, 3), recordKey(1, 4)), "goes on behind its head"},
		"a record of nobody":         {double(inEvents, recordKey(1, 3), recordKey(9, 1)), "belongs to no incident"},
		"a record that is not one":   {spoil(inEvents), "record 1 of INC-1"},
		"an older head":              {olderHead, "does not end as its head says"},
		"a head of another":          {double(inHeads, incidentKey(1), incidentKey(2)), "INC-2"},
		"a missing head":             {drop(inHeads), "The head of INC-1"},
		"a head that is not one":     {spoil(inHeads), "The head of INC-1"},
		"a summary of something":     {otherSummary, "Lists show INC-1 otherwise"},
		"a missing room":             {drop(inRooms), `"rooms" lacks a key of INC-1`},
		"a missing link":             {drop(inLinked), `"linked" lacks a key of INC-1`},
		"a room of nobody":           {add(inRooms, "\x00\x00\x00------------12345678"), "no record accounts for"},
		"a missing reference":        {drop(inFiles), `"files" lacks a key of INC-2`},
		"an effect without its key":  {drop(inOutboxKeys), "outbox"},
		"an effect's key alone":      {drop(inOutbox), "outbox_keys"},
		"an effect that is not one":  {spoil(inOutbox), "outbox"},
		"an effect of another kind":  {otherEffect, "it is no pin"},
		"a due time without its key": {drop(inDueKeys), "due"},
		"a key of nothing due":       {drop(inDue), "due_keys"},
		"a due that is not one":      {spoil(inDue), "due"},
		"a value that is not one":    {spoil(inValues), "values"},
		"an outcome that is not one": {spoil(inSeen), "seen"},
		"a person that is not one":   {spoil(inPeople), "people"},
		"a mark that is not one":     {spoil(inCovered), "covered"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := furnished(t)
			tamper(t, dir, c.change)
			found := problems(t, dir)
			if !strings.Contains(strings.Join(found, "\n"), c.word) {
				t.Errorf("found %q, want %q", found, c.word)
			}
			for _, p := range found {
				if !strings.HasSuffix(p, ".") || !strings.Contains(p, "Restore a backup") {
					t.Errorf("%q does not say what can be done", p)
				}
			}
		})
	}
}

// olderHead gives an incident a head that it once had, as if its last record had been hidden.
func olderHead(get func(bucket) *bbolt.Bucket) error {
	last, summary, err := decodeTip(get(inHeads).Get(incidentKey(1)))
	if err != nil {
		return err
	}
	last.hash[0]++
	return get(inHeads).Put(incidentKey(1), encodeHead(last, summary))
}

// otherEffect leaves of an effect its kind alone.
func otherEffect(get func(bucket) *bbolt.Bucket) error {
	stored := bytes.Clone(get(inOutbox).Get(effectKey(1)))
	return get(inOutbox).Put(effectKey(1), bytes.Replace(stored, []byte(`"effect":{"on":`), []byte(`"effect":{"removed":3,"on":`), 1))
}

func otherSummary(get func(bucket) *bbolt.Bucket) error {
	head := bytes.Clone(get(inHeads).Get(incidentKey(1)))
	return get(inHeads).Put(incidentKey(1), bytes.Replace(head, []byte("502"), []byte("503"), 1))
}

func TestVerifyReadsFiles(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(path string) error
		word   string
	}{
		"missing": {os.Remove, "is missing"},
		"changed": {func(path string) error { return os.WriteFile(path, []byte("A graph"), fileMode) }, "holds something else"},
		"cut":     {func(path string) error { return os.Truncate(path, 3) }, "holds something else"},
		"no file": {func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, dirMode)) }, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, hash := furnished(t)
			if err := c.damage(filepath.Join(dir, filesName, hash)); err != nil {
				t.Fatal(err)
			}
			found := problems(t, dir)
			if len(found) != 1 || !strings.Contains(found[0], c.word) || !strings.Contains(found[0], hash) {
				t.Errorf("found %q, want %q", found, c.word)
			}
		})
	}
}

// compacted is the folder of a store without the unused pages in which older copies of its records lie.
func compacted(t *testing.T, dir string) string {
	t.Helper()
	fresh := t.TempDir()
	old, err := bbolt.Open(filepath.Join(dir, fileName), fileMode, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	db, err := bbolt.Open(filepath.Join(fresh, fileName), fileMode, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(bbolt.Compact(db, old, 0), db.Close(), os.CopyFS(filepath.Join(fresh, filesName), os.DirFS(filepath.Join(dir, filesName)))); err != nil {
		t.Fatal(err)
	}
	return fresh
}

// chained are the records of a store and the ends of its logs, each with its key in front as it lies in the file.
func chained(t *testing.T, dir string) (stored [][]byte) {
	t.Helper()
	s := openStore(t, dir, Options{ReadOnly: true})
	defer s.Close()
	err := s.view(context.Background(), func(r *reader) error {
		for k, v := range r.src.scan(inEvents, nil, nil) {
			stored = append(stored, append(bytes.Clone(k), v...))
		}
		for k, v := range r.src.scan(inHeads, nil, nil) {
			_, summary, err := decodeTip(v)
			if err != nil {
				return err
			}
			stored = append(stored, append(bytes.Clone(k), v[:len(v)-len(summary)]...))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// TestVerifyFindsFlippedBytes flips a bit of every byte of every record, and of where each log ends, one at a time, in the file itself.
func TestVerifyFindsFlippedBytes(t *testing.T) {
	furnishedDir, _ := furnished(t)
	dir := compacted(t, furnishedDir)
	file, err := os.OpenFile(filepath.Join(dir, fileName), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	contents, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	flips := 0
	for _, stored := range chained(t, dir) {
		at := bytes.Index(contents, stored)
		if at < 0 || bytes.Contains(contents[at+1:], stored) {
			t.Fatalf("%q is not found once in the file", stored)
		}
		for i := at; i < at+len(stored); i++ {
			flipped := contents[i] ^ 1<<(i%8)
			if _, err := file.WriteAt([]byte{flipped}, int64(i)); err != nil {
				t.Fatal(err)
			}
			if found := problems(t, dir); len(found) == 0 {
				t.Errorf("byte %d of %d of %q was flipped and nothing is found", i-at, len(stored), stored)
			}
			if _, err := file.WriteAt(contents[i:i+1], int64(i)); err != nil {
				t.Fatal(err)
			}
			flips++
		}
	}
	if flips < 1000 {
		t.Errorf("only %d bytes were flipped", flips)
	}
	if found := problems(t, dir); len(found) > 0 {
		t.Errorf("with every byte as it was, %q is found", found)
	}
}

// TestVerifySurvivesDamagedPages flips bytes all over the file: whatever they do to bbolt's own structures, Verify must come
// to an end and the process must live.
func TestVerifySurvivesDamagedPages(t *testing.T) {
	dir, _ := furnished(t)
	contents := snapshot(t, dir)
	for i := 0; i < len(contents); i += 131 {
		dir := t.TempDir()
		contents[i] ^= 0x5a
		if err := os.WriteFile(filepath.Join(dir, fileName), contents, fileMode); err != nil {
			t.Fatal(err)
		}
		problems(t, dir)
		contents[i] ^= 0x5a
	}
}
