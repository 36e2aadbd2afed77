package local

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"boswell/chat"
)

// emptyIsNil is what JSON cannot tell apart.
var emptyIsNil = cmpopts.EquateEmpty()

// kept opens a file with these bytes and says how many lines it kept. Verify says the same of it before, and leaves it alone.
func kept(t *testing.T, data []byte) (int, []byte, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "chat.jsonl")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	verified := Verify(filepath.Dir(path))
	if found, err := os.ReadFile(path); err != nil || !bytes.Equal(found, data) {
		t.Fatalf("Verify changed the file: %v", err)
	}
	n := 0
	j, err := openJournal(path, func(entry) error { n++; return nil })
	if (verified == nil) != (err == nil) || errors.Is(verified, ErrDamaged) != errors.Is(err, ErrDamaged) {
		t.Errorf("Verify says %v, and opening the file %v", verified, err)
	}
	if err != nil {
		return n, nil, err
	}
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return n, left, nil
}

// TestJournalTorn cuts a file at every byte: the whole lines before it stay, and the rest is cut off.
func TestJournalTorn(t *testing.T) {
	data := linesOf(t, oneOfEach()[:3]...)
	var ends []int
	for i, b := range data {
		if b == '\n' {
			ends = append(ends, i+1)
		}
	}
	for cut := range len(data) + 1 {
		whole := 0
		for whole < len(ends) && ends[whole] <= cut {
			whole++
		}
		n, left, err := kept(t, data[:cut])
		if err != nil || n != whole || whole > 0 && len(left) != ends[whole-1] || whole == 0 && len(left) != 0 {
			t.Fatalf("cut at %d of %d: %d lines and %d bytes are left, %v; want %d lines", cut, len(data), n, len(left), err, whole)
		}
	}
}

// grouped writes lines of which those from the second on were synced together.
func grouped(t *testing.T, groups ...uint64) [][]byte {
	t.Helper()
	var lines [][]byte
	for i, group := range groups {
		line, err := entry{seq: uint64(i + 1), group: group, at: time.Unix(0, 0).UTC(), thing: arrived{Handle: "ann"}}.line()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestJournalDamage(t *testing.T) {
	for name, c := range map[string]struct {
		groups  []uint64
		spoil   int // the line to spoil, from 0
		lines   int
		damaged bool
	}{
		"a torn group":                     {[]uint64{1, 2, 2, 2}, 2, 2, false},
		"a torn group from its first line": {[]uint64{1, 2, 2, 2}, 1, 1, false},
		"a line that was durable":          {[]uint64{1, 2, 2, 4}, 2, 2, true},
		"the first line":                   {[]uint64{1, 2}, 0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			lines := grouped(t, c.groups...)
			lines[c.spoil][40] ^= 1
			n, _, err := kept(t, slices.Concat(lines...))
			if n != c.lines || errors.Is(err, ErrDamaged) != c.damaged || !c.damaged && err != nil {
				t.Errorf("%d lines, %v; want %d, damaged %v", n, err, c.lines, c.damaged)
			}
		})
	}
}

func TestJournalMissingLine(t *testing.T) {
	lines := grouped(t, 1, 2, 3)
	if _, _, err := kept(t, slices.Concat(lines[0], lines[2])); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a file without its second line gives %v", err)
	}
}

func TestJournalNewerFormat(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "chat.jsonl"), linesOf(t, begun{Version: logVersion + 1}), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Open(Options{Platform: "chat", Folder: folder})
	if err == nil {
		t.Fatal(errors.Join(errors.New("a newer format was opened"), c.Close()))
	}
	if !strings.Contains(err.Error(), "format 2") {
		t.Errorf("the error is %v, want it to name the format", err)
	}
}

// A failing disk fails as it is told.
type failing struct {
	disk
	write, sync error
}

// WriteAt writes half of what it should before it fails, as a full disk does.
func (f *failing) WriteAt(p []byte, off int64) (int, error) {
	if f.write == nil {
		return f.disk.WriteAt(p, off)
	}
	n, err := f.disk.WriteAt(p[:len(p)/2], off)
	return n, errors.Join(f.write, err)
}

func (f *failing) Sync() error {
	if f.sync == nil {
		return f.disk.Sync()
	}
	return f.sync
}

// spoilt is a chat on a disk that can fail, with Ann in it.
func spoilt(t *testing.T) (*Chat, *failing, Options) {
	t.Helper()
	o := Options{Platform: "chat", Folder: t.TempDir()}
	c, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &failing{disk: c.journal.file}
	c.journal.file = f
	return c, f, o
}

// TestDiskFull: nothing is half done, people are told, and it works again once there is room.
func TestDiskFull(t *testing.T) {
	c, disk, _ := spoilt(t)
	if _, err := c.Arrive(t.Context(), Arrival{Handle: "ann"}); err != nil {
		t.Fatal(err)
	}
	disk.write = syscall.ENOSPC
	var p *Problem
	if _, err := c.Arrive(t.Context(), Arrival{Handle: "ben"}); !errors.As(err, &p) || !strings.Contains(p.Text, "disk is full") {
		t.Fatalf("a full disk gives %v", err)
	}
	if people, err := c.People(); err != nil || len(people) != 1 {
		t.Errorf("there are %v, %v; want Ann alone", people, err)
	}
	disk.write = nil
	ben, err := c.Arrive(t.Context(), Arrival{Handle: "ben"})
	if err != nil {
		t.Fatal(err)
	}
	fresh := newState("chat", "")
	if err := c.journal.replay(func(e entry) error { fresh.apply(e); return nil }); err != nil || fresh.people[ben.ID].Handle != "ben" {
		t.Errorf("the file holds %+v, %v; want both", fresh.people, err)
	}
}

// TestDiskBroken: when nobody knows what is on the disk, the chat gives up and says so.
func TestDiskBroken(t *testing.T) {
	c, disk, o := spoilt(t)
	ended := make(chan error, 1)
	go func() { ended <- c.Platform().Run(t.Context(), nothing) }()
	if err := c.Platform().Drained(t.Context()); err != nil {
		t.Fatal(err)
	}
	disk.sync = errors.New("the disk has gone")
	if _, err := c.Arrive(t.Context(), Arrival{Handle: "ann"}); !errors.Is(err, errBroken) {
		t.Fatalf("a broken disk gives %v", err)
	}
	if _, err := c.People(); !errors.Is(err, errBroken) {
		t.Errorf("reading gives %v, want that the chat is broken", err)
	}
	if err := <-ended; !errors.Is(err, errBroken) {
		t.Errorf("Run ended with %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	again, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// nothing is a bot that takes everything and says nothing.
func nothing(context.Context, chat.Inbound) (chat.Reply, error) { return chat.Reply{}, nil }
