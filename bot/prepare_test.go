package bot

import (
	"context"
	"errors"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
)

// wellKnown is a stage that finds rooms and has commands of its own.
type wellKnown struct {
	*stage
	declared int
}

func (w *wellKnown) FindRoom(_ context.Context, _ chat.Place, name string) (chat.Place, string, error) {
	if name == "#nowhere" {
		return chat.Place{}, "", chat.Final(errors.New("404"), "no such room")
	}
	return chat.Place{Platform: w.id, Channel: "incidents"}, name, w.do(call{"find", "", name})
}

func (w *wellKnown) Register(_ context.Context, declared []chat.Command) error {
	w.declared = len(declared)
	return w.do(call{"register", "", ""})
}

// prepared is a bot on a platform that fails as obey says.
func prepared(t *testing.T, w *wellKnown, room string) (*theatre, *Bot, error) {
	t.Helper()
	th := open(t)
	b, err := New(th.gate, []chat.Platform{w}, th.clock, Options{Announce: AnnouncementRoom{"one", room}})
	if err != nil {
		t.Fatal(err)
	}
	return th, b, b.Prepare(t.Context())
}

func TestPrepareDeclaresCommandsAndFindsTheRoom(t *testing.T) {
	w := &wellKnown{stage: newStage("one")}
	_, b, err := prepared(t, w, "#incidents")
	if err != nil {
		t.Fatal(err)
	}
	if got := b.announceIn(); got.Channel != "incidents" {
		t.Errorf("it announces in %v", got)
	}
	if w.declared == 0 {
		t.Error("no commands were declared")
	}
}

func TestPrepareRefusesARoomThatIsNotThere(t *testing.T) {
	_, _, err := prepared(t, &wellKnown{stage: newStage("one")}, "#nowhere")
	if !errors.As(err, new(incident.Refusal)) {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestPrepareIsTriedAgain(t *testing.T) {
	w := &wellKnown{stage: newStage("one")}
	w.obey = func(call) error { return chat.Temporary(errBusy, 0) }
	th, b, err := prepared(t, w, "#incidents")
	if err != nil {
		t.Fatalf("a platform that does not answer keeps the bot from starting: %v", err)
	}
	w.mu.Lock()
	w.obey = nil
	w.mu.Unlock()
	done := make(chan error, 1)
	go func() { done <- b.runChores(t.Context()) }()
	for {
		th.clock.Advance(time.Second)
		select {
		case err := <-done:
			if err != nil || b.announceIn().Channel != "incidents" {
				t.Errorf("it ended with %v and announces in %v", err, b.announceIn())
			}
			return
		default:
		}
	}
}
