package commands_test

import (
	"context"
	"errors"
	"fmt"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// deliver does what is owed, in its order, as a platform with all abilities would.
func (h *house) deliver() error {
	made := map[chat.EffectID]chat.Target{}
	_, err := h.store.Do(context.Background(), storage.Cause{Key: "deliver"}, func(tx storage.Tx) (storage.Outcome, error) {
		for o, err := range tx.Owed(0) {
			if err != nil {
				return storage.Outcome{}, err
			}
			if err := h.do(tx, o, made); err != nil {
				return storage.Outcome{}, err
			}
		}
		return storage.Outcome{}, nil
	})
	return err
}

func (h *house) do(tx storage.Tx, o storage.Owed, made map[chat.EffectID]chat.Target) error {
	to := target(o.Effect)
	if to.Of != 0 {
		to = made[to.Of]
	}
	room := string(to.Place.Channel) + string(to.Ref.Channel)
	h.sent = append(h.sent, sending{room, o.Effect})
	in, err := tx.Incident(o.Incident)
	if err != nil {
		return err
	}
	var events []incident.Event
	switch e := o.Effect.(type) {
	case chat.MakeRoom:
		made[o.ID] = chat.Target{Place: place(e.Room.Name)}
		events, err = in.Link(incident.Room{RoomID: roomID(e.Room.Name), Name: "#" + e.Room.Name, Home: true, Made: true})
	case chat.Upload, chat.Archive:
		h.posts++
		made[o.ID] = chat.Target{Ref: chat.Ref{Platform: platform, Channel: chat.ChannelID(room), Message: chat.MessageID(fmt.Sprint("m", h.posts))}}
	case chat.Post:
		h.posts++
		ref := chat.Ref{Platform: platform, Channel: to.Place.Channel, Message: chat.MessageID(fmt.Sprint("m", h.posts))}
		made[o.ID] = chat.Target{Ref: ref}
		if e.Card {
			events = in.ShowCard(incident.MessageRef{Platform: platform, Channel: room, Message: string(ref.Message)})
		}
	}
	return errors.Join(err, tx.Append(o.Incident, events...), tx.Settle(o.ID))
}

func target(e chat.Effect) chat.Target {
	switch e := e.(type) {
	case chat.Post:
		return e.To
	case chat.Edit:
		return e.On
	case chat.Pin:
		return e.On
	case chat.Invite:
		return e.To
	case chat.SetTopic:
		return e.To
	case chat.Bookmark:
		return e.To
	case chat.Archive:
		return e.To
	case chat.Upload:
		return e.To
	case chat.CatchUp:
		return chat.Target{Place: e.Room}
	case chat.MakeRoom:
		return chat.Target{Place: e.Room.Near}
	default:
		return chat.Target{}
	}
}
