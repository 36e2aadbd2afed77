package chattest

import (
	"fmt"
	"slices"
	"time"

	"boswell/chat"
)

// checkReaction: a reaction is delivered with who set it, on what and when; taking it back likewise.
func checkReaction(s *scene) {
	ref := s.say("failing over now")
	s.w.Clock().Advance(time.Minute)
	s.must(s.w.React(s.ctx, s.ben.ID, ref, "📌", true))
	set := await(s, "the reaction", func(r chat.Reacted) bool { return r.On == ref && !r.Removed })
	s.checkReacted(set)
	if got := s.shown(s.room, ref).Reactions["📌"]; !slices.Equal(got, []chat.UserID{s.ben.ID}) {
		s.Errorf("people see 📌 of %v, want of Ben", got)
	}
	s.w.Clock().Advance(time.Minute)
	s.must(s.w.React(s.ctx, s.ben.ID, ref, "📌", false))
	removed := await(s, "the removal", func(r chat.Reacted) bool { return r.On == ref && r.Removed })
	s.checkReacted(removed)
	if got := s.shown(s.room, ref).Reactions["📌"]; len(got) > 0 {
		s.Errorf("people still see 📌 of %v", got)
	}
}

func (s *scene) checkReacted(r chat.Reacted) {
	s.Helper()
	if r.Emoji != "📌" || r.From.ID != s.ben.ID || r.Place.Room() != s.room {
		s.Errorf("the reaction is %+v, want 📌 of Ben in the room", r)
	}
	if !r.At.IsZero() && !r.At.Equal(s.w.Clock().Now()) {
		s.Errorf("the reaction is said to be of %v, want %v or nothing", r.At, s.w.Clock().Now())
	}
}

// checkReactionByBot: the bot's reaction is seen and can be taken back; doing either twice is no error.
func checkReactionByBot(s *scene) {
	reactor := ability[chat.Reactor](s, s.p)
	ref := s.say("noted?")
	for _, set := range []bool{true, true, false, false} {
		if err := reactor.React(s.ctx, ref, "✅", set); err != nil {
			s.Fatalf("set %v: %v", set, err)
		}
		if got := len(s.shown(s.room, ref).Reactions["✅"]); (got == 1) != set {
			s.Errorf("after set %v people see %d ✅", set, got)
		}
	}
	s.idle()
	for _, r := range received(s, func(r chat.Reacted) bool { return r.On == ref }) {
		if !r.From.Self {
			s.Errorf("the bot hears of its own reaction as %+v, want Self", r)
		}
	}
}

// checkPin: a pin is delivered, and taking it back.
func checkPin(s *scene) {
	pinner := ability[Pinner](s, s.w)
	ref := s.say("the runbook is on page 3")
	for _, set := range []bool{true, false, true} {
		s.w.Clock().Advance(time.Minute)
		s.must(pinner.Pin(s.ctx, s.ben.ID, ref, set))
		if s.shown(s.room, ref).Pinned != set {
			s.Errorf("people do not see the pin as %v", set)
		}
	}
	pins := awaitAll(s, "the second pin", 2, func(p chat.Pinned) bool { return p.On == ref && !p.Removed })
	await(s, "the removal", func(p chat.Pinned) bool { return p.On == ref && p.Removed })
	if pins[0].Place.Room() != s.room || pins[0].From.ID != "" && pins[0].From.ID != s.ben.ID {
		s.Errorf("the pin is %+v, want it in the room, of Ben or of nobody known", pins[0])
	}
	if pins[0].Delivery == pins[1].Delivery {
		s.Errorf("two pins are both the delivery %q", pins[0].Delivery)
	}
}

// checkPinByBot: the bot's pin is seen and can be taken back; doing either twice is no error.
func checkPinByBot(s *scene) {
	pinner := ability[chat.Pinner](s, s.p)
	ref := s.post("card", chat.Message{Text: chat.Say("the card")})
	for _, set := range []bool{true, true, false, false} {
		if err := pinner.Pin(s.ctx, ref, set); err != nil {
			s.Fatalf("set %v: %v", set, err)
		}
		if s.shown(s.room, ref).Pinned != set {
			s.Errorf("people do not see the pin as %v", set)
		}
	}
}

