package rocketchat

import (
	"context"
	"errors"
	"strconv"
	"time"

	"boswell/chat"
)

// An appAnswer is what the app is to show. The zero appAnswer is nothing.
type appAnswer struct {
	// Ephemeral are messages for the person alone; Room and Thread are where.
	Ephemeral []appMessage `json:"ephemeral,omitempty"`
	Room      string       `json:"room,omitempty"`
	Thread    string       `json:"thread,omitempty"`
	// Modal is a form; Instead is what to show where it cannot be opened.
	Modal   *uiView `json:"modal,omitempty"`
	Instead string  `json:"instead,omitempty"`
	// Errors say at the fields of a submitted form what is wrong; it stays open.
	Errors   map[string]string `json:"errors,omitempty"`
	Previews []appPreviewItem  `json:"previews,omitempty"`
	// Error is a sentence for the person: nothing was done.
	Error string `json:"error,omitempty"`
}

type (
	appMessage struct {
		Text   string    `json:"text"`
		Blocks []uiBlock `json:"blocks,omitempty"`
	}
	appPreviewItem struct {
		ID    string `json:"id"` // the line
		Label string `json:"label"`
	}
)

// previewsMost is how many lines a client shows at most.
const previewsMost = 10

var errOldForm = errors.New("the form is not of this bot or not for this person")

// answer asks the bot and renders what it says. What takes longer than the app waits is shown later.
func (d *door) answer(ctx context.Context, q appRequest) (appAnswer, error) {
	if q.Kind == appPreview {
		return d.previews(ctx, q)
	}
	asked := make(chan outcome, 1)
	go func() { asked <- d.ask(context.WithoutCancel(ctx), q) }()
	late := time.NewTimer(d.within)
	defer late.Stop()
	select {
	case o := <-asked:
		if errors.Is(o.err, errOldForm) {
			return appAnswer{Error: sayOldForm}, nil
		}
		if o.err != nil {
			return appAnswer{}, o.err
		}
		return d.render(q, o)
	case <-late.C:
		go d.showLate(context.WithoutCancel(ctx), q, asked)
		return appAnswer{}, nil
	}
}

// An outcome is what the bot said to something that was done somewhere.
type outcome struct {
	reply chat.Reply
	at    chat.Place
	alone bool // it was done in the conversation with the bot
	err   error
}

// ask hands a request to the bot. What everybody may see is said in the room.
func (d *door) ask(ctx context.Context, q appRequest) outcome {
	in, err := d.inbound(ctx, q)
	if err != nil {
		return outcome{err: err}
	}
	o := outcome{at: in.Origin().Place, alone: in.Origin().Direct}
	o.err = d.host.inRoom(ctx, string(o.at.Channel), func() (err error) {
		o.reply, err = d.host.ask(ctx, in)
		return err
	})
	if id := in.Origin().Delivery; q.Kind == appSubmit && o.reply.Refused {
		d.refused.put(id, id+"+")
	}
	if o.err != nil || !o.reply.Public || o.reply.Form != nil {
		return o
	}
	for i, m := range append([]chat.Message{o.reply.Message}, o.reply.More...) {
		if _, err := d.host.Post(ctx, string(in.Origin().Delivery)+"/answer/"+strconv.Itoa(i), o.at, m); err != nil {
			d.log.Warn().Err(err).Msg("could not say an answer in the room; showing it to the person alone")
			return o
		}
	}
	return outcome{at: o.at}
}

// inbound is what a request means.
func (d *door) inbound(ctx context.Context, q appRequest) (chat.Inbound, error) {
	place := d.host.place(q.Room.ID, q.Thread)
	var memory formMemory
	if q.Kind == appSubmit {
		var ok bool
		if memory, ok = recall(q.View.ID, q.User.ID, d.secret); !ok {
			return nil, errOldForm
		}
		place = d.host.place(memory.Room, memory.Thread)
	}
	meta := q.meta(d.self, d.person(ctx, q.User), place)
	action := buttonAction(q.Action)
	switch {
	case q.Kind == appSubmit:
		values := filledIn(q.View.State)
		meta.Delivery, meta.Direct = d.submission(memory, values), memory.Direct
		return chat.Submitted{Meta: meta, Action: memory.Action, State: memory.State, Values: values}, nil
	case q.Kind == appAction:
		return chat.Shortcut{Meta: meta, Action: action, On: d.host.ref(q.Room.ID, q.Message)}, nil
	case q.Kind == appPress && action != actionOpenForm:
		return chat.Pressed{Meta: meta, Action: action, Value: q.Value, On: d.host.ref(q.Room.ID, q.Message)}, nil
	case q.Kind == appPress:
		q.Line = q.Value
	}
	in := chat.Invoked{Meta: meta, Line: q.Line}
	if q.Thread != "" {
		on := d.host.ref(q.Room.ID, q.Thread)
		in.On = &on
	}
	return in, nil
}

