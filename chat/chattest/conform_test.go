package chattest_test

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/local"
	"boswell/integrations/local/localsim"
)

// A judge is a *testing.T that only remembers which subtests fail.
type judge struct {
	t    *testing.T
	name string
	ctx  context.Context
	// hurried waits two seconds for what never comes.
	hurried bool

	mu      sync.Mutex
	failed  []string
	cleanup []func()
}

func (j *judge) Helper()                  {}
func (j *judge) Context() context.Context { return j.ctx }
func (j *judge) Cleanup(f func())         { j.cleanup = append(j.cleanup, f) }
func (j *judge) Skipf(string, ...any)     { runtime.Goexit() }

func (j *judge) Errorf(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.failed = append(j.failed, j.name+": "+fmt.Sprintf(format, args...))
}

func (j *judge) Fatalf(format string, args ...any) {
	j.Errorf(format, args...)
	runtime.Goexit()
}

// Run runs a subtest to its end.
func (j *judge) Run(name string, f func(*judge)) bool {
	ctx, cancel := context.WithCancel(j.ctx)
	if j.hurried {
		ctx, cancel = context.WithTimeout(j.ctx, 2*time.Second)
	}
	sub := &judge{t: j.t, name: name, ctx: ctx, cleanup: []func(){cancel}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for i := len(sub.cleanup) - 1; i >= 0; i-- {
				sub.cleanup[i]()
			}
		}()
		f(sub)
	}()
	<-done
	j.failed = append(j.failed, sub.failed...)
	return len(sub.failed) == 0
}

// A world is the built-in chat behind a platform that does one thing wrong. Its wire is not in between, so it does not
// misbehave otherwise.
type world struct {
	chattest.World
	chattest.Replier
	chattest.Confidant
	chattest.Submitter
	platform chat.Platform
}

func (w world) Platform() chat.Platform { return w.platform }

// full is what the built-in chat's platform is.
type full = *local.Platform

// The wrongs that a platform can do, each as others really did it.
type (
	neighbour  struct{ full } // fetches by time and gives what is next to it
	hasty      struct{ full } // acknowledges before the bot has taken it
	forgetful  struct{ full } // forgets keys
	loud       struct{ full } // whispers to everybody
	formatting struct{ full } // takes text for markup
	patient    struct{ full } // asks to try again what never fits
	backwards  struct{ full } // reads history newest first
	blurred    struct{ full } // knows no true time of edits
	eternal    struct{ full } // goes on when it should stop
	formless   struct{ full } // says that it has room for fields, and cannot show a form
	nameless   struct{ full } // names every delivery anew
)

func (p neighbour) Fetch(ctx context.Context, r chat.Ref) (chat.Seen, error) {
	var last chat.Seen
	_, err := p.History(ctx, chat.Place{Platform: r.Platform, Channel: r.Channel}, time.Time{}, func(s chat.Seen) error {
		last = s
		return nil
	})
	return last, err
}

func (p hasty) Run(ctx context.Context, h chat.Handler) error {
	return p.full.Run(ctx, func(ctx context.Context, in chat.Inbound) (chat.Reply, error) {
		if reply, err := h(ctx, in); err == nil {
			return reply, nil
		}
		return chat.Reply{}, nil
	})
}

func (p forgetful) Post(ctx context.Context, _ string, to chat.Place, m chat.Message) (chat.Ref, error) {
	return p.full.Post(ctx, "", to, m)
}

func (p loud) Whisper(ctx context.Context, to chat.Place, _ chat.UserID, m chat.Message) error {
	_, err := p.Post(ctx, "", to, m)
	return err
}

func (p formatting) Post(ctx context.Context, key string, to chat.Place, m chat.Message) (chat.Ref, error) {
	if text := m.Text.String(); strings.Contains(text, "@everyone") {
		m.Text = chat.Say(text).Mention(chat.User{ID: "everyone"})
	}
	return p.full.Post(ctx, key, to, m)
}

