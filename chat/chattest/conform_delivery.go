package chattest

import (
	"errors"
	"sync/atomic"

	"boswell/chat"
)

// checkNotTaken: a delivery is acknowledged only when the bot has taken it; until then it comes again, with its name, and
// what follows in the room waits.
func checkNotTaken(s *scene) {
	var failures atomic.Int32
	s.in.Answering(func(in chat.Inbound) (chat.Reply, error) {
		if m, ok := in.(chat.Said); ok && m.Text == "stubborn" && failures.Add(1) <= 2 {
			return chat.Reply{}, errors.New("not now")
		}
		return chat.Reply{}, nil
	})
	first, second := s.say("stubborn"), s.say("meek")
	all := awaitAll(s, "the message", 3, func(m chat.Said) bool { return m.Ref == first })
	if all[0].Delivery != all[1].Delivery || all[1].Delivery != all[2].Delivery {
		s.Errorf("the same message came as %q, %q and %q", all[0].Delivery, all[1].Delivery, all[2].Delivery)
	}
	await(s, "the second message", func(m chat.Said) bool { return m.Ref == second })
	s.idle()
}

// checkRedelivery: a delivery that comes twice has one name.
func checkRedelivery(s *scene) {
	ability[Redeliverer](s, s.w).Redeliver(true)
	ref := s.say("twice")
	all := awaitAll(s, "the message", 2, func(m chat.Said) bool { return m.Ref == ref })
	if all[0].Delivery != all[1].Delivery || all[0].Text != all[1].Text {
		s.Errorf("the same message came as %+v and %+v", all[0], all[1])
	}
	s.must(s.w.React(s.ctx, s.ben.ID, ref, "📌", true))
	tags := awaitAll(s, "the reaction", 2, func(r chat.Reacted) bool { return r.On == ref })
	if tags[0].Delivery != tags[1].Delivery || tags[0].Delivery == all[0].Delivery {
		s.Errorf("the same reaction came as %q and %q, after the message %q", tags[0].Delivery, tags[1].Delivery, all[0].Delivery)
	}
}

// checkReconnect: after a cut the platform comes back by itself, says that it is online, and what it missed can be read.
func checkReconnect(s *scene) {
	cutter := ability[Cutter](s, s.w)
	s.say("before the cut")
	s.must(cutter.Cut(s.ctx))
	missed := s.say("while nobody listened")
	s.must(cutter.Mend(s.ctx))
	online := awaitAll[chat.Online](s, "the second Online", 2, nil)
	if online[0].Delivery == online[1].Delivery {
		s.Errorf("two connections are both the delivery %q", online[0].Delivery)
	}
	after := s.say("after the cut")
	await(s, "the message after the cut", func(m chat.Said) bool { return m.Ref == after })
	if h, ok := s.p.(chat.Historian); ok {
		seen := s.history(h, dawn)
		if len(seen) != 3 || seen[1].Said.Ref != missed {
			s.Errorf("read back: %+v, want what was missed between the others", seen)
		}
	}
}