// person is who did it. Somebody waits: where the server does not say more in time, what the app says must do.
func (d *door) person(ctx context.Context, u appUser) chat.User {
	ctx, cancel := context.WithTimeout(ctx, d.within/3)
	defer cancel()
	known, err := d.host.account(ctx, u.ID)
	if err != nil {
		d.log.Debug().Err(err).Msg("could not look somebody up")
		return chat.User{ID: chat.UserID(u.ID), Handle: u.Username, Name: u.Name}
	}
	return known
}

// render fits an answer to what it answers.
func (d *door) render(q appRequest, o outcome) (appAnswer, error) {
	a := appAnswer{Room: string(o.at.Channel), Thread: string(o.at.Thread)}
	if q.Kind == appSubmit {
		if a.Errors = fieldErrors(q, o.reply); len(a.Errors) > 0 {
			return a, nil
		}
	}
	if o.reply.Form != nil {
		return d.renderForm(q, o, a)
	}
	if o.reply.IsZero() {
		return appAnswer{}, nil
	}
	for _, m := range append([]chat.Message{o.reply.Message}, o.reply.More...) {
		a.Ephemeral = append(a.Ephemeral, appMessage{Text: markdown(m), Blocks: appBlocks(m)})
	}
	return a, nil
}

// renderForm opens a form. Clients open none in answer to a line that was chosen: there a button does.
func (d *door) renderForm(q appRequest, o outcome, a appAnswer) (appAnswer, error) {
	f := *o.reply.Form
	if q.Chosen {
		offer := chat.Message{Text: chat.Say(f.Title + " needs to know more."),
			Buttons: []chat.Button{{Action: actionOpenForm, Value: q.Line, Label: "Fill in a form", Typed: f.Typed, Primary: true}}}
		a.Ephemeral = []appMessage{{Text: markdown(inWords(offer)), Blocks: appBlocks(offer)}}
		return a, nil
	}
	memory := formMemory{User: q.User.ID, Room: string(o.at.Channel), Thread: string(o.at.Thread), Direct: o.alone}
	view, err := memory.view(f, d.secret)
	if err != nil {
		return appAnswer{}, err
	}
	a.Modal, a.Instead = &view, markdown(instead(f))
	return a, nil
}

// instead is what is shown where a form cannot be.
func instead(f chat.Form) chat.Message {
	t := chat.Say("I could not open a form here.")
	if f.Typed != "" {
		t = t.Plain(" Write ").Code(f.Typed)
	}
	return chat.Message{Text: t}
}

// showLate shows an answer that came when the app did not wait for it any more.
func (d *door) showLate(ctx context.Context, q appRequest, asked <-chan outcome) {
	o := <-asked
	switch {
	case errors.Is(o.err, errOldForm):
		o.reply = chat.Reply{Message: chat.Message{Text: chat.Say(sayOldForm)}}
	case o.err != nil:
		d.log.Error().Err(o.err).Str("kind", q.Kind).Str("delivery", q.ID).Msg("could not handle a request of the app's")
		o.reply, o.at = chat.Reply{Message: chat.Message{Text: chat.Say(sayBroke)}}, d.host.place(q.Room.ID, q.Thread)
	case o.reply.Form != nil:
		o.reply = chat.Reply{Message: instead(*o.reply.Form)}
	}
	if o.reply.IsZero() || o.at.Channel == "" {
		return
	}
	for _, m := range append([]chat.Message{o.reply.Message}, o.reply.More...) {
		if err := d.host.whisper(ctx, o.at, chat.UserID(q.User.ID), m); err != nil {
			d.log.Warn().Err(err).Str("delivery", q.ID).Msg("could not show a late answer")
			return
		}
	}
}
