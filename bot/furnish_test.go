package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/chat"
	"boswell/storage"
)

// furnished is a stage whose rooms have topics, bookmarks, files and an end.
type furnished struct{ *stage }

func (f furnished) SetTopic(_ context.Context, to chat.Place, topic string) error {
	return f.do(call{"topic", string(to.Channel), topic})
}

func (f furnished) Bookmark(_ context.Context, to chat.Place, title, link string) error {
	return f.do(call{"bookmark", title, string(to.Channel) + " " + link})
}

func (f furnished) Archive(_ context.Context, to chat.Place, open bool) error {
	return f.do(call{"archive", "", fmt.Sprint(to.Channel, " ", open)})
}

func (f furnished) Link(r chat.Ref) string { return "https://chat.example/" + string(r.Message) }

func (f furnished) ParseLink(string) (chat.Ref, bool) { return chat.Ref{}, false }

func (f furnished) Upload(_ context.Context, key string, to chat.Place, u chat.Upload, contents io.Reader, _ int64) (chat.Ref, error) {
	text, err := io.ReadAll(contents)
	if err != nil {
		return chat.Ref{}, err
	}
	err = f.do(call{"upload", key, u.Name + " " + fmt.Sprint(len(text) > 0)})
	f.mu.Lock()
	defer f.mu.Unlock()
	ref := chat.Ref{Platform: f.id, Channel: to.Channel, Message: "file"}
	if err == nil || chat.AsFailure(err).InDoubt {
		f.posts[u.Name+string(text)] = ref
	}
	return ref, err
}

// knowing is one that can say whether a file was sent, by what is in it.
type knowing struct{ furnished }

