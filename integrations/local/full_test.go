package local_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/incident"
	"boswell/integrations/local"
	"boswell/storage"
)

// diskSize is that of the file systems that are filled. The largest step in which anything grows is far below it.
const diskSize = "8m"

// diskFull is the beginning of what people read when there is no room.
const diskFull = "The disk is full"

// A tightHouse is a house whose store and whose chat have a small disk each, with Ann in the room of an incident.
type tightHouse struct {
	*house
	t    *testing.T
	ctx  context.Context
	ann  chat.UserID
	room chat.Place
	// failed hears of each delivery that the bot could not handle.
	failed failures
}

// failures are told by the bot's log.
type failures chan struct{}

func (f failures) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("could not handle a delivery")) {
		select {
		case f <- struct{}{}:
		default:
		}
	}
	return len(line), nil
}

func newTightHouse(t *testing.T) *tightHouse {
	t.Helper()
	failed := make(failures)
	clock := chattest.NewClock(time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC))
	h := &tightHouse{t: t, failed: failed, house: &house{folder: t.TempDir(), sync: true, clock: clock, log: zerolog.New(failed)}}
	h.mount(h.folder)
	h.must(os.Mkdir(h.chatDisk(), 0o700))
	h.mount(h.chatDisk())
	h.must(h.open())
	t.Cleanup(func() { h.must(errors.Join(h.stop(), h.world.Close())) })
	var cancel context.CancelFunc
	h.ctx, cancel = context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	ann, err := h.world.AddPerson(h.ctx, chattest.Person{Handle: "ann"})
	h.must(err)
	h.ann = ann.ID
	h.room, err = h.world.AddRoom(h.ctx, chattest.Room{Name: "ops", Members: []chat.UserID{h.ann}})
	h.must(err)
	h.want("start Checkout answers with 502", "INC-1")
	return h
}

func (h *tightHouse) chatDisk() string { return filepath.Join(h.folder, "chat") }

// mount needs root, as CI is.
func (h *tightHouse) mount(dir string) {
	h.t.Helper()
	if os.Geteuid() != 0 {
		h.t.Skip("only root may mount a small file system")
	}
	if err := mountSmall(dir, diskSize); err != nil {
		if os.Getenv("CI") == "true" {
			h.t.Fatal(err)
		}
		h.t.Skip("a small file system cannot be mounted: ", err)
	}
	h.t.Cleanup(func() { h.must(unmount(dir)) })
}

func (h *tightHouse) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// fill takes all the room that is left on a disk and returns what gives it back.
func (h *tightHouse) fill(disk string) (empty func()) {
	h.t.Helper()
	ballast := filepath.Join(disk, "ballast")
	f, err := os.Create(ballast)
	h.must(err)
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if h.must(f.Close()); !errors.Is(err, syscall.ENOSPC) {
		h.t.Fatal(err)
	}
	return func() { h.must(os.Remove(ballast)) }
}

// ask types a command and gives the answer.
func (h *tightHouse) ask(line string) string {
	h.t.Helper()
	answer, err := h.world.Type(h.ctx, h.ann, h.room, line, nil)
	h.must(err)
	return answer.Text()
}

func (h *tightHouse) want(line, answer string) {
	h.t.Helper()
	if got := h.ask(line); !strings.Contains(got, answer) {
		h.t.Fatalf("%s is answered %q, want %q", line, got, answer)
	}
}

func (h *tightHouse) settle() {
	h.t.Helper()
	h.must(chattest.Settle(h.ctx, h.world, h))
}

// whole wants the store to find nothing wrong, and the timeline to be this long.
func (h *tightHouse) whole(entries int) (texts []string) {
	h.t.Helper()
	report, err := h.store.Verify(h.ctx, nil)
	h.must(err)
	for _, p := range report.Problems {
		h.t.Error(p)
	}
	h.must(h.store.View(h.ctx, func(r storage.Reader) error {
		in, err := r.Incident(1)
		if err != nil {
			return err
		}
		for _, e := range in.Timeline() {
			texts = append(texts, e.Text)
		}
		return nil
	}))
	if len(texts) != entries {
		h.t.Errorf("the timeline has %d entries, want %d", len(texts), entries)
	}
	return texts
}

