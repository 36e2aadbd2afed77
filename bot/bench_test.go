package bot

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// BenchmarkTag is a message and its tag, from the platform to the disk, and what the store alone takes for the same records.
// Both have rooms of their own, and the platform is silent, so that nothing else is written.
func BenchmarkTag(b *testing.B) {
	for _, n := range []int{1, atOnce} {
		b.Run(fmt.Sprintf("handler/at-once=%d", n), func(b *testing.B) { benchmarkTag(b, n, handled) })
		b.Run(fmt.Sprintf("store/at-once=%d", n), func(b *testing.B) { benchmarkTag(b, n, stored) })
	}
}

// tagging tags the message i of a room.
type tagging func(th *theatre, h chat.Handler, id incident.ID, room chat.ChannelID, i int64) error

func handled(_ *theatre, h chat.Handler, _ incident.ID, room chat.ChannelID, i int64) error {
	text, tag := said(fmt.Sprint("m", i), ada, 1, "The queue is full"), pin(fmt.Sprint("m", i), brian, 2, false)
	text.Place.Channel, text.Ref.Channel, tag.Place.Channel, tag.On.Channel = room, room, room, room
	if _, err := h(context.Background(), text); err != nil {
		return err
	}
	_, err := h(context.Background(), tag)
	return err
}

func stored(th *theatre, _ chat.Handler, id incident.ID, room chat.ChannelID, i int64) error {
	ref := chat.Ref{Platform: "one", Channel: room, Message: chat.MessageID(fmt.Sprint("m", i))}
	entry := incident.EntryID(fmt.Sprint("e", i))
	_, err := th.store.Do(context.Background(), storage.Cause{Key: "one/pin", By: "p1"}, func(tx storage.Tx) (storage.Outcome, error) {
		err := tx.Append(id,
			incident.Tagged{Message: messageOf(ref), Tag: incident.TagTimeline, Way: wayOf("📌"), Tagger: "p1", At: at(2), Entry: entry},
			incident.MessageRead{Message: messageOf(ref), Content: incident.Content{Author: "p2", Said: at(1), Text: "The queue is full"}})
		if err != nil {
			return storage.Outcome{}, err
		}
		return storage.Outcome{Incident: id}, oweReaction(tx, id, ref, true)
	})
	return err
}

func benchmarkTag(b *testing.B, n int, tag tagging) {
	s := newStage("one")
	th := open(b, s)
	ids := make([]incident.ID, n)
	for i := range ids {
		ids[i] = th.incidentIn("one", fmt.Sprint("ops-", i))
	}
	th.settle()
	speak := s.silence()
	h := s.handler()
	before := th.store.Stats().Commits
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for caller := range n {
		all.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if err := tag(th, h, ids[caller], chat.ChannelID(fmt.Sprint("ops-", caller)), i); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tags/s")
	b.ReportMetric(float64(b.N)/float64(th.store.Stats().Commits-before), "tags/commit")
	speak()
}

// BenchmarkMessageOfNoConcern is what is said in a room without an incident.
func BenchmarkMessageOfNoConcern(b *testing.B) {
	s := newStage("one")
	th := open(b, s)
	th.settle()
	elsewhere := said("m1", ada, 1, "Lunch?")
	elsewhere.Place.Channel, elsewhere.Ref.Channel = "random", "random"
	var in chat.Inbound = elsewhere
	h := s.handler()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h(context.Background(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDeliver is one effect that falls due, to the last commit, beside others that were owed after it and are due later:
// each in a lane of its own, or all in one.
func BenchmarkDeliver(b *testing.B) {
	for _, c := range []struct {
		name   string
		beside int
		lane   func(i int) string
	}{
		{name: "beside=0"},
		{"beside=10000/lanes=10000", 10_000, func(i int) string { return fmt.Sprint("later/", i) }},
		{"beside=10000/lanes=1", 10_000, func(int) string { return "later" }},
	} {
		b.Run(c.name, func(b *testing.B) {
			th := open(b, newStage("one"))
			th.oweLater(b.N, func(i int) string { return fmt.Sprint("now/", i) }, func(i int) time.Duration { return time.Duration(i+1) * time.Second })
			th.oweLater(c.beside, c.lane, func(int) time.Duration { return 1000 * time.Hour })
			th.settle()
			b.ResetTimer()
			for range b.N {
				th.clock.Advance(time.Second)
				th.settle()
			}
		})
	}
}

// oweLater promises effects in lanes, each due after a time.
func (th *theatre) oweLater(n int, lane func(i int) string, after func(i int) time.Duration) {
	th.t.Helper()
	th.write(func(tx storage.Tx) error {
		for i := range n {
			due := tx.Now().Add(after(i))
			o := storage.Owed{Key: fmt.Sprint(lane(i), "/", i), Lane: lane(i), Platform: "one", Due: due, Effect: say("ops", "later")}
			if _, err := tx.Owe(o); err != nil {
				return err
			}
		}
		return nil
	})
}
