package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"boswell/chat/chattest"
	"boswell/incident"
	"boswell/storage"
)

// card is the newest message with menus in the room.
func (f *fight) card() chattest.Message {
	f.Helper()
	all := must(f.h.world.Messages(f.Context(), f.room))(f)
	for _, m := range slices.Backward(all) {
		if len(m.Menus) > 0 {
			return m
		}
	}
	f.Fatalf("none of the %d messages has menus", len(all))
	return chattest.Message{}
}

// pick picks an option of a card, of whatever age, and says what Ann is answered.
func (f *fight) pick(card chattest.Message, menu, option string) string {
	f.Helper()
	for _, m := range card.Menus {
		for _, o := range m.Options {
			if m.Label == menu && strings.HasPrefix(o.Label, option) {
				a := must(f.h.world.Press(f.Context(), f.ann.ID, card, o))(f)
				f.settle()
				return a.Text()
			}
		}
	}
	f.Fatalf("the card has no option %q of %q: %+v", option, menu, card.Menus)
	return ""
}

// What stands on the card is chosen there: the card follows, a delivery that comes twice and a second pick change nothing, and a
// card from before the end says that it is over.
func TestMenusOfTheCard(t *testing.T) {
	for _, twice := range []bool{false, true} {
		f := newFight(t, quick())
		f.h.world.Redeliver(twice)
		first := f.card()
		for _, step := range []struct{ menu, option, answer, card string }{
			{"Set the severity", "sev2", "sev2", "Severity: sev2"},
			{"Set the severity", "sev2", "is sev2 already", "Severity: sev2"},
			{"Set the status", "Cause identified", "Cause identified", "Status: open · Cause identified"},
			{"Set the status", "Mitigated", "is mitigated", "Status: mitigated · Cause identified"},
			{"Set the status", "Mitigated", "already", "Status: mitigated · Cause identified"},
			{"Take a role", "Scribe", "scribe", "Scribe: Ann Archer"},
			{"Set the status", "Resolved", "is resolved", "Status: resolved · Cause identified"},
		} {
			if got := f.pick(first, step.menu, step.option); !strings.Contains(got, step.answer) {
				t.Errorf("twice %v: picking %s is answered %q, want %q in it", twice, step.option, got, step.answer)
			}
			if got := f.card().Text(); !strings.Contains(got, step.card) {
				t.Errorf("twice %v: after picking %s the card says %q, want %q in it", twice, step.option, got, step.card)
			}
		}
		if labels := optionsOf(f.card()); strings.Contains(labels, "Mitigated") || strings.Contains(labels, "Resolved") {
			t.Errorf("the card of a resolved incident offers %q", labels)
		}
		if log := f.log(); strings.Count(log, "SeveritySet") != 1 || strings.Count(log, "Mitigated") != 1 || strings.Count(log, "RoleTaken") != 1 {
			t.Errorf("twice %v: the log is %s", twice, log)
		}
		f.typing("close")
		if got := f.pick(first, "Set the severity", "sev1"); !strings.Contains(got, "INC-1 is closed") {
			t.Errorf("twice %v: picking from an old card is answered %q", twice, got)
		}
		for _, m := range must(f.h.world.Messages(t.Context(), f.room))(t) {
			if len(m.Menus) > 0 {
				t.Errorf("twice %v: the card of a closed incident still has menus", twice)
			}
		}
	}
}

func optionsOf(m chattest.Message) string {
	var labels []string
	for _, menu := range m.Menus {
		for _, o := range menu.Options {
			labels = append(labels, o.Label)
		}
	}
	return strings.Join(labels, ", ")
}

// log is the kinds of event in the log of the first incident.
func (f *fight) log() string {
	f.Helper()
	return f.logOf(1)
}

func (f *fight) logOf(id incident.ID) string {
	f.Helper()
	var kinds []string
	check(f, f.h.store.View(f.Context(), func(r storage.Reader) error {
		for record, err := range r.Records(id, 1) {
			if err != nil {
				return err
			}
			kinds = append(kinds, fmt.Sprintf("%T", record.Event))
		}
		return nil
	}))
	return strings.Join(kinds, " ")
}
