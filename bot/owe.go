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
	base := in.ID.String() + "/" + string(ref.Platform) + "/" + string(ref.Channel) + "/" + string(ref.Message)
	o := storage.Owed{Incident: in.ID, Platform: ref.Platform, Lane: "read|" + base}
	if text {
		o.Key, o.Effect = base+"/look-up", chat.LookUp{Message: ref}
		if _, err := tx.Owe(o); err != nil {
			return err
		}
	}
	for _, f := range files {
		o.Key = base + "/keep/" + f.ID
		o.Effect = chat.Keep{Message: ref, File: chat.File{ID: f.ID, Name: f.Name, Type: f.Type, Language: f.Language, Size: f.Size, Link: f.Link}}
		if _, err := tx.Owe(o); err != nil {
			return err
		}
	}
	return nil
}

func oweCatchUp(tx storage.Tx, id incident.ID, key string, room chat.Place, unread time.Time) error {
	_, err := tx.Owe(storage.Owed{Incident: id, Key: key, Platform: room.Platform, Lane: storage.CatchUpLane(room),
		Effect: chat.CatchUp{Room: room, Unread: unread}})
	return err
}