// TestFullDiskOfTheStore: whoever gives a command is told, nothing is half written, a tag that could not be kept is taken
// later, and all works again once there is room.
func TestFullDiskOfTheStore(t *testing.T) {
	h := newTightHouse(t)
	long := strings.Repeat("The queue is full. ", 300)
	tagged, err := h.world.Attach(h.ctx, h.ann, h.room, "The graph: "+long, chattest.File{Name: "graph.txt", Contents: []byte("9 9 9")})
	h.must(err)
	h.settle()
	empty := h.fill(h.folder)
	notes := 0
	for ; ; notes++ {
		answer := h.ask("note " + long)
		if strings.HasPrefix(answer, diskFull) {
			if !strings.Contains(answer, "Nothing was changed") {
				t.Errorf("the answer is %q", answer)
			}
			break
		}
		if notes == 1000 {
			t.Fatal("the disk takes everything")
		}
	}
	h.whole(notes)
	if _, _, err := h.store.PutFile(bytes.NewReader(make([]byte, 1<<20)), 2<<20); !errors.Is(err, storage.ErrFull) {
		t.Errorf("a file without room: %v", err)
	}
	left, err := os.ReadDir(filepath.Join(h.folder, "files"))
	if h.must(err); len(left) > 0 {
		t.Errorf("of a file without room %v is left", left)
	}
	h.must(h.world.React(h.ctx, h.ann, tagged, "📌", true))
	select {
	case <-h.failed:
	case <-h.ctx.Done():
		t.Error("the bot took a tag without room")
	}
	empty()
	h.want("note There is room again", "Noted as")
	h.settle()
	texts := h.whole(notes + 2)
	if !strings.Contains(strings.Join(texts, "\n"), "The graph: ") {
		t.Error("the tag that was set without room is lost")
	}
	h.wantKept(tagged, "graph.txt")
}

// wantKept wants the file of a tagged message to be kept.
func (h *tightHouse) wantKept(on chat.Ref, name string) {
	h.t.Helper()
	h.must(h.store.View(h.ctx, func(r storage.Reader) error {
		for record, err := range r.Records(1, 1) {
			if err != nil {
				return err
			}
			if e, ok := record.Event.(incident.FileKept); ok && e.Message.Message == string(on.Message) && e.File.Name == name && e.File.Hash != "" {
				return nil
			}
		}
		h.t.Errorf("%s is not kept", name)
		return nil
	}))
}

// TestFullDiskOfTheChat: nobody reads what was not kept, people are told, and what the bot owed arrives once there is room.
func TestFullDiskOfTheChat(t *testing.T) {
	h := newTightHouse(t)
	h.settle()
	before, err := h.world.Messages(h.ctx, h.room)
	h.must(err)
	empty := h.fill(h.chatDisk())
	said, long := 0, strings.Repeat("The queue is full. ", 30)
	for ; err == nil && said < 1000; said++ {
		_, err = h.world.Say(h.ctx, h.ann, h.room, long)
	}
	said--
	h.wantNoRoom(err)
	_, err = h.world.Attach(h.ctx, h.ann, h.room, "", chattest.File{Name: "core", Contents: make([]byte, 1<<20)})
	h.wantNoRoom(err)
	_, err = h.world.Type(h.ctx, h.ann, h.room, "note "+long, nil)
	h.wantNoRoom(err)
	h.owe(long)
	h.must(h.bot.Settle(h.ctx))
	empty()
	h.clock.Advance(time.Minute)
	h.want("note There is room again", "Noted as")
	h.settle()
	h.whole(1)
	after, err := h.world.Messages(h.ctx, h.room)
	h.must(err)
	if got := count(after, long) - count(before, long); got != said+1 {
		t.Errorf("people read %d of the %d messages that were kept and one that was owed", got, said)
	}
}

// wantNoRoom wants an error that tells a person what to do.
func (h *tightHouse) wantNoRoom(err error) {
	h.t.Helper()
	if p := (*local.Problem)(nil); !errors.As(err, &p) || !strings.HasPrefix(p.Text, diskFull) {
		h.t.Fatalf("without room: %v", err)
	}
}

// owe promises a post to the room.
func (h *tightHouse) owe(text string) {
	h.t.Helper()
	_, err := h.store.Do(h.ctx, storage.Cause{Key: "test"}, func(tx storage.Tx) (storage.Outcome, error) {
		_, err := tx.Owe(storage.Owed{Incident: 1, Key: "test", Lane: "test", Platform: h.room.Platform,
			Effect: chat.Post{To: chat.Target{Place: h.room}, Message: chat.Message{Text: chat.Say(text)}}})
		return storage.Outcome{}, err
	})
	h.must(err)
}

func count(messages []chattest.Message, text string) (n int) {
	for _, m := range messages {
		if m.Text() == text {
			n++
		}
	}
	return n
}
