package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"

	"boswell/chat"
)

// A Platform is the chat as the bot has it. It can do everything that a platform can do at all.
type Platform struct{ chat *Chat }

// Platform is the bot's side of the chat.
func (c *Chat) Platform() *Platform { return &Platform{chat: c} }

// What the built-in chat can do. It looks an upload up by its key, and has no groups to summon and nothing to leave out.
var (
	_ chat.Platform   = (*Platform)(nil)
	_ chat.Editor     = (*Platform)(nil)
	_ chat.Whisperer  = (*Platform)(nil)
	_ chat.Director   = (*Platform)(nil)
	_ chat.FormOpener = (*Platform)(nil)
	_ chat.Reactor    = (*Platform)(nil)
	_ chat.Pinner     = (*Platform)(nil)
	_ chat.RoomMaker  = (*Platform)(nil)
	_ chat.RoomFinder = (*Platform)(nil)
	_ chat.Inviter    = (*Platform)(nil)
	_ chat.Topicer    = (*Platform)(nil)
	_ chat.Archiver   = (*Platform)(nil)
	_ chat.Bookmarker = (*Platform)(nil)
	_ chat.Uploader   = (*Platform)(nil)
	_ chat.Downloader = (*Platform)(nil)
	_ chat.Registrar  = (*Platform)(nil)
	_ chat.Linker     = (*Platform)(nil)
	_ chat.Fetcher    = (*Platform)(nil)
	_ chat.Historian  = (*Platform)(nil)
	_ chat.Finder     = (*Platform)(nil)
	_ chat.Directory  = (*Platform)(nil)
)

// ID is the name of the connection.
func (p *Platform) ID() chat.PlatformID { return p.chat.options.Platform }

// Limits are the chat's own; a key is known for ever.
func (p *Platform) Limits() chat.Limits {
	return chat.Limits{Text: MaxText, Buttons: MaxButtons, Menus: MaxMenus, FormFields: MaxFields, Choices: MaxChoices, File: MaxFile,
		Idempotent: -1, Slash: Slash}
}

// Run delivers to h until ctx is done. It returns early if it runs already, or the chat is closed or cannot be written any
// more.
func (p *Platform) Run(ctx context.Context, h chat.Handler) error { return p.chat.serve(ctx, h) }

// Drained waits until everything that happened was taken by the bot.
func (p *Platform) Drained(ctx context.Context) error { return p.chat.feed.drained(ctx) }

// Register makes the commands known to those who type.
func (p *Platform) Register(_ context.Context, commands []chat.Command) error {
	p.chat.declared.Lock()
	defer p.chat.declared.Unlock()
	p.chat.commands = slices.Clone(commands)
	return nil
}

// Post says something in a room. The same key says it once, for ever.
func (p *Platform) Post(ctx context.Context, key string, to chat.Place, m chat.Message) (chat.Ref, error) {
	if err := checkMessage(m); err != nil {
		return chat.Ref{}, failure(err)
	}
	return p.say(ctx, said{inRoom: inRoom{to.Channel}, Thread: to.Thread, By: Boswell, Content: m, Key: botKey(key)})
}

// say posts what the bot says.
func (p *Platform) say(ctx context.Context, t said) (chat.Ref, error) {
	var ref chat.Ref
	err := p.chat.do(ctx, func(d *draft) error {
		known, ok := d.state.messageKeys[t.Key]
		if ref = known; ok {
			return nil
		}
		r, err := d.state.writable(Boswell, t.Room)
		if err != nil {
			return err
		}
		if err := r.hasThread(Boswell, t.Thread); err != nil {
			return err
		}
		if t.To != "" && !r.sees(t.To) {
			return problem("That person is not in the room. Invite them first.")
		}
		ref = *d.state.onto(r.id, chat.MessageID(number(d.add(t))))
		return nil
	})
	return ref, failure(err)
}

// botKey makes the bot's keys differ from everybody else's. No key stays none.
func botKey(key string) string {
	if key == "" {
		return ""
	}
	return "bot/" + key
}

// checkMessage holds a message against the limits.
func checkMessage(m chat.Message) error {
	switch n := utf8.RuneCountInString(legible(m)); {
	case n > MaxText:
		return problem("The message has %d characters, and %d fit. Send it in parts, or as a file.", n, MaxText)
	case n == 0 && len(m.Buttons)+len(m.Menus) == 0:
		return problem("The message is empty. It needs a text, a row or a button.")
	case len(m.Buttons) > MaxButtons:
		return problem("The message has %d buttons, and %d fit. Leave some out.", len(m.Buttons), MaxButtons)
	case len(m.Menus) > MaxMenus:
		return problem("The message has %d menus, and %d fit. Leave some out.", len(m.Menus), MaxMenus)
	}
	return nil
}