func (k knowing) FindUpload(_ context.Context, _ string, _ chat.Place, u chat.Upload, contents io.Reader, _ int64, _ time.Time) (chat.Ref, bool, error) {
	text, err := io.ReadAll(contents)
	if err != nil {
		return chat.Ref{}, false, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	ref, ok := k.posts[u.Name+string(text)]
	return ref, ok, nil
}

func roomTarget(channel string) chat.Target {
	return chat.Target{Place: chat.Place{Platform: "one", Channel: chat.ChannelID(channel)}}
}

func topicIs(text string) chat.SetTopic {
	return chat.SetTopic{To: roomTarget("ops"), Topic: text, Steady: "steady " + text[:1]}
}

// TestTopicsCollapse: of the topics of one room that wait, the newest is set, once, and no attempt comes before the platform
// wants it.
func TestTopicsCollapse(t *testing.T) {
	s := furnished{newStage("one")}
	busy := true
	s.obey = func(c call) error {
		if busy && c.What == "topic" {
			return chat.Temporary(errBusy, 10*time.Minute)
		}
		return nil
	}
	th := open(t, s)
	th.owe("one", 0, "beside|ops", topicIs("a"), topicIs("b"), topicIs("c"))
	th.owe("one", 0, "ops", say("ops", "free"))
	th.settle()
	th.owe("one", 0, "beside|ops later", topicIs("other lane"))
	th.settle()
	th.clock.Advance(5 * time.Minute)
	th.settle()
	busy = false
	th.clock.Advance(5 * time.Minute)
	th.settle()
	counts := map[string]int{}
	for _, c := range s.said() {
		counts[c]++
	}
	want := map[string]int{"topic c": 2, "post free": 1, "topic other lane": 2}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
	if n := th.owed(); n != 0 {
		t.Errorf("%d effects are still owed", n)
	}
}

// TestTopicsWhereTheyChangeSlowly are those that seldom change.
func TestTopicsWhereTheyChangeSlowly(t *testing.T) {
	s := furnished{newStage("one")}
	s.limits.SteadyTopics = true
	th := open(t, s)
	th.owe("one", 0, "beside|ops", topicIs("all of it"))
	th.settle()
	if diff := cmp.Diff([]string{"topic steady a"}, s.said()); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
}

// TestALostTopicIsNoLineOfTheLog: people see that it is missing.
func TestALostTopicIsNoLineOfTheLog(t *testing.T) {
	s := furnished{newStage("one")}
	s.obey = func(c call) error {
		if c.What == "topic" {
			return chat.Final(errors.New("no"), "I may not set the topic.")
		}
		return nil
	}
	th := open(t, s)
	id := th.incident("one")
	before := len(th.log(id))
	th.owe("one", id, "beside|ops", topicIs("lost"))
	th.settle()
	if log := th.log(id); len(log) != before || th.owed() != 0 {
		t.Errorf("the log grew by %v, %d effects are owed", log[before:], th.owed())
	}
}

// TestBookmarkOfWhatWasSent leads to the message that the file became.
func TestBookmarkOfWhatWasSent(t *testing.T) {
	s := furnished{newStage("one")}
	s.limits.File = 1 << 20
	th := open(t, s)
	id := th.incident("one")
	th.write(func(tx storage.Tx) error {
		file, err := tx.Owe(storage.Owed{Incident: id, Key: "file", Lane: "ops", Platform: "one", Effect: chat.Upload{To: roomTarget("ops"), Name: "a.md", Style: "sre"}})
		if err != nil {
			return err
		}
		_, err = tx.Owe(storage.Owed{Incident: id, Key: "mark", Lane: "beside|ops", Platform: "one", Effect: chat.Bookmark{To: chat.Target{Of: file}, Title: "Postmortem"}})
		if err != nil {
			return err
		}
		last, err := tx.Owe(storage.Owed{Incident: id, Key: "last", Lane: "ops", Platform: "one", Effect: say("ops", "bye")})
		if err != nil {
			return err
		}
		_, err = tx.Owe(storage.Owed{Incident: id, Key: "end", Lane: "beside|ops", Platform: "one", Effect: chat.Archive{To: chat.Target{Of: last}}})
		return err
	})
	th.settle()
	said := s.said()
	if len(said) != 4 || said[3] != "archive ops false" || said[0] != "upload a.md true" {
		t.Errorf("the platform was called %q", said)
	}
	if !slices.Contains(said, "bookmark ops https://chat.example/file") {
		t.Errorf("the bookmark leads elsewhere: %q", said)
	}
}

// TestWhatWaitsForAnOpenRoom comes after the room was opened again.
func TestWhatWaitsForAnOpenRoom(t *testing.T) {
	s := furnished{newStage("one")}
	th := open(t, s)
	th.write(func(tx storage.Tx) error {
		opened, err := tx.Owe(storage.Owed{Key: "open", Lane: "ops", Platform: "one", Effect: chat.Archive{To: roomTarget("ops"), Open: true}})
		if err != nil {
			return err
		}
		_, err = tx.Owe(storage.Owed{Key: "topic", Lane: "beside|ops", Platform: "one", Effect: chat.SetTopic{To: chat.Target{Of: opened}, Topic: "on"}})
		return err
	})
	th.settle()
	if diff := cmp.Diff([]string{"archive ops true", "topic on"}, s.said()); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
}

// TestUploadInDoubtIsLookedUp by what is in the file, also by a bot that was started since.
func TestUploadInDoubtIsLookedUp(t *testing.T) {
	s := knowing{furnished{newStage("one")}}
	s.limits.File = 1 << 20
	s.obey = func(call) error { return chat.InDoubt(errors.New("no answer")) }
	th := open(t, s)
	id := th.incident("one")
	file := chat.Upload{To: roomTarget("ops"), Name: "a.md", Style: "sre"}
	th.owe("one", id, "ops", file)
	th.settle()
	th.end()
	th.clock.Advance(time.Minute)
	again := knowing{furnished{newStage("one")}}
	again.limits, again.posts = s.limits, s.posts
	th.start(again)
	th.settle()
	if n := len(s.said()) + len(again.said()); n != 1 || th.owed() != 0 {
		t.Errorf("sent %d times, %d effects are owed", n, th.owed())
	}
}
