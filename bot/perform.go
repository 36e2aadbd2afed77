package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"boswell/chat"
	"boswell/incident"
	"boswell/postmortem"
	"boswell/storage"
)

// errUnable says that a platform lacks an ability. What it lacks is left out, not retried.
var errUnable = errors.New("the platform cannot do this")

// perform does the effect.
func (a *attempt) perform(ctx context.Context) (result, error) {
	switch e := a.owed.Effect.(type) {
	case chat.Post:
		return a.post(ctx, a.owed.Key, e.To.Place, e.Message)
	case chat.Tell:
		return a.tell(ctx, e)
	case chat.Upload:
		return a.upload(ctx, e)
	case chat.MakeRoom:
		return makeRoom(ctx, a.p, a.owed.Key, e)
	case chat.LookUp:
		return a.lookUp(ctx, a.p, a.owed, e)
	case chat.Keep:
		return a.keep(ctx, a.p, a.owed, e)
	case chat.CatchUp:
		return a.catchUp(ctx, a.p, a.owed, e)
	case chat.Bookmark:
		return result{}, bookmark(ctx, a.p, e)
	case chat.Remind:
		return a.remind(ctx, e)
	default:
		return result{place: chat.TargetOf(e).Room()}, optional(ctx, a.p, e)
	}
}

// optional does what a platform may lack without loss: then it is left out.
func optional(ctx context.Context, p chat.Platform, e chat.Effect) error {
	switch e := e.(type) {
	case chat.Edit:
		if x, ok := p.(chat.Editor); ok {
			return x.Edit(ctx, e.On.Ref, fit(p.Limits(), e.Message)[0])
		}
	case chat.React:
		if x, ok := p.(chat.Reactor); ok {
			return ignoreGone(x.React(ctx, e.On, e.Emoji, !e.Removed))
		}
	case chat.Pin:
		if x, ok := p.(chat.Pinner); ok {
			return x.Pin(ctx, e.On.Ref, !e.Removed)
		}
	case chat.Invite:
		if x, ok := p.(chat.Inviter); ok {
			return x.Invite(ctx, e.To.Place, e.Users)
		}
	case chat.SetTopic:
		if x, ok := p.(chat.Topicer); ok {
			return x.SetTopic(ctx, e.To.Room(), topicFor(p.Limits(), e))
		}
	case chat.Archive:
		if x, ok := p.(chat.Archiver); ok {
			return x.Archive(ctx, e.To.Room(), e.Open)
		}
	default:
		return chat.Final(fmt.Errorf("%w: %T", errUnable, e), "This version does not know how to do that.")
	}
	return nil
}

// topicFor is the topic that suits a platform.
func topicFor(l chat.Limits, e chat.SetTopic) string {
	if l.SteadyTopics && e.Steady != "" {
		return e.Steady
	}
	return e.Topic
}

// bookmark puts a link at the top of a room: the one that is named, else that of the message which it was to wait for. Where
// messages have no address, or rooms no bookmarks, it is left out.
func bookmark(ctx context.Context, p chat.Platform, e chat.Bookmark) error {
	x, ok := p.(chat.Bookmarker)
	if !ok {
		return nil
	}
	if e.Link != "" {
		return x.Bookmark(ctx, e.To.Room(), e.Title, e.Link)
	}
	linker, ok := p.(chat.Linker)
	if !ok || e.To.Ref.Message == "" {
		return nil
	}
	link := linker.Link(e.To.Ref)
	if link == "" {
		return chat.Temporary(errors.New("the address of the message is not known yet"), 0)
	}
	return x.Bookmark(ctx, e.To.Room(), e.Title, link)
}

// ignoreGone takes a message that is gone as done: there is nothing left to react to.
func ignoreGone(err error) error {
	if errors.Is(err, chat.ErrGone) {
		return nil
	}
	return err
}

// tell says something to one person: by a whisper, else in a direct message, and where there certainly is neither, in the
// room, addressed to them. Whispers bear no key, so they cannot be looked for.
func (a *attempt) tell(ctx context.Context, e chat.Tell) (result, error) {
	if w, ok := a.p.(chat.Whisperer); ok && e.Near.Channel != "" {
		for _, part := range fit(a.p.Limits(), e.Message) {
			if err := w.Whisper(ctx, e.Near, e.To, part); err != nil {
				return result{}, err
			}
		}
		return result{}, nil
	}
	if d, ok := a.p.(chat.Director); ok {
		place, err := d.Direct(ctx, e.To)
		if err == nil {
			return a.post(ctx, a.owed.Key, place, e.Message)
		}
		if chat.AsFailure(err).Temporary {
			return result{}, err
		}
	}
	m := e.Message
	m.Text = append(chat.Text{}.Mention(chat.User{ID: e.To}).Plain(" "), m.Text...)
	return a.post(ctx, a.owed.Key, e.Near, m)
}

// upload sends a file: an export as it is now, or what the store keeps. Where files cannot be sent, or not one so large,
// the text is posted.
func (a *attempt) upload(ctx context.Context, e chat.Upload) (result, error) {
	contents, err := a.contents(ctx, a.owed.Incident, e)
	if err != nil {
		return result{}, err
	}
	up, ok := a.p.(chat.Uploader)
	size := int64(len(contents))
	if !ok || a.p.Limits().File < size {
		return a.post(ctx, a.owed.Key, e.To.Place, chat.Message{Text: e.Caption.Block(contents)})
	}
	ref, err := a.once(
		func() (chat.Ref, bool, error) { return a.findUpload(ctx, e, contents) },
		func() (chat.Ref, error) {
			return up.Upload(ctx, a.owed.Key, e.To.Place, e, strings.NewReader(contents), size)
		})
	return result{ref: ref}, err
}

func (b *Bot) contents(ctx context.Context, id incident.ID, e chat.Upload) (string, error) {
	if e.Style == "" {
		return b.kept(e.Hash)
	}
	var in *incident.Incident
	names := map[incident.PersonID]string{}
	err := b.store.View(ctx, func(r storage.Reader) (err error) {
		for p := range r.People() {
			names[p.ID] = p.Name
		}
		in, err = r.Incident(id)
		return err
	})
	if err != nil {
		return "", chat.Temporary(err, 0)
	}
	rendered, _, err := postmortem.Render(e.Style, in, func(p incident.PersonID) string { return names[p] })
	if err != nil {
		return "", chat.Final(err, wordsOf(err))
	}
	return string(rendered), nil
}

func makeRoom(ctx context.Context, p chat.Platform, key string, e chat.MakeRoom) (result, error) {
	maker, ok := p.(chat.RoomMaker)
	if !ok {
		return result{}, chat.Final(errUnable, "I cannot make rooms here. Start the incident in a room with room:here.")
	}
	place, name, err := maker.MakeRoom(ctx, key, e.Room)
	return result{place: place, name: name}, err
}
