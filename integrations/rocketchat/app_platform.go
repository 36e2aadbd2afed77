package rocketchat

import (
	"context"
	"net/http"
	"sync/atomic"

	"boswell/chat"
)

// A WithApp is a connection to a server that has Boswell's app: /incident is a real command there, and people have forms,
// buttons, the menu of messages, and answers that they alone see. It is the same account and the same rooms: what works
// without the app works beside it.
type WithApp struct {
	*Platform
	declared atomic.Pointer[[]chat.Command]
}

// What the app adds.
var (
	_ chat.Platform   = (*WithApp)(nil)
	_ chat.Whisperer  = (*WithApp)(nil)
	_ chat.FormOpener = (*WithApp)(nil)
	_ chat.Registrar  = (*WithApp)(nil)
)

// WithApp is the connection together with the app. Without Config.AppSecret the app is trusted in nothing.
func (p *Platform) WithApp() *WithApp { return &WithApp{Platform: p} }

// Amounts of what the app shows.
const buttonsMost = 10

// Limits are those of the server, with what the app adds.
func (a *WithApp) Limits() chat.Limits {
	l := a.Platform.Limits()
	l.Buttons, l.FormFields, l.Choices, l.Slash = buttonsMost, formFieldsMost, previewsMost, "/incident"
	return l
}

// Register keeps the commands, which are completed while they are typed. It never fails.
func (a *WithApp) Register(_ context.Context, commands []chat.Command) error {
	a.declared.Store(&commands)
	return nil
}

func (a *WithApp) commands() []chat.Command {
	if declared := a.declared.Load(); declared != nil {
		return *declared
	}
	return nil
}

// AppHandler takes what the app tells of: commands, completions, buttons, forms, and the menu of messages. Requests that are
// not signed with Config.AppSecret are refused before they are read, and all are while Run is not connected.
func (a *WithApp) AppHandler() http.Handler {
	return &door{host: a, self: a.cfg.UserID, secret: a.cfg.AppSecret, now: a.o.Now, within: answerWithin, commands: a.commands, log: a.log}
}

// Post sends a message. One with rows, which will be edited, has lines to type in place of its buttons: the server changes
// the text of a message, but never its blocks.
func (a *WithApp) Post(ctx context.Context, key string, to chat.Place, m chat.Message) (chat.Ref, error) {
	if len(m.Rows) > 0 {
		m = inWords(m)
	}
	return a.Platform.Post(ctx, key, to, m)
}

// Edit replaces a message, with lines to type in place of its buttons.
func (a *WithApp) Edit(ctx context.Context, on chat.Ref, m chat.Message) error {
	return a.Platform.Edit(ctx, on, inWords(m))
}

// Whisper says something that one person alone sees: through the app while they are connected, else in a direct message.
func (a *WithApp) Whisper(ctx context.Context, to chat.Place, user chat.UserID, m chat.Message) error {
	return a.whisper(ctx, to, user, m)
}

// OpenForm shows a form to the person who pulled the trigger, within the five seconds that it is good for.
func (a *WithApp) OpenForm(ctx context.Context, t chat.Trigger, f chat.Form) error {
	id, user, room, thread := pulled(t)
	view, err := formMemory{User: user, Room: room, Thread: thread}.view(f, a.cfg.AppSecret)
	if err != nil {
		return err
	}
	_, err = a.call(ctx, appWish{Kind: "modal", User: user, Trigger: id, Modal: &view})
	return err
}
