package localsim

import (
	"context"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/local"
)

// Look is what people see of a room besides its messages.
func (w *World) Look(_ context.Context, in chat.Place) (chattest.RoomLook, error) {
	r, err := w.chat.Room(local.Boswell, in)
	look := chattest.RoomLook{Name: r.Name, Topic: r.Topic, Archived: r.Archived, Bookmarks: map[string]string{}}
	for _, u := range r.Members {
		look.Members = append(look.Members, u.ID)
	}
	for _, b := range r.Bookmarks {
		look.Bookmarks[b.Title] = b.Link
	}
	return look, err
}

// Archive archives a room.
func (w *World) Archive(ctx context.Context, by chat.UserID, in chat.Place) error {
	return w.chat.Archive(ctx, by, in, false)
}

// Join lets a person enter a room.
func (w *World) Join(ctx context.Context, who chat.UserID, in chat.Place) error {
	return w.chat.Join(ctx, who, who, in)
}

// Leave lets a person leave a room.
func (w *World) Leave(ctx context.Context, who chat.UserID, in chat.Place) error {
	return w.chat.Leave(ctx, who, who, in)
}
