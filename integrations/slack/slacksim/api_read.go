package slacksim

import (
	"slices"
	"strings"
	"time"
)

var histories = []string{"channels:history", "groups:history", "im:history"}

var readMethods = map[string]method{
	"conversations.history": {scopes: histories, needs: []need{{"channel", "channel_not_found"}}, do: (*Sim).history},
	"conversations.replies": {scopes: histories, needs: []need{{"channel", "channel_not_found"}, {"ts", "thread_not_found"}}, do: (*Sim).repliesOf},
}

// window is the stretch of time that a call asks for.
type window struct {
	oldest, latest string
	inclusive      bool
}

func windowOf(c *call) window {
	return window{oldest: c.text("oldest"), latest: c.text("latest"), inclusive: c.yes("inclusive")}
}

// before compares time stamps: as numbers, whatever their length.
func before(a, b string) bool { return key(a) < key(b) }

func key(ts string) string {
	whole, part, _ := strings.Cut(ts, ".")
	return strings.Repeat("0", max(0, 12-len(whole))) + whole + "." + (part + "000000")[:6]
}

func (w window) holds(ts string) bool {
	if w.inclusive && (ts == w.oldest || ts == w.latest) {
		return true
	}
	return (w.oldest == "" || before(w.oldest, ts)) && (w.latest == "" || before(ts, w.latest))
}

// shownFor is how long a workspace without a paid plan shows messages.
const shownFor = 90 * 24 * time.Hour

// history shows the messages of a channel, newest first, and no replies but those that were also sent to the channel.
func (s *Sim) history(c *call) (object, error) {
	ch, err := s.readable(c.text("channel"))
	if err != nil {
		return nil, err
	}
	w := windowOf(c)
	hidden := stampOf(s.now().Add(-shownFor))
	limited := false
	var all []object
	for _, m := range slices.Backward(ch.messages) {
		switch {
		case m.thread != "" && !m.broadcast || !w.holds(m.ts):
		case s.o.FreePlan && before(m.ts, hidden):
			limited = true
		case ch.shadow(m):
			all = append(all, s.tombstone(ch, m))
		case !m.deleted:
			all = append(all, s.readObject(ch, m, c))
		}
	}
	page, next, err := paged(c, all, 100, 999)
	answer := object{"messages": page, "has_more": next != "", "pin_count": 0, "response_metadata": object{"next_cursor": next}}
	if limited {
		answer["is_limited"] = true
	}
	return answer, err
}

// repliesOf shows a thread, oldest first, beginning with its first message whatever the window. The thread may be named by
// any message in it.
func (s *Sim) repliesOf(c *call) (object, error) {
	ch, err := s.readable(c.text("channel"))
	if err != nil {
		return nil, err
	}
	named := ch.byTS[c.text("ts")]
	if named == nil || named.deleted && !ch.shadow(named) {
		return nil, refuse("thread_not_found")
	}
	parent := named
	if named.thread != "" {
		parent = ch.byTS[named.thread]
	}
	w := windowOf(c)
	all := []object{s.readObject(ch, parent, c)}
	if parent.deleted {
		all[0] = s.tombstone(ch, parent)
	}
	for _, m := range ch.replies(parent.ts) {
		if w.holds(m.ts) {
			all = append(all, s.readObject(ch, m, c))
		}
	}
	page, next, err := paged(c, all, 1000, 1000)
	return object{"messages": page, "has_more": next != "", "response_metadata": object{"next_cursor": next}}, err
}

// usersShown is how many people history names for one reaction.
const usersShown = 25

// readObject is a message as history shows it.
func (s *Sim) readObject(ch *channel, m *message, c *call) object {
	o := s.messageObject(ch, m)
	if c.yes("include_all_metadata") && m.metadata != nil && s.may("metadata.message:read") {
		o["metadata"] = m.metadata
	}
	reactions, _ := o["reactions"].([]object)
	for _, r := range reactions {
		if users := r["users"].([]string); len(users) > usersShown {
			r["users"] = users[:usersShown]
		}
	}
	return o
}
