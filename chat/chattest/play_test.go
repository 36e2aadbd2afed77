package chattest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/local/localsim"
)

// A clerk is a bot that writes down what it hears, and exports just that.
type clerk struct {
	p chat.Platform

	mu    sync.Mutex
	heard []string
	n     int
}

func (c *clerk) Settle(context.Context) error { return nil }

func (c *clerk) handle(ctx context.Context, in chat.Inbound) (chat.Reply, error) {
	switch in := in.(type) {
	case chat.Said:
		kind := "said"
		if !in.Edited.IsZero() {
			kind = "edited"
		}
		if !in.From.Self {
			c.note(in.Meta, "%s %q", kind, in.Text)
		}
	case chat.Unsaid:
		c.note(in.Meta, "unsaid")
	case chat.Reacted:
		c.note(in.Meta, "%s removed %v", in.Emoji, in.Removed)
	case chat.Invoked:
		return c.ask(ctx, in)
	}
	return chat.Reply{}, nil
}

func (c *clerk) note(m chat.Meta, format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = append(c.heard, m.From.Display()+": "+fmt.Sprintf(format, args...))
}

func (c *clerk) ask(ctx context.Context, in chat.Invoked) (chat.Reply, error) {
	c.note(in.Meta, "asked %q on %v", in.Line, in.On != nil)
	style, export := strings.CutPrefix(in.Line, "export ")
	if !export {
		return chat.Reply{Message: chat.Message{Text: chat.Say("Done.")}}, nil
	}
	if style != "sre" {
		return chat.Reply{Message: chat.Message{Text: chat.Say("There are sre and json.")}}, nil
	}
	c.mu.Lock()
	c.n++
	key := fmt.Sprint("export ", c.n)
	c.mu.Unlock()
	_, err := c.p.(chat.Uploader).Upload(ctx, key, in.Place, chat.Upload{Name: "p.md", Style: style}, strings.NewReader(key), int64(len(key)))
	return chat.Reply{}, err
}

// bakeryStage is a World with a clerk at work.
func bakeryStage(t *testing.T) (*localsim.World, *clerk, *chattest.Replay) {
	t.Helper()
	r, err := chattest.ReadReplay(strings.NewReader(bakery(t)))
	if err != nil {
		t.Fatal(err)
	}
	w, err := localsim.Open(filepath.Join(t.TempDir(), "chat"), "chat", chattest.NewClock(r.Steps[0].At))
	if err != nil {
		t.Fatal(err)
	}
	c := &clerk{p: w.Platform()}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Platform().Run(ctx, c.handle) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-done, w.Close()); err != nil {
			t.Error(err)
		}
	})
	return w, c, r
}

var bakeryHeard = []string{
	`ovenwatch: said "[FIRING] oven 2 is cold"`,
	`Mila: said "I look at it, *now*"`,
	`Mila: asked "start Oven 2 is cold" on false`,
	`Jon: 📌 removed false`,
	`Jon: 👀 removed false`,
	`Jon: 👀 removed true`,
	`Rosa: said "no rolls tday?"`,
	`Rosa: edited "no rolls today?"`,
	`Jon: said "fuse is out"`,
	`Jon: edited "The fuse is out."`,
	`Jon: said "wrong window"`,
	`Jon: unsaid`,
	`Mila: said "The log:"`,
	`Mila: asked "cause root from:message" on true`,
	`Mila: asked "export sre" on false`,
}

