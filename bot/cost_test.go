package bot

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"boswell/chat"
)

// atOnce is how many deliveries are under way at the same time.
const atOnce = 64

// longest is how long a test waits for what must come.
const longest = 30 * time.Second

// silence keeps the outbox from settling anything, and so from writing, until the function it returns is called.
func (s *stage) silence() (speak func()) {
	quiet := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.obey = func(call) error {
		<-quiet
		return nil
	}
	return sync.OnceFunc(func() { close(quiet) })
}

// handler is what the bot gave to the platform.
func (s *stage) handler() chat.Handler {
	h := <-s.h
	s.h <- h
	return h
}

// TestACaptureIsOneCommit counts what is made durable before a tag is acknowledged: the message costs nothing, the tag one
// commit, and tagging what is tagged nothing again.
func TestACaptureIsOneCommit(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	th.incident("one")
	th.settle()
	defer s.silence()()
	h := s.handler()
	for _, step := range []struct {
		name    string
		in      chat.Inbound
		commits uint64
	}{
		{"a message", said("m1", ada, 1, "The queue is full"), 0},
		{"a tag", pin("m1", brian, 2, false), 1},
		{"the same tag again", pin("m1", brian, 2, false), 0},
		{"an edit", edit("m1", ada, 3, "The queue is stuck"), 1},
	} {
		before := th.store.Stats().Commits
		if _, err := h(t.Context(), step.in); err != nil {
			t.Fatal(err)
		}
		if n := th.store.Stats().Commits - before; n != step.commits {
			t.Errorf("%s took %d commits before it was acknowledged, want %d", step.name, n, step.commits)
		}
	}
}

func edit(message string, by chat.User, minute int, text string) chat.Said {
	s := said(message, by, minute, text)
	s.Edited = at(minute)
	return s
}

// TestCapturesAtOnceReachTheStoreTogether wants no tag to wait for another before the store hears of it: what waits there
// together shares a commit.
func TestCapturesAtOnceReachTheStoreTogether(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	id := th.incident("one")
	th.settle()
	speak := s.silence()
	h := s.handler()
	for i := range atOnce {
		if _, err := h(t.Context(), said(fmt.Sprint("m", i), ada, i, "The queue is full")); err != nil {
			t.Fatal(err)
		}
	}
	release := th.gate.close()
	defer release()
	var all sync.WaitGroup
	for i := range atOnce {
		all.Go(func() {
			if _, err := h(context.Background(), pin(fmt.Sprint("m", i), brian, atOnce, false)); err != nil {
				t.Error(err)
			}
		})
	}
	for i := range atOnce {
		select {
		case <-th.gate.entered:
		case <-time.After(longest):
			t.Fatalf("%d of %d tags at once reached the store", i, atOnce)
		}
	}
	release()
	all.Wait()
	if n := len(th.timeline(id)); n != atOnce {
		t.Errorf("the timeline has %d entries, want %d", n, atOnce)
	}
	speak()
	th.settle()
}

// TestMessageOfNoConcernCostsNothing wants neither memory nor a commit for a message in a room without an incident: the bot
// hears all that is said.
func TestMessageOfNoConcernCostsNothing(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	th.incident("one")
	th.settle()
	elsewhere := said("m1", ada, 1, "Lunch?")
	elsewhere.Place.Channel, elsewhere.Ref.Channel = "random", "random"
	var in chat.Inbound = elsewhere
	h := s.handler()
	before := th.store.Stats()
	allocations := testing.AllocsPerRun(1000, func() {
		if _, err := h(context.Background(), in); err != nil {
			t.Error(err)
		}
	})
	if allocations > 0 {
		t.Errorf("it takes %.0f allocations", allocations)
	}
	if after := th.store.Stats(); after != before {
		t.Errorf("the store went from %+v to %+v", before, after)
	}
}
