package bot

import (
	"strconv"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

func owePost(tx storage.Tx, id incident.ID, key string, to chat.Place, m chat.Message) error {
	_, err := tx.Owe(storage.Owed{Incident: id, Key: key + "/post/" + storage.LaneOf(to), Platform: to.Platform, Lane: storage.LaneOf(to),
		Effect: chat.Post{To: chat.Target{Place: to}, Message: m}})
	return err
}

// oweReaction promises the ✅ that says a message is in, or takes it back. Reactions of one message keep their order in a
// lane of their own, so that they wait for no post.
func oweReaction(tx storage.Tx, id incident.ID, ref chat.Ref, set bool) error {
	seq, _, err := tx.Head(id)
	if err != nil {
		return err
	}
	key := id.String() + "/seen/" + strconv.FormatUint(seq, 10)
	_, err = tx.Owe(storage.Owed{Incident: id, Key: key, Platform: ref.Platform,
		Lane:   "react|" + string(ref.Platform) + "|" + string(ref.Channel) + "|" + string(ref.Message),
		Effect: chat.React{On: ref, Emoji: seenEmoji, Removed: !set}})
	return err
}

// seenEmoji says that a message was taken into the incident.
const seenEmoji = "✅"

// oweReading promises what the log still needs to know of a tagged message: its text, or its files.
func oweReading(tx storage.Tx, in *incident.Incident, ref chat.Ref) error {
	text, files := in.Wants(messageOf(ref))
	if text {
		if err := oweLookUp(tx, in.ID, ref); err != nil {
			return err
		}
	}
	for _, f := range files {
		e := chat.Keep{Message: ref, File: chat.File{ID: f.ID, Name: f.Name, Type: f.Type, Language: f.Language, Size: f.Size, Link: f.Link}}
		if err := oweRead(tx, in.ID, ref, "keep/"+f.ID, e); err != nil {
			return err
		}
	}
	return nil
}

// oweLookUp promises to read a message, once as long as that is owed.
func oweLookUp(tx storage.Tx, id incident.ID, ref chat.Ref) error {
	return oweRead(tx, id, ref, "look-up", chat.LookUp{Message: ref})
}

// oweRead promises to read something of a message. What is read of one message is read one after the other.
func oweRead(tx storage.Tx, id incident.ID, ref chat.Ref, what string, e chat.Effect) error {
	of := id.String() + "/" + string(ref.Platform) + "/" + string(ref.Channel) + "/" + string(ref.Message)
	_, err := tx.Owe(storage.Owed{Incident: id, Platform: ref.Platform, Key: of + "/" + what, Lane: "read|" + of, Effect: e})
	return err
}

func oweCatchUp(tx storage.Tx, id incident.ID, key string, room chat.Place, unread time.Time) error {
	_, err := tx.Owe(storage.Owed{Incident: id, Key: key, Platform: room.Platform, Lane: storage.CatchUpLane(room),
		Effect: chat.CatchUp{Room: room, Unread: unread}})
	return err
}
