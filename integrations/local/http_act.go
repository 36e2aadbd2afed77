package local

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"boswell/chat"
)

// keyOf is what the page chose so that an action which is sent again is done once.
func keyOf(r *http.Request) string { return clip(r.FormValue("key"), maxName) }

func yes(r *http.Request, name string) bool { return r.FormValue(name) == "yes" }

// arrive makes a new person, and for the first one a room to begin in.
func (p *pages) arrive(ctx context.Context, _ chat.UserID, r *http.Request) (done, error) {
	name := strings.TrimSpace(r.FormValue("name"))
	u, err := p.chat.Arrive(ctx, Arrival{Key: keyOf(r), Handle: handleOf(name), Name: name})
	if err != nil {
		return done{}, err
	}
	room, err := p.somewhere(ctx, u.ID)
	return done{Person: string(u.ID), Room: string(room)}, err
}

// handleOf is a name as people type it after "@".
func handleOf(name string) string {
	letters := strings.Map(func(r rune) rune {
		if r == ' ' {
			return '.'
		}
		if !inHandle(r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
	return strings.Trim(letters, ".-_")
}

// firstRoom is the room of a chat that has none.
const firstRoom = "operations"

// somewhere is a room for a person to be in: the one where something was said last. If there is none, it is made.
func (p *pages) somewhere(ctx context.Context, by chat.UserID) (chat.ChannelID, error) {
	rooms, err := p.chat.Rooms(by)
	if err != nil {
		return "", err
	}
	rooms = slices.DeleteFunc(rooms, func(r Room) bool { return r.Archived })
	if len(rooms) > 0 {
		return slices.MaxFunc(rooms, func(a, b Room) int { return a.Last.Compare(b.Last) }).Place.Channel, nil
	}
	place, err := p.chat.CreateRoom(ctx, by, Opening{Key: "first", Name: firstRoom})
	return place.Channel, err
}

func (p *pages) createRoom(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	place, err := p.chat.CreateRoom(ctx, by, Opening{Key: keyOf(r), Name: r.FormValue("name"), Topic: r.FormValue("topic"), Private: yes(r, "private")})
	return done{Room: string(place.Channel)}, err
}

func (p *pages) direct(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	place, err := p.chat.Direct(ctx, by, chat.UserID(r.FormValue("with")))
	return done{Room: string(place.Channel)}, err
}

func (p *pages) join(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	who := by
	if other := r.FormValue("who"); other != "" {
		who = chat.UserID(other)
	}
	return done{}, p.chat.Join(ctx, by, who, p.place(r))
}

func (p *pages) leave(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	return done{}, p.chat.Leave(ctx, by, by, p.place(r))
}

func (p *pages) archive(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	return done{}, p.chat.Archive(ctx, by, p.place(r), yes(r, "open"))
}

// say posts a message, or gives the command that it is and waits for the answer.
func (p *pages) say(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	to, uploads := p.place(r), r.MultipartForm.File["files"]
	to.Thread = chat.ThreadID(r.FormValue("thread"))
	if line, ok := slashed(r.FormValue("text")); ok && len(uploads) == 0 {
		return told(p.chat.Type(ctx, Typing{Key: keyOf(r), By: by, To: to, Line: line, On: p.about(r)}))
	}
	files, err := uploaded(uploads)
	if err != nil {
		return done{}, err
	}
	ref, err := p.chat.Say(ctx, Saying{Key: keyOf(r), By: by, To: to, Text: r.FormValue("text"), Files: files})
	return done{Message: string(ref.Message)}, errors.Join(err, closeAll(files))
}

// about is the message that a command is called on, if one was named.
func (p *pages) about(r *http.Request) *chat.Ref {
	id := r.FormValue("on")
	if id == "" {
		return nil
	}
	to := p.place(r)
	return &chat.Ref{Platform: to.Platform, Channel: to.Channel, Message: chat.MessageID(id)}
}

// told is what the page hears of an answer: which message to look at, and whether it has a form to fill in.
func told(a Answer, err error) (done, error) {
	var d done
	for _, m := range a.Messages {
		d.Message, d.Form = string(m.Ref.Message), m.Form != nil
	}
	return d, err
}

// uploaded opens the files that were sent along.
func uploaded(headers []*multipart.FileHeader) ([]Attachment, error) {
	var files []Attachment
	for _, h := range headers {
		f, err := h.Open()
		if err != nil {
			return nil, errors.Join(err, closeAll(files))
		}
		files = append(files, Attachment{Name: h.Filename, Type: h.Header.Get("Content-Type"), Contents: f})
	}
	return files, nil
}

func closeAll(files []Attachment) (err error) {
	for _, f := range files {
		if c, ok := f.Contents.(io.Closer); ok {
			err = errors.Join(err, c.Close())
		}
	}
	return err
}

func (p *pages) edit(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	return done{}, p.chat.Edit(ctx, by, p.on(r), r.FormValue("text"))
}

func (p *pages) delete(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	return done{}, p.chat.Delete(ctx, by, p.on(r))
}

func (p *pages) react(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	return done{}, p.chat.React(ctx, by, p.on(r), r.FormValue("emoji"), yes(r, "set"))
}

func (p *pages) pin(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	return done{}, p.chat.Pin(ctx, by, p.on(r), yes(r, "set"))
}

func (p *pages) press(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	return told(p.chat.Press(ctx, Pressing{Key: keyOf(r), By: by, On: p.on(r), Action: chat.ActionID(r.FormValue("action")), Value: r.FormValue("value")}))
}

func (p *pages) call(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	return told(p.chat.Call(ctx, Calling{Key: keyOf(r), By: by, On: p.on(r), Action: chat.ActionID(r.FormValue("action"))}))
}

// fieldPrefix begins the names of what a form asks for, which stand beside names of the page's own.
const fieldPrefix = "field."

// submit sends a form that was filled in.
func (p *pages) submit(ctx context.Context, by chat.UserID, r *http.Request) (done, error) {
	values := map[chat.FieldID]string{}
	for name, value := range r.MultipartForm.Value {
		if field, ok := strings.CutPrefix(name, fieldPrefix); ok && len(value) > 0 {
			values[chat.FieldID(field)] = value[0]
		}
	}
	return told(p.chat.Submit(ctx, Filling{Key: keyOf(r), By: by, On: p.on(r), Values: values}))
}
