package local_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/local"
)

// A party is a chat with Ann, Ben and a room, and a bot that answers as a test wants.
type party struct {
	*local.Chat
	t    *testing.T
	o    local.Options
	ann  chat.UserID
	ben  chat.UserID
	room chat.Place
	stop func() // ends the bot

	mu      sync.Mutex
	heard   []chat.Inbound
	reply   func(chat.Inbound) (chat.Reply, error)
	arrived chan struct{} // closed when the bot hears the next thing
}

func newParty(t *testing.T) *party {
	t.Helper()
	p := &party{t: t, arrived: make(chan struct{}), o: local.Options{Platform: "chat", Folder: t.TempDir(), URL: "http://127.0.0.1:1"}}
	p.open()
	t.Cleanup(func() { p.close() })
	ctx := t.Context()
	ann, err := p.Arrive(ctx, local.Arrival{Handle: "ann", Name: "Ann Archer"})
	p.must(err)
	ben, err := p.Arrive(ctx, local.Arrival{Handle: "ben"})
	p.must(err)
	p.ann, p.ben = ann.ID, ben.ID
	p.room, err = p.CreateRoom(ctx, p.ann, local.Opening{Name: "Ops"})
	p.must(err)
	return p
}

func (p *party) open() {
	p.t.Helper()
	c, err := local.Open(p.o)
	p.must(err)
	p.Chat, p.stop = c, func() {}
}

func (p *party) close() {
	p.t.Helper()
	p.stop()
	p.must(p.Chat.Close())
}

// again closes the chat and opens it on what it kept.
func (p *party) again() {
	p.t.Helper()
	p.close()
	p.open()
}

// run lets the bot listen, until stop.
func (p *party) run() {
	p.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	platform := p.Platform()
	go func() { done <- platform.Run(ctx, p.hear) }()
	p.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			p.t.Errorf("the bot ended with %v", err)
		}
	})
}

func (p *party) hear(_ context.Context, in chat.Inbound) (chat.Reply, error) {
	p.mu.Lock()
	p.heard = append(p.heard, in)
	close(p.arrived)
	p.arrived = make(chan struct{})
	reply := p.reply
	p.mu.Unlock()
	if reply == nil {
		return chat.Reply{}, nil
	}
	return reply(in)
}

// replying sets how the bot answers.
func (p *party) replying(reply func(chat.Inbound) (chat.Reply, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reply = reply
}

// deliveries are what the bot has heard of one type.
func deliveries[T chat.Inbound](p *party) (found []T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, in := range p.heard {
		if t, ok := in.(T); ok {
			found = append(found, t)
		}
	}
	return found
}

// awaited waits until the bot has heard n things of one type.
func awaited[T chat.Inbound](p *party, n int) []T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 30*time.Second)
	defer cancel()
	for {
		p.mu.Lock()
		arrived := p.arrived
		p.mu.Unlock()
		if found := deliveries[T](p); len(found) >= n {
			return found
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			p.t.Fatalf("the bot did not hear %d times what was said", n)
		}
	}
}

// drained waits until the bot has taken everything.
func (p *party) drained() {
	p.t.Helper()
	p.must(p.Platform().Drained(p.t.Context()))
}

func (p *party) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// say lets Ann say something.
func (p *party) say(text string) chat.Ref {
	p.t.Helper()
	ref, err := p.Say(p.t.Context(), local.Saying{By: p.ann, To: p.room, Text: text})
	p.must(err)
	return ref
}

// texts are what a person reads in the room.
func (p *party) texts(by chat.UserID) (texts []string) {
	p.t.Helper()
	messages, err := p.Messages(by, p.room, local.Span{})
	p.must(err)
	for _, m := range messages {
		texts = append(texts, m.Content.Text.String())
	}
	return texts
}

// wantProblem holds that err is for people, and says what is expected.
func wantProblem(t *testing.T, err error, want string) {
	t.Helper()
	var p *local.Problem
	if !errors.As(err, &p) || !strings.Contains(p.Text, want) || !strings.HasSuffix(p.Text, ".") {
		t.Errorf("the error is %v, want a problem with %q in it", err, want)
	}
}

// answering replies to all that asks for an answer.
func answering(r chat.Reply) func(chat.Inbound) (chat.Reply, error) {
	return func(in chat.Inbound) (chat.Reply, error) {
		switch in.(type) {
		case chat.Invoked, chat.Pressed, chat.Submitted, chat.Shortcut:
			return r, nil
		default:
			return chat.Reply{}, nil
		}
	}
}

func words(text string) chat.Reply { return chat.Reply{Message: chat.Message{Text: chat.Say(text)}} }
