package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"boswell/incident"
	"boswell/storage"
)

const secret = "the code of the door is 4711"

// withSecret is a store whose file holds a secret in several places, some of them unused by now.
func withSecret(t *testing.T, dir string) *Store {
	t.Helper()
	s := openStore(t, dir, Options{})
	id := opened(t, s, "open")
	command(t, s, "secret", id, incident.FieldSet{Field: incident.FieldTitle, Values: []string{secret}})
	command(t, s, "large", id, incident.StatusSet{Text: secret + strings.Repeat("x", 10000)})
	for i := range 20 {
		command(t, s, fmt.Sprintf("later-%d", i), id, incident.StatusSet{Text: "Climbing"})
	}
	return s
}

func holdsSecret(t *testing.T, dir string) bool {
	t.Helper()
	contents, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(contents, []byte(secret))
}

func TestEraseLeavesNoBytes(t *testing.T) {
	dir := t.TempDir()
	s := withSecret(t, dir)
	if !holdsSecret(t, dir) {
		t.Fatal("the secret is not in the file in the first place")
	}
	for _, seq := range []uint64{2, 3} {
		if err := s.Erase(context.Background(), 1, seq); err != nil {
			t.Fatal(err)
		}
	}
	if holdsSecret(t, dir) {
		t.Error("the file still holds what was erased")
	}
	wantWhole(t, s)
	command(t, s, "after", 1, incident.StatusSet{Text: "On the roof"})
	wantWhole(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := openStore(t, dir, Options{})
	wantWhole(t, again)
	if status := statusOf(t, again, 1); status != "On the roof" {
		t.Errorf("the status is %q", status)
	}
}

// TestEraseWaitsForViews has a view look at the state before: its pages are left alone until it ends.
func TestEraseWaitsForViews(t *testing.T) {
	dir := t.TempDir()
	s := withSecret(t, dir)
	stopped, stop := context.WithCancel(context.Background())
	erased := make(chan error, 1)
	err := s.View(context.Background(), func(r storage.Reader) error {
		go func() { erased <- s.Erase(stopped, 1, 2) }()
		waitForScrub(t, s)
		for record, err := range r.Records(1, 2) {
			if err != nil {
				return err
			}
			if _, ok := record.Event.(incident.FieldSet); !ok {
				return fmt.Errorf("a view that began before sees %v", record.Event)
			}
			break
		}
		if _, err := r.Incident(1); err != nil {
			return err
		}
		if title := titleOf(t, s); title == secret {
			return errors.New("a view that began later sees what an older one folded")
		}
		stop()
		if err := <-erased; !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "erase it again") {
			return fmt.Errorf("erase, given up: %w", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	release := make(chan struct{})
	viewing := make(chan struct{})
	go func() {
		err := s.View(context.Background(), func(storage.Reader) error { close(viewing); <-release; return nil })
		if err != nil {
			t.Error(err)
		}
	}()
	<-viewing
	go func() { erased <- s.Erase(context.Background(), 1, 3) }()
	waitForScrub(t, s)
	close(release)
	if err := errors.Join(<-erased, s.Erase(context.Background(), 1, 2)); err != nil {
		t.Fatal(err)
	}
	if holdsSecret(t, dir) {
		t.Error("the file still holds what was erased")
	}
	wantWhole(t, s)
}

// waitForScrub waits until an Erase waits for views to end.
func waitForScrub(t *testing.T, s *Store) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		s.views.mu.Lock()
		waiting := s.views.idle != nil
		s.views.mu.Unlock()
		if waiting {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody waits for the views to end")
		}
		runtime.Gosched()
	}
}

func titleOf(t *testing.T, s *Store) (title string) {
	t.Helper()
	err := s.View(context.Background(), func(r storage.Reader) error {
		in, err := r.Incident(1)
		if err == nil {
			title = in.Title()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return title
}

// TestErasedRoom erases the record that linked a room: the incident does not have it any more.
func TestErasedRoom(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	id := opened(t, s, "open")
	room := incident.RoomID{Platform: "lake", Channel: "roof"}
	command(t, s, "link", id, incident.RoomLinked{Room: incident.Room{RoomID: room}})
	if err := s.Erase(context.Background(), id, 2); err != nil {
		t.Fatal(err)
	}
	err := s.View(context.Background(), func(r storage.Reader) error {
		_, live := r.InRoom(room)
		_, last := r.LastInRoom(room)
		if live || last {
			return errors.New("the room is linked still")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	wantWhole(t, s)
}

// TestEraseSparesFreshFile has somebody keep the same contents again before an erased record's file goes.
func TestEraseSparesFreshFile(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	id := opened(t, s, "open")
	keep := func() string {
		hash, _, err := s.PutFile(strings.NewReader("a graph"), 100)
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	hash := keep()
	command(t, s, "keep", id, incident.FileKept{File: incident.File{ID: "f", Hash: hash}})
	keep()
	if err := s.Erase(context.Background(), id, 2); err != nil {
		t.Fatal(err)
	}
	command(t, s, "keep again", id, incident.FileKept{File: incident.File{ID: "f", Hash: hash}})
	wantWhole(t, s)
	if err := s.Erase(context.Background(), id, 3); err != nil {
		t.Fatal(err)
	}
	if _, err := s.OpenFile(hash); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the file is there still: %v", err)
	}
}
