package rocketchat_test

import (
	"strings"
	"testing"

	"boswell/chat"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestDiscussionOfPeople: a discussion that people begin about a message is a room of its own, with a name that people read,
// and what is said there and taken back there is heard.
func TestDiscussionOfPeople(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	about := d.say("the queue is full")
	place, err := d.w.Discuss(d.ann, about, "why is the queue full?")
	d.must(err)
	d.idle()
	said, err := d.w.Say(d.ctx, d.ann, place, "the consumer died")
	d.must(err)
	d.must(d.w.React(d.ctx, d.ann, said, "📌", true))
	d.must(d.w.Delete(d.ctx, d.ann, said))
	d.idle()
	tag := delivered[chat.Reacted](d, 1)
	gone := delivered[chat.Unsaid](d, 1)
	if tag.On != said || tag.Place.Room() != place || gone.Ref != said {
		t.Errorf("in the discussion %+v the bot heard %+v and %+v", place, tag, gone)
	}
	for _, m := range received[chat.Said](d) {
		if m.Ref == said && (!strings.Contains(m.Room, "why is the queue full?") || m.Place != place) {
			t.Errorf("the message is at %+v in %q, want the discussion by its title", m.Place, m.Room)
		}
	}
}
