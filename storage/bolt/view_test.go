package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"boswell/incident"
	"boswell/storage"
)

// TestViewHoldsNobodyUp keeps a view open while the file grows to many times its size.
func TestViewHoldsNobodyUp(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	id := opened(t, s, "open")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := s.View(ctx, func(r storage.Reader) error {
		for i := range 100 {
			_, err := s.Do(ctx, storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
				return storage.Outcome{}, tx.Append(id, incident.StatusSet{Text: fmt.Sprint(i, strings.Repeat("x", 400<<10))})
			})
			if err != nil {
				return err
			}
		}
		in, err := r.Incident(id)
		if err == nil && in.Head != 1 {
			err = fmt.Errorf("the view sees record %d, written after it began", in.Head)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if status := statusOf(t, s, id); !strings.HasPrefix(status, "99x") {
		t.Errorf("the status is %.10q", status)
	}
}

// TestReaderEndsWithItsView uses a reader and a transaction after their time.
func TestReaderEndsWithItsView(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	id := opened(t, s, "open")
	var r storage.Reader
	var tx storage.Tx
	if err := s.View(context.Background(), func(x storage.Reader) error { r = x; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Do(context.Background(), storage.Cause{}, func(x storage.Tx) (storage.Outcome, error) { tx = x; return storage.Outcome{}, nil }); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]storage.Reader{"view": r, "transaction": tx} {
		_, incidentErr := r.Incident(id)
		_, _, headErr := r.Head(id)
		errs := []error{incidentErr, headErr}
		for _, err := range r.Incidents() {
			errs = append(errs, err)
		}
		for _, err := range r.Records(id, 1) {
			errs = append(errs, err)
		}
		for _, err := range r.Owed(0) {
			errs = append(errs, err)
		}
		if len(errs) != 5 {
			t.Errorf("%s: %d answers, want 5", name, len(errs))
		}
		for _, err := range errs {
			if !errors.Is(err, errOver) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, inRoom := r.InRoom(incident.RoomID{})
		_, person := r.Person("p")
		_, value := r.Value("v")
		for range r.Scheduled() {
			t.Errorf("%s: something is due", name)
		}
		for range r.People() {
			t.Errorf("%s: somebody is known", name)
		}
		if inRoom || person || value || len(r.LiveRooms()) > 0 || !r.Covered(incident.RoomID{}).IsZero() {
			t.Errorf("%s: something is there", name)
		}
	}
	_, createErr := tx.Create(incident.Opened{})
	_, oweErr := tx.Owe(storage.Owed{Key: "k", Effect: pin})
	for i, err := range []error{createErr, oweErr, tx.Append(id, incident.Closed{}), tx.Settle(1), tx.PutPerson(storage.Person{ID: "p"}),
		tx.SetCovered(incident.RoomID{}, time.Now()), tx.PutValue("v", nil, time.Now()), tx.Schedule(storage.Due{Key: "k"}), tx.Unschedule("k")} {
		if !errors.Is(err, errOver) {
			t.Errorf("write %d: %v", i, err)
		}
	}
}

// TestDamageFailsTheReader has a value that cannot be read where a method has no error to say so.
func TestDamageFailsTheReader(t *testing.T) {
	dir, _ := furnished(t)
	tamper(t, dir, func(get func(bucket) *bbolt.Bucket) error {
		return errors.Join(get(inPeople).Put([]byte("ann"), []byte("{")), get(inDue).Put([]byte("\xff"), []byte("{")))
	})
	s := openStore(t, dir, Options{})
	for name, ask := range map[string]func(storage.Reader){
		"person":    func(r storage.Reader) { r.Person("ann") },
		"people":    func(r storage.Reader) { r.People()(func(storage.Person) bool { return true }) },
		"scheduled": func(r storage.Reader) { r.Scheduled()(func(storage.Due) bool { return true }) },
	} {
		if err := s.View(context.Background(), func(r storage.Reader) error { ask(r); return nil }); !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("a view of %s: %v", name, err)
		}
		before := s.Stats().Commits
		_, err := s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
			ask(tx)
			return storage.Outcome{}, tx.Append(1, incident.Closed{})
		})
		if !errors.Is(err, storage.ErrDamaged) || s.Stats().Commits != before {
			t.Errorf("a transaction with %s: %v", name, err)
		}
	}
}

// TestBackupIsAStore takes backups while others write, and opens them.
func TestBackupIsAStore(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	id := opened(t, s, "open")
	hash, _, err := s.PutFile(strings.NewReader("a graph"), 100)
	if err != nil {
		t.Fatal(err)
	}
	command(t, s, "keep", id, incident.FileKept{File: incident.File{ID: "f", Hash: hash}})
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				if err := setStatus(s, id, fmt.Sprint(i)); err != nil {
					t.Error(err)
					return
				}
			}
		}
	}()
	for i := range 5 {
		dir := filepath.Join(t.TempDir(), fmt.Sprint(i))
		if err := s.Backup(context.Background(), dir); err != nil {
			t.Fatal(err)
		}
		copied := openStore(t, dir, Options{})
		wantWhole(t, copied)
		if f, err := copied.OpenFile(hash); err != nil {
			t.Error(err)
		} else {
			f.Close()
		}
	}
	close(stop)
	<-stopped
}

// TestBackupWithoutAFile wants a backup that is whole but for the file that is lost, and an error that names it.
func TestBackupWithoutAFile(t *testing.T) {
	dir, hash := furnished(t)
	s := openStore(t, dir, Options{})
	if err := s.cabinet.remove(hash); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	if err := s.Backup(context.Background(), copied); !errors.Is(err, storage.ErrNotFound) || !strings.Contains(err.Error(), hash) {
		t.Errorf("a backup without a file: %v", err)
	}
	if found := problems(t, copied); len(found) != 1 || !strings.Contains(found[0], hash) {
		t.Errorf("the copy has the problems %q", found)
	}
}
