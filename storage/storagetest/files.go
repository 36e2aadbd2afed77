package storagetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing/iotest"

	"boswell/incident"
	"boswell/storage"
)

var message = incident.MessageRef{Platform: "lake", Channel: "roof", Message: "m1"}

// kept puts a file and has an incident name it.
func (b *bench) kept(id incident.ID, contents string) string {
	b.Helper()
	hash, size, err := b.PutFile(strings.NewReader(contents), 1<<20)
	b.must(err)
	if size != int64(len(contents)) || len(hash) != 64 {
		b.Errorf("%d bytes were kept as %q", size, hash)
	}
	b.append(id, incident.FileKept{Message: message, File: incident.File{ID: "f", Name: "graph.png", Size: size, Hash: hash}})
	return hash
}

func (b *bench) contents(hash string) (string, error) {
	f, err := b.OpenFile(hash)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(f)
	return string(text), errors.Join(err, f.Close())
}

func testFiles(b *bench) {
	id := b.opened("The lift stands still")
	hash := b.kept(id, "a graph")
	again, _, err := b.PutFile(strings.NewReader("a graph"), 7)
	b.must(err)
	if again != hash {
		b.Errorf("the same contents are kept as %s and %s", hash, again)
	}
	b.reopen()
	if text, err := b.contents(hash); err != nil || text != "a graph" {
		b.Errorf("the file holds %q: %v", text, err)
	}
	for _, unknown := range []string{strings.Repeat("0", 64), "", "../boswell.db", strings.ToUpper(hash), hash + "/"} {
		if _, err := b.OpenFile(unknown); !errors.Is(err, storage.ErrNotFound) {
			b.Errorf("the file %q: %v", unknown, err)
		}
	}
	if _, _, err := b.PutFile(strings.NewReader("a graph"), 6); !errors.Is(err, storage.ErrTooLarge) {
		b.Errorf("a file that is too large: %v", err)
	}
	cut := errors.New("the line was cut")
	if _, _, err := b.PutFile(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(cut)), 100); !errors.Is(err, cut) {
		b.Errorf("a file that cannot be read: %v", err)
	}
	if report := b.verified(); report.Files != 1 || report.Incidents != 1 || report.Records != 2 {
		b.Errorf("the store holds %+v", report)
	}
}

// testErase wants the contents of a record gone from every answer, and the rest as it was.
func testErase(b *bench) {
	const secret = "the code of the door is 4711"
	id := b.opened("The lift stands still")
	_, err := b.Do(context.Background(), storage.Cause{Key: "cmd-1", Once: true, By: ann}, func(tx storage.Tx) (storage.Outcome, error) {
		return say("Noted: " + secret), tx.Append(id, incident.FieldSet{Field: incident.FieldTitle, Values: []string{secret}})
	})
	b.must(err)
	shared := b.kept(id, "shared")
	b.append(b.opened("The pump leaks"), incident.FileKept{Message: message, File: incident.File{ID: "f", Hash: shared}})
	only := b.kept(id, "only here")
	_, before := b.head(id)
	for _, seq := range []uint64{2, 3, 4, 4} {
		b.must(b.Erase(context.Background(), id, seq))
	}
	for range 2 {
		b.wantErased(id, secret)
		b.reopen()
	}
	if seq, after := b.head(id); seq != 4 || after != before {
		b.Errorf("erasing changed the head to record %d, %s", seq, after)
	}
	if _, err := b.contents(shared); err != nil {
		b.Errorf("a file that another record names: %v", err)
	}
	if _, err := b.contents(only); !errors.Is(err, storage.ErrNotFound) {
		b.Errorf("a file that no record names: %v", err)
	}
	if err := b.Erase(context.Background(), id, 9); !errors.Is(err, storage.ErrNotFound) {
		b.Errorf("erasing what is not there: %v", err)
	}
	b.append(id, incident.StatusSet{Text: "Climbing"})
	b.verified()
}

func (b *bench) head(id incident.ID) (seq uint64, hash incident.Hash) {
	b.Helper()
	b.read(func(r storage.Reader) {
		var err error
		seq, hash, err = r.Head(id)
		b.must(err)
	})
	return seq, hash
}

func (b *bench) wantErased(id incident.ID, secret string) {
	b.Helper()
	if title := b.incident(id).Title(); title != "The lift stands still" {
		b.Errorf("the title is %q", title)
	}
	if _, erased := b.log(id)[1].Event.(incident.Erased); !erased {
		b.Errorf("record 2 is %T", b.log(id)[1].Event)
	}
	b.read(func(r storage.Reader) {
		for s, err := range r.Incidents() {
			b.must(err)
			if s.Title == secret {
				b.Error("the list shows what was erased")
			}
		}
	})
	out, err := b.Do(context.Background(), storage.Cause{Key: "cmd-1", Once: true}, func(storage.Tx) (storage.Outcome, error) { return storage.Outcome{}, nil })
	b.must(err)
	if !out.Again || strings.Contains(out.Reply.Text.String(), secret) {
		b.Errorf("the command is answered again with %+v", out)
	}
}

// testBackup wants a copy that is a store by itself, as far as files can tell, and no other folder overwritten.
func testBackup(b *bench) {
	id := b.opened("The lift stands still", linked(room("roof", "")))
	hash := b.kept(id, "a graph")
	b.owe("a")
	dir := filepath.Join(b.TempDir(), "copy")
	b.must(b.Backup(context.Background(), dir))
	found := false
	b.must(filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		found = found || filepath.Base(path) == hash
		return err
	}))
	if !found {
		b.Error("the backup lacks the file")
	}
	if err := b.Backup(context.Background(), dir); err == nil {
		b.Error("a backup was written over another")
	}
	done, total := 0, 0
	report, err := b.Verify(context.Background(), func(d, t int) { done, total = d, t })
	b.must(err)
	if done != total || total == 0 || len(report.Problems) > 0 {
		b.Errorf("verified %d of %d: %v", done, total, report.Problems)
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if err := b.Backup(stopped, filepath.Join(b.TempDir(), "stopped")); !errors.Is(err, context.Canceled) {
		b.Errorf("a backup that was cancelled: %v", err)
	}
	if _, err := b.Verify(stopped, nil); !errors.Is(err, context.Canceled) {
		b.Errorf("a verification that was cancelled: %v", err)
	}
	if text, err := b.contents(hash); err != nil || !bytes.Equal([]byte(text), []byte("a graph")) {
		b.Errorf("after the backup the file holds %q: %v", text, err)
	}
}
