package local_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/local"
)

// TestSubscribe: a page hears where something happened; what happens while it is busy arrives as one.
func TestSubscribe(t *testing.T) {
	p := newParty(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	other, err := p.CreateRoom(ctx, p.ann, local.Opening{Name: "other"})
	p.must(err)
	changes := p.Subscribe(ctx)
	ref := p.say("one")
	if c := <-changes; !slices.Equal(c.Rooms, []chat.ChannelID{p.room.Channel}) || c.Lists {
		t.Errorf("the change is %+v", c)
	}
	p.must(p.React(ctx, p.ben, ref, "📌", true))
	p.must(second(p.Say(ctx, local.Saying{By: p.ann, To: other, Text: "two"})))
	p.must(second(p.Arrive(ctx, local.Arrival{Handle: "zoe"})))
	var rooms []chat.ChannelID
	lists := false
	for n := 0; n < 3 && !(lists && len(rooms) == 2); n++ {
		c := <-changes
		lists = lists || c.Lists
		for _, id := range c.Rooms {
			if !slices.Contains(rooms, id) {
				rooms = append(rooms, id)
			}
		}
	}
	if !lists || len(rooms) != 2 {
		t.Errorf("the changes told of %v, lists %v", rooms, lists)
	}
	cancel()
	for range changes {
	}
}