// Edit replaces one of the bot's messages.
func (p *Platform) Edit(ctx context.Context, on chat.Ref, m chat.Message) error {
	if err := checkMessage(m); err != nil {
		return failure(err)
	}
	return failure(p.chat.do(ctx, func(d *draft) error {
		old, err := d.state.changeable(Boswell, on)
		if err != nil {
			return err
		}
		if old.by != Boswell {
			return problem("That message is not the bot's own, so the bot cannot change it. Post another one.")
		}
		if !reflect.DeepEqual(old.content, m) {
			d.add(edited{inRoom: inRoom{old.room}, Message: old.id, Content: m})
		}
		return nil
	}))
}

// Whisper says something that user alone sees.
func (p *Platform) Whisper(ctx context.Context, to chat.Place, user chat.UserID, m chat.Message) error {
	if err := checkMessage(m); err != nil {
		return failure(err)
	}
	if _, err := p.chat.person(user); err != nil {
		return failure(err)
	}
	_, err := p.say(ctx, said{inRoom: inRoom{to.Channel}, Thread: to.Thread, By: Boswell, To: user, Content: m})
	return err
}

// Direct is the conversation of the bot with a person.
func (p *Platform) Direct(ctx context.Context, user chat.UserID) (chat.Place, error) {
	to, err := p.chat.Direct(ctx, Boswell, user)
	return to, failure(err)
}

// OpenForm shows a form to the one whose command, button or shortcut bears the trigger.
func (p *Platform) OpenForm(ctx context.Context, trigger chat.Trigger, f chat.Form) error {
	if len(f.Fields) > MaxFields {
		return failure(problem("The form has %d fields, and %d fit. Leave some out.", len(f.Fields), MaxFields))
	}
	return failure(p.chat.do(ctx, func(d *draft) error {
		a := d.state.asks[chat.DeliveryID(trigger)]
		if a == nil {
			return gone("There is no such trigger, so nobody waits for a form.")
		}
		d.add(answered{asking: asking{inRoom: inRoom{a.place.Channel}, Thread: a.place.Thread, By: a.by},
			Of: chat.DeliveryID(trigger), Reply: chat.Reply{Form: &f}, Half: true})
		return nil
	}))
}

// React sets or removes the bot's reaction.
func (p *Platform) React(ctx context.Context, on chat.Ref, emoji string, set bool) error {
	return failure(p.chat.React(ctx, Boswell, on, emoji, set))
}

// Pin pins a message or unpins it.
func (p *Platform) Pin(ctx context.Context, on chat.Ref, set bool) error {
	return failure(p.chat.Pin(ctx, Boswell, on, set))
}

// Upload posts a message with a file. size is how many bytes the contents have; the same key posts once, for ever.
func (p *Platform) Upload(ctx context.Context, key string, to chat.Place, f chat.Upload, contents io.Reader, size int64) (chat.Ref, error) {
	if ref, ok, err := p.Find(ctx, key, to, time.Time{}); ok || err != nil {
		return ref, err
	}
	a := Attachment{Name: f.Name, Type: f.Type, Contents: contents}
	id, n, err := p.chat.files.put(contents)
	if err == nil && n != size {
		err = fmt.Errorf("upload %s: it has %d bytes, and %d were announced", f.Name, n, size)
	}
	if err != nil {
		return chat.Ref{}, failure(err)
	}
	return p.say(ctx, said{inRoom: inRoom{to.Channel}, Thread: to.Thread, By: Boswell, Content: chat.Message{Text: f.Caption},
		Files: []chat.File{a.file(id, n)}, Key: botKey(key)})
}

// Download reads a file. One that stands in no message any more is chat.ErrGone.
func (p *Platform) Download(ctx context.Context, f chat.File) (io.ReadCloser, error) {
	err := p.chat.read(func(s *state) error {
		if s.uses[f.ID] == 0 {
			return gone("The message with that file is no longer there.")
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, failure(err)
	}
	file, err := p.chat.files.open(f.ID)
	if err != nil {
		return nil, failure(err)
	}
	return file, nil
}

// failure sorts an error for whoever may try again. The chat knows what happened, unless its file is broken: only then is
// it in doubt.
func failure(err error) error {
	var p *Problem
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errFull):
		return chat.Temporary(err, 0)
	case errors.As(err, &p):
		return chat.Final(err, p.Text)
	case errors.Is(err, errBroken):
		return chat.InDoubt(err)
	default:
		return chat.Temporary(err, 0)
	}
}
