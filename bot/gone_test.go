package bot

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/postmortem"
	"boswell/storage"
)

// wharf is a stage of several rooms, of which the bot may be removed.
type wharf struct {
	remembering
	lost map[chat.ChannelID]bool
}

func (w *wharf) FindRoom(_ context.Context, _ chat.Place, name string) (chat.Place, string, error) {
	return chat.Place{Platform: w.id, Channel: chat.ChannelID(strings.TrimPrefix(name, "#"))}, name, nil
}

func (w *wharf) History(ctx context.Context, room chat.Place, since time.Time, yield func(chat.Seen) error) (time.Time, error) {
	w.mu.Lock()
	lost := w.lost[room.Channel]
	w.mu.Unlock()
	if lost {
		return time.Time{}, chat.Final(errBusy, "I am not in that room.")
	}
	return w.remembering.History(ctx, room, since, yield)
}

func (w *wharf) lose(channel chat.ChannelID, lost bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lost[channel] = lost
}

func inRoom(channel chat.ChannelID, m chat.Meta) chat.Meta {
	m.Place.Channel = channel
	return m
}

// TestALostRoomIsOneGap removes the bot from a linked room ten minutes after noon, while people go on elsewhere and the
// connection is renewed every hour.
func TestALostRoomIsOneGap(t *testing.T) {
	for name, end := range map[string]struct {
		line string
		want []string
	}{
		"closed":  {"close", []string{"On 2026-03-01 Boswell could not read #db between 12:10 and 15:10: I was removed from the room."}},
		"goes on": {"join", []string{"Since 2026-03-01 at 12:10 Boswell cannot read #db: I was removed from the room."}},
	} {
		t.Run(name, func(t *testing.T) {
			w := &wharf{*newRemembering(), map[chat.ChannelID]bool{}}
			th := open(t, w)
			id := th.incident("one")
			th.says(w.stage, "link", "link #db")
			th.clock.Advance(10 * time.Minute)
			w.lose("db", true)
			th.hand(w.stage, chat.Gone{Meta: inRoom("db", meta("gone", ada, 10)), Why: "I was removed from the room"})
			for hour := range 3 {
				th.clock.Advance(time.Hour)
				th.hand(w.stage, said("m1", ada, 10+60*hour, "hm"), online(10+60*hour))
				if err := th.bot.heard.flush(t.Context(), th.bot); err != nil {
					t.Fatal(err)
				}
			}
			if got, want := th.covered("db"), at(10); !got.Equal(want) {
				t.Errorf("#db is covered until %v, want %v", got, want)
			}
			th.says(w.stage, "end", end.line)
			th.wantUnread(id, end.want...)
		})
	}
}

// TestARoomThatIsBackIsReadBack lets the bot into a room again from which it was removed.
func TestARoomThatIsBackIsReadBack(t *testing.T) {
	for _, c := range []struct {
		readable bool
		want     []string
	}{
		{true, nil},
		{false, []string{"On 2026-03-01 Boswell could not read #db between 12:10 and 12:40: I am not in that room."}},
	} {
		w := &wharf{*newRemembering(), map[chat.ChannelID]bool{}}
		th := open(t, w)
		id := th.incident("one")
		th.says(w.stage, "link", "link #db")
		th.clock.Advance(10 * time.Minute)
		th.hand(w.stage, chat.Gone{Meta: inRoom("db", meta("gone", ada, 10)), Why: "I was removed from the room"})
		th.clock.Advance(30 * time.Minute)
		w.lose("db", !c.readable)
		th.hand(w.stage, chat.Joined{Meta: inRoom("db", meta("back", chat.User{ID: "bot", Self: true}, 40))})
		th.wantUnread(id, c.want...)
	}
}

// TestWhatIsNotReadBackBeforeTheEndIsSaid closes an incident while the connection that is back did not give its rooms yet. The
// postmortem waits for that.
func TestWhatIsNotReadBackBeforeTheEndIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		room []chat.Seen
		want string
	}{
		"nothing was marked": {[]chat.Seen{seen("m1", 3, "chatter")}, ""},
		"something was": {[]chat.Seen{seen("m1", 3, "Restarted the worker", ada)},
			"On 2026-03-01 Boswell could not read #ops between 12:02 and 12:11: the incident ended before it was read back."},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRemembering()
			r.limits.Text = 1 << 20
			r.has(c.room...)
			th := open(t, r)
			id := th.incident("one")
			th.write(func(tx storage.Tx) error {
				return tx.SetCovered(incident.RoomID{Platform: "one", Channel: "ops"}, at(2))
			})
			var mended atomic.Bool
			r.obey = func(call call) error {
				if call.What == "history" && !mended.Load() {
					return chat.Temporary(errBusy, time.Minute)
				}
				return nil
			}
			th.clock.Advance(10 * time.Minute)
			th.hand(r.stage, online(10))
			th.clock.Advance(time.Minute)
			th.settle()
			th.says(r.stage, "close", "close")
			mended.Store(true)
			th.clock.Advance(time.Minute)
			th.settle()
			var want []string
			if c.want != "" {
				want = append(want, c.want)
			}
			th.wantUnread(id, want...)
			if got := exports(r.stage); len(got) != 1 || !strings.Contains(got[0], c.want) {
				t.Errorf("the room has the postmortems %q, want one that says what is missing", got)
			}
		})
	}
}

// wantUnread fails unless the postmortem says exactly this of what could not be read.
func (th *theatre) wantUnread(id incident.ID, want ...string) {
	th.t.Helper()
	th.look(id, func(in *incident.Incident) {
		if got := postmortem.From(in, func(incident.PersonID) string { return "Ada" }).Unread; !slices.Equal(got, want) {
			th.t.Errorf("the postmortem says %q, want %q", got, want)
		}
	})
}
