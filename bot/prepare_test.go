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

// TestPrepareRefusesWhatCanNeverWork: a platform that finds no rooms by name will not find this one later either.
func TestPrepareRefusesWhatCanNeverWork(t *testing.T) {
	th := open(t)
	b, err := New(th.gate, []chat.Platform{newStage("one")}, th.clock, Options{Announce: AnnouncementRoom{"one", "#incidents"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Prepare(t.Context()); !errors.As(err, new(incident.Refusal)) {
		t.Errorf("got %v, want a refusal", err)
	}
}

// TestPrepareIsTriedAgain: whatever fails on one platform, the bot starts for the sake of the others, tells of it, and does it
// when it can be done.
func TestPrepareIsTriedAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		told string
	}{
		"no answer":     {chat.Temporary(errBusy, 0), "could not declare the commands: " + errBusy.Error()},
		"token revoked": {chat.Final(errors.New("invalid_auth"), "The token is no good."), "could not declare the commands: The token is no good."},
	} {
		t.Run(name, func(t *testing.T) {
			w := &wellKnown{stage: newStage("one")}
			w.obey = func(call) error { return tt.err }
			th, b, err := prepared(t, w, "#incidents")
			if err != nil {
				t.Fatalf("it keeps the bot from starting: %v", err)
			}
			if s := b.Health()["one"]; s.Lost || s.Trouble != tt.told {
				t.Errorf("the health tells %+v, want %q", s, tt.told)
			}
			w.mu.Lock()
			w.obey = nil
			w.mu.Unlock()
			th.finishChores(t, b)
		})
	}
}

// TestAnnouncementRoomThatIsNotThereYet: it is told that it is not there, and used once somebody has made it.
func TestAnnouncementRoomThatIsNotThereYet(t *testing.T) {
	w := &wellKnown{stage: newStage("one")}
	w.obey = func(c call) error {
		if c.What != "find" {
			return nil
		}
		return chat.Final(errors.New("404"), "There is no such room.")
	}
	th, b, err := prepared(t, w, "#incidents")
	if err != nil {
		t.Fatalf("it keeps the bot from starting: %v", err)
	}
	const told = "could not find the announcement room #incidents: There is no such room."
	if s := b.Health()["one"]; s.Lost || s.Trouble != told {
		t.Errorf("the health tells %+v, want %q", s, told)
	}
	w.mu.Lock()
	w.obey = nil
	w.mu.Unlock()
	th.finishChores(t, b)
}

// finishChores lets time pass until all that Prepare left is done.
func (th *theatre) finishChores(t *testing.T, b *Bot) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- b.runChores(t.Context()) }()
	for {
		th.clock.Advance(time.Second)
		select {
		case err := <-done:
			if err != nil || b.announceIn().Channel != "incidents" || b.Health()["one"] != (Standing{}) {
				t.Errorf("it ended with %v, announces in %v and tells %+v", err, b.announceIn(), b.Health()["one"])
			}
			return
		default:
		}
	}
}
