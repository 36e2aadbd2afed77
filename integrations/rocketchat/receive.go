package rocketchat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"boswell/chat"
)

// errUnreadable says that an event cannot be understood, now or later.
var errUnreadable = errors.New("not understood")

var participant = []byte(`"roomParticipant":`)

// foreign says that an event is of a room that the bot is not in: the server sends the messages of all rooms that anybody
// may read. It is found without reading the event. The mark stands behind the message, and no text can hold it: there its
// quotes would have backslashes.
func foreign(data []byte) bool {
	at := bytes.LastIndex(data, participant)
	return at >= 0 && bytes.HasPrefix(data[at+len(participant):], []byte("false"))
}

// stream takes an event from the socket into the lane of its room. done is called once, when it was dealt with.
func (r *running) stream(data []byte, done func()) {
	if foreign(data) {
		done()
		return
	}
	lane, job, err := r.open(data)
	if err != nil {
		r.p.log.Error().Err(err).Msg("could not read an event of Rocket.Chat's")
	}
	if job == nil {
		done()
		return
	}
	taken := r.p.lanes.Do(r.ctx, lane, func() {
		defer done()
		if r.ctx.Err() == nil {
			job()
		}
	})
	if !taken {
		done()
	}
}

// broke tells of a job that panicked; what came before and after it in its room is dealt with.
func (p *Platform) broke(lane string, fault any, stack []byte) {
	p.log.Error().Interface("panic", fault).Str("room", lane).Bytes("stack", stack).Msg("an event broke its handling")
}

// open reads an event, and finds what to do about it and in which lane; no job is nothing to do.
func (r *running) open(data []byte) (lane string, job func(), err error) {
	var f frame
	if err := json.Unmarshal(data, &f); err != nil {
		return "", nil, err
	}
	if len(f.Fields.Args) == 0 {
		return "", nil, nil
	}
	switch f.Collection {
	case streamMessages:
		return r.openMessage(f.Fields.Args)
	case streamRoom:
		id, event, _ := strings.Cut(f.Fields.Event, "/")
		return r.openDeletion(id, event, f.Fields.Args)
	case streamUser:
		_, event, _ := strings.Cut(f.Fields.Event, "/")
		return r.openRoom(event, f.Fields.Args)
	default:
		return "", nil, nil
	}
}

// openMessage reads as much of a message as tells whether the rest is worth reading. A message to the bot alone is of the
// server's own making.
func (r *running) openMessage(args []json.RawMessage) (string, func(), error) {
	var h heading
	var about struct {
		Participant *bool  `json:"roomParticipant"`
		Kind        string `json:"roomType"`
		Name        string `json:"roomName"`
	}
	if err := unmarshalAll(args, &h, &about); err != nil {
		return "", nil, err
	}
	if h.ID == "" || h.Room == "" {
		return "", nil, fmt.Errorf("%w: a message without an identifier or a room", errUnreadable)
	}
	if h.Private.v || about.Participant != nil && !*about.Participant || about.Participant == nil && !r.p.rooms.joined(h.Room) {
		return "", nil, nil
	}
	r.p.rooms.hear(room{ID: h.Room, Kind: about.Kind, Name: about.Name})
	return h.Room, func() { r.heard(h, args[0]) }, nil
}

// heard reads a message as it now stands, if it is worth it.
func (r *running) heard(h heading, data json.RawMessage) {
	if !r.p.concerns(h) {
		return
	}
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		r.p.log.Error().Err(err).Str("message", h.ID).Msg("could not read a message")
		return
	}
	r.message(&m)
}

// openDeletion reads that one message was deleted, or many.
func (r *running) openDeletion(id, event string, args []json.RawMessage) (string, func(), error) {
	switch event {
	case eventDeleted:
		var gone struct {
			ID string `json:"_id"`
		}
		if err := unmarshalAll(args, &gone); err != nil || gone.ID == "" {
			return "", nil, errors.Join(err, errUnreadable)
		}
		return id, func() { r.unsaid(id, gone.ID, time.Time{}) }, nil
	case eventDeletedMany:
		var many cleared
		if err := unmarshalAll(args, &many); err != nil {
			return "", nil, err
		}
		return id, func() { r.clear(id, many) }, nil
	default:
		return "", nil, nil
	}
}

// cleared is which messages of a room were deleted at once.
type cleared struct {
	IDs        []string `json:"ids"`
	Users      []string `json:"users"` // usernames; empty is everybody
	KeepPinned bool     `json:"excludePinned"`
	FilesOnly  bool     `json:"filesOnly"`
	Said       struct {
		After  moment `json:"$gt"`
		From   moment `json:"$gte"`
		Before moment `json:"$lt"`
		Until  moment `json:"$lte"`
	} `json:"ts"`
}

// clear takes many messages out: those that are named, else those that are known and fit, and those that the server says.
func (r *running) clear(id string, many cleared) {
	switch {
	case many.FilesOnly:
		return // the messages stay
	case len(many.IDs) > 0:
		for _, message := range many.IDs {
			r.unsaid(id, message, time.Time{})
		}
		return
	}
	for _, message := range r.p.memory.fitting(id, many) {
		r.unsaid(id, message, time.Time{})
	}
	if err := r.lookDeleted(r.ctx, id, r.p.o.Now().Add(-overlap)); err != nil {
		r.p.log.Warn().Err(err).Str("room", id).Msg("could not look what was deleted in a room")
	}
}

// unsaid takes a deleted message out. at is zero where the server did not tell.
func (r *running) unsaid(id, message string, at time.Time) {
	if r.p.memory.gone(id, message) {
		return
	}
	if _, taken := r.deliver(chat.Unsaid{Meta: r.meta(id, "gone/"+message, at), Ref: r.p.ref(id, message)}); taken {
		r.p.memory.forget(id, message)
	}
}

// lookDeleted asks what was deleted in a room since a moment.
func (r *running) lookDeleted(ctx context.Context, id string, since time.Time) error {
	for offset := 0; ; {
		var answer struct {
			Messages []struct {
				ID string `json:"_id"`
			} `json:"messages"`
			Total int `json:"total"`
		}
		query := url.Values{"roomId": {id}, "since": {stamp(since)}, "count": {"100"}, "offset": {strconv.Itoa(offset)}}
		if err := r.p.rest.get(ctx, "chat.getDeletedMessages", query, &answer); err != nil {
			return sorted("ask what was deleted", err)
		}
		for _, m := range answer.Messages {
			r.unsaid(id, m.ID, time.Time{})
		}
		offset += len(answer.Messages)
		if len(answer.Messages) == 0 || offset >= answer.Total {
			return nil
		}
	}
}

// stamp writes a time as the server reads it.
func stamp(t time.Time) string {
	if t.IsZero() || t.Unix() < 0 {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// meta is where something happened.
func (r *running) meta(id, delivery string, at time.Time) chat.Meta {
	known, _ := r.p.rooms.get(id)
	m := chat.Meta{Delivery: chat.DeliveryID(delivery), At: at, Place: r.p.place(id, ""), Direct: known.alone()}
	if name := known.shown(); name != "" && known.Kind != kindDirect {
		m.Room = "#" + name
	}
	return m
}