// TestPlay: every step is done by its person at its time, the bot hears all but what it is not there for, and exports are
// taken from the room.
func TestPlay(t *testing.T) {
	w, c, r := bakeryStage(t)
	var steps []int
	result, err := chattest.Play(t.Context(), w, c, r, chattest.Options{Export: []string{"sre", "house"},
		OnStep: func(done, total int) { steps = append(steps, done*100+total) }})
	if err != nil {
		t.Fatal(err)
	}
	want := append(slices.Clone(bakeryHeard), `Mila: asked "export sre" on false`, `Mila: asked "export house" on false`)
	if !slices.Equal(c.heard, want) {
		t.Errorf("the bot heard\n%s\nwant\n%s", strings.Join(c.heard, "\n"), strings.Join(want, "\n"))
	}
	if len(steps) != 16 || steps[0] != 116 || steps[15] != 1616 {
		t.Errorf("progress was %v", steps)
	}
	if f := result.Exports["sre"]; string(f.Contents) != "export 2" || f.Name != "p.md" {
		t.Errorf("the export is %+v, want the newest file", f)
	}
	if result.Refused["house"] != "There are sre and json." || len(result.Exports) != 1 {
		t.Errorf("refused: %q, exported: %v", result.Refused, result.Exports)
	}
	if len(result.Answers) != 3 || result.Answers[0].Answer.Text() != "Done." || result.Answers[0].Step != 2 {
		t.Errorf("the answers are %+v", result.Answers)
	}
	messages, err := w.Messages(t.Context(), result.Rooms["#ovens"])
	if err != nil {
		t.Fatal(err)
	}
	if messages[1].Ref != result.Messages["m2"] || !slices.Equal(messages[1].Reactions["📌"], []chat.UserID{result.People["Jon"]}) {
		t.Errorf("people see %+v, want the pin of Jon", messages[1])
	}
	if now := w.Clock().Now(); !now.Equal(r.Steps[15].At) {
		t.Errorf("the clock shows %v", now)
	}
}

// TestPlayBadly: twice is twice, shuffled is in another order, and what happens while the bot is cut off it never hears.
func TestPlayBadly(t *testing.T) {
	t.Run("twice", func(t *testing.T) {
		w, c, r := bakeryStage(t)
		if _, err := chattest.Play(t.Context(), w, c, r, chattest.Options{Twice: true}); err != nil {
			t.Fatal(err)
		}
		if len(c.heard) != 2*len(bakeryHeard) {
			t.Errorf("the bot heard %d things, want %d", len(c.heard), 2*len(bakeryHeard))
		}
	})
	t.Run("shuffled", func(t *testing.T) {
		w, c, r := bakeryStage(t)
		if _, err := chattest.Play(t.Context(), w, c, r, chattest.Options{Shuffle: rand.New(rand.NewPCG(1, 2))}); err != nil {
			t.Fatal(err)
		}
		if slices.Equal(c.heard, bakeryHeard) {
			t.Error("the bot heard everything in order")
		}
		first := slices.Index(c.heard, bakeryHeard[2])
		slices.Sort(c.heard[3:13])
		want := slices.Clone(bakeryHeard)
		slices.Sort(want[3:13])
		if first != 2 || !slices.Equal(c.heard[3:], want[3:]) {
			t.Errorf("the bot heard %q; want the same, between the same commands", c.heard)
		}
	})
	t.Run("cut off", func(t *testing.T) {
		w, c, r := bakeryStage(t)
		between := func(ctx context.Context, step int) error {
			switch step {
			case 3:
				return w.Cut(ctx)
			case 14:
				return w.Mend(ctx)
			}
			return nil
		}
		if _, err := chattest.Play(t.Context(), w, c, r, chattest.Options{Between: between}); err != nil {
			t.Fatal(err)
		}
		if want := append(slices.Clone(bakeryHeard[:3]), bakeryHeard[13:]...); !slices.Equal(c.heard, want) {
			t.Errorf("the bot heard %q, want %q", c.heard, want)
		}
	})
}

// bare is a World without anything besides.
type bare struct{ chattest.World }

// TestPlayFails: what cannot be played is an error that says which step and why.
func TestPlayFails(t *testing.T) {
	stop := errors.New("enough")
	for name, c := range map[string]struct {
		bare bool
		o    chattest.Options
		want string
	}{
		"twice":   {true, chattest.Options{Twice: true}, "cannot deliver twice"},
		"shuffle": {true, chattest.Options{Shuffle: rand.New(rand.NewPCG(1, 2))}, "cannot shuffle"},
		"bridge":  {true, chattest.Options{}, "step 7 (message of Rosa at 2026-02-03 06:04:00): this chattest_test.bare has no bridge"},
		"between": {false, chattest.Options{Between: func(context.Context, int) error { return stop }}, "step 1 (alert of ovenwatch at 2026-02-03 06:00:00): enough"},
	} {
		t.Run(name, func(t *testing.T) {
			w, bot, r := bakeryStage(t)
			world := chattest.World(w)
			if c.bare {
				world = bare{w}
			}
			if _, err := chattest.Play(t.Context(), world, bot, r, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %q in it", err, c.want)
			}
		})
	}
}