// checkHistory: everything that is in a room is read back, oldest first, with its tags.
func checkHistory(s *scene) {
	historian := ability[chat.Historian](s, s.p)
	want := s.longTalk()
	pinned := s.say("pinned")
	want = append(want, pinned)
	if pinner, ok := s.w.(Pinner); ok {
		s.must(pinner.Pin(s.ctx, s.ben.ID, pinned, true))
	}
	s.must(s.w.React(s.ctx, s.ben.ID, want[0], "📌", true))
	s.must(s.w.React(s.ctx, s.ann.ID, want[0], "📌", true))
	s.must(s.w.React(s.ctx, s.ann.ID, want[0], "👀", true))
	gone := s.say("gone")
	s.must(s.w.Delete(s.ctx, s.ann.ID, gone))

	seen := s.history(historian, dawn)
	s.checkOldestFirst(seen, want)
	first, last := seen[0], seen[len(seen)-1]
	got := map[string]int{}
	for _, r := range first.Reactions {
		got[r.Emoji+" "+string(r.From.ID)]++
	}
	for _, key := range []string{"📌 " + string(s.ben.ID), "📌 " + string(s.ann.ID), "👀 " + string(s.ann.ID)} {
		if got[key] != 1 || len(got) != 3 {
			s.Errorf("the reactions read back are %v, want 📌 of both and 👀 of Ann, each once", first.Reactions)
		}
	}
	if _, pins := s.w.(Pinner); last.Pinned != pins || first.Pinned {
		s.Errorf("pins read back are %v and %v, want them on the last message alone", first.Pinned, last.Pinned)
	}
}

// longTalk is a thread between more messages than one page of any platform holds.
func (s *scene) longTalk() []chat.Ref {
	s.Helper()
	want := []chat.Ref{s.say("first")}
	if replier, ok := s.w.(Replier); ok {
		s.w.Clock().Advance(time.Minute)
		ref, err := replier.Reply(s.ctx, s.ben.ID, want[0], "an answer")
		s.must(err)
		want = append(want, ref)
	}
	for i := range 120 {
		want = append(want, s.say(fmt.Sprintf("line %d", i)))
	}
	return want
}

// history reads the room back since a moment.
func (s *scene) history(h chat.Historian, since time.Time) []chat.Seen {
	s.Helper()
	var seen []chat.Seen
	_, err := h.History(s.ctx, s.room, since, func(m chat.Seen) error {
		seen = append(seen, m)
		return nil
	})
	s.must(err)
	return seen
}

// checkOldestFirst holds what was read back against what was said.
func (s *scene) checkOldestFirst(seen []chat.Seen, want []chat.Ref) {
	s.Helper()
	if len(seen) != len(want) {
		s.Fatalf("%d messages were read back, want %d", len(seen), len(want))
	}
	for i, m := range seen {
		if m.Said.Ref != want[i] {
			s.Fatalf("message %d read back is %+v, want %v", i, m.Said, want[i])
		}
		if m.Said.From.ID == "" || m.Said.At.IsZero() || m.Said.Place.Room() != s.room {
			s.Errorf("message %d read back is %+v, want author, time and place", i, m.Said)
		}
	}
}

// checkHistorySince: what was said before is not read back, and an error of the reader ends the reading.
func checkHistorySince(s *scene) {
	historian := ability[chat.Historian](s, s.p)
	s.say("before")
	s.w.Clock().Advance(time.Hour)
	since := s.w.Clock().Now()
	want := []chat.Ref{s.say("after"), s.say("later")}
	s.checkOldestFirst(s.history(historian, since), want)

	stop := fmt.Errorf("enough")
	n := 0
	_, err := historian.History(s.ctx, s.room, since, func(chat.Seen) error {
		n++
		return stop
	})
	if err == nil || n != 1 {
		s.Errorf("an error of the reader gave %v after %d messages, want it at once", err, n)
	}
}