func (p patient) Post(ctx context.Context, key string, to chat.Place, m chat.Message) (chat.Ref, error) {
	ref, err := p.full.Post(ctx, key, to, m)
	if err != nil {
		err = chat.Temporary(err, time.Second)
	}
	return ref, err
}

func (p backwards) History(ctx context.Context, in chat.Place, since time.Time, yield func(chat.Seen) error) (time.Time, error) {
	var all []chat.Seen
	kept, err := p.full.History(ctx, in, since, func(s chat.Seen) error {
		all = append(all, s)
		return nil
	})
	for i := len(all) - 1; err == nil && i >= 0; i-- {
		err = yield(all[i])
	}
	return kept, err
}

func (p blurred) Run(ctx context.Context, h chat.Handler) error {
	return p.full.Run(ctx, func(ctx context.Context, in chat.Inbound) (chat.Reply, error) {
		if s, ok := in.(chat.Said); ok {
			s.Edited = time.Time{}
			in = s
		}
		return h(ctx, in)
	})
}

func (p eternal) Run(ctx context.Context, h chat.Handler) error {
	if err := p.full.Run(ctx, h); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}

// OpenForm with other arguments is no chat.FormOpener.
func (p formless) OpenForm() {}

func (p nameless) Run(ctx context.Context, h chat.Handler) error {
	var mu sync.Mutex
	n := 0
	return p.full.Run(ctx, func(ctx context.Context, in chat.Inbound) (chat.Reply, error) {
		if s, ok := in.(chat.Said); ok {
			mu.Lock()
			n++
			s.Delivery = chat.DeliveryID(fmt.Sprint(n))
			mu.Unlock()
			in = s
		}
		return h(ctx, in)
	})
}

// TestConformNotices: each wrong that a platform does is found by the check that is about it.
func TestConformNotices(t *testing.T) {
	for name, c := range map[string]struct {
		wrong func(full) chat.Platform
		check string
		hangs bool
	}{
		"nothing":    {func(p full) chat.Platform { return p }, "", false},
		"neighbour":  {func(p full) chat.Platform { return neighbour{p} }, "Thread", false},
		"hasty":      {func(p full) chat.Platform { return hasty{p} }, "NotTaken", true},
		"forgetful":  {func(p full) chat.Platform { return forgetful{p} }, "Key", false},
		"loud":       {func(p full) chat.Platform { return loud{p} }, "Whisper", false},
		"formatting": {func(p full) chat.Platform { return formatting{p} }, "Escaping", false},
		"patient":    {func(p full) chat.Platform { return patient{p} }, "TooLong", false},
		"backwards":  {func(p full) chat.Platform { return backwards{p} }, "History", false},
		"blurred":    {func(p full) chat.Platform { return blurred{p} }, "EditByPerson", true},
		"eternal":    {func(p full) chat.Platform { return eternal{p} }, "Limits", false},
		"formless":   {func(p full) chat.Platform { return formless{p} }, "Limits", false},
		"nameless":   {func(p full) chat.Platform { return nameless{p} }, "NotTaken", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := &judge{t: t, ctx: t.Context(), hurried: c.hangs}
			chattest.Conform(j, func(sub *judge) chattest.World { return wrongWorld(sub, c.wrong) })
			found := strings.Join(j.failed, "\n")
			if c.check == "" && found != "" {
				t.Errorf("nothing is wrong and it says:\n%s", found)
			}
			if c.check != "" && !strings.Contains("\n"+found, "\n"+c.check+": ") {
				t.Errorf("%s did not notice; it says:\n%s", c.check, found)
			}
		})
	}
}

func wrongWorld(j *judge, wrong func(full) chat.Platform) chattest.World {
	w, err := localsim.Open(filepath.Join(j.t.TempDir(), j.name), "chat", chattest.NewClock(noon.AddDate(-1, 0, 0)))
	if err != nil {
		j.Fatalf("%v", err)
	}
	j.Cleanup(func() {
		if err := w.Close(); err != nil {
			j.Errorf("%v", err)
		}
	})
	return world{World: w, Replier: w, Confidant: w, Submitter: w, platform: wrong(w.Chat().Platform())}
}
