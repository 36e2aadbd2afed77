package discord

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"boswell/chat"
)

// The types of answer.
const (
	answerMessage  = 4
	answerDeferred = 5
	answerQuiet    = 6 // to a button, nothing
	answerChoices  = 8
	answerForm     = 9
)

// callback is the first answer to a question.
type callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

func (a *ask) call(ctx context.Context, c callback) error {
	return a.r.p.rest.do(ctx, request{method: "POST", path: "/interactions/" + a.in.ID + "/" + a.in.Token + "/callback", body: c, open: true}, nil)
}

func (a *ask) webhook() string { return answerToken{app: a.in.AppID, token: a.in.Token}.webhook() }

// postpone tells the person that the answer comes. Who sees it is settled with that: the person alone. Where it is in doubt
// whether they were told, the answer goes where it would if they were; nothing else could be the first answer then.
func (a *ask) postpone() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.done || a.r.ctx.Err() != nil {
		return
	}
	err := a.call(a.r.ctx, callback{Type: answerDeferred, Data: map[string]int{"flags": flagEphemeral}})
	if err != nil {
		a.r.p.log.Warn().Err(err).Str("delivery", "i"+a.in.ID).Msg("could not ask for more time to answer")
	}
	a.deferred = err == nil || chat.AsFailure(err).InDoubt
}

// finish begins the first answer: there will be no other. It says whether the person was told to wait.
func (a *ask) finish() (deferred bool) {
	if a.timer != nil {
		a.timer.Stop()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done = true
	return a.deferred
}

// say says in one sentence why nothing was done, to the person alone.
func (a *ask) say(sentence string) {
	a.answer(chat.Reply{Message: chat.Message{Text: chat.Say(sentence)}, Refused: true})
}

// answer gives a reply to the one who asked. The same question, delivered again, is not answered again.
func (a *ask) answer(r chat.Reply) {
	deferred := a.finish()
	if !a.r.p.answered.put(a.in.ID, true) {
		return
	}
	if r.Refused && a.in.Type == askForm {
		r.More = slices.Concat(r.More, a.given())
	}
	ctx := context.WithoutCancel(a.r.ctx)
	switch {
	case r.Form != nil && !deferred && a.in.Type != askForm:
		if err := a.open(ctx, *r.Form); err != nil {
			a.failed(ctx, r, err)
		}
		return
	case r.Form != nil:
		r.Message = chat.Message{Text: append(r.Text, typedForm(*r.Form)...)}
	case r.IsZero():
		a.nothing(ctx, deferred)
		return
	}
	a.messages(ctx, r, deferred)
}

func (a *ask) open(ctx context.Context, f chat.Form) error {
	m, err := modalOf(f)
	if err != nil {
		return err
	}
	return a.call(ctx, callback{Type: answerForm, Data: m})
}

// typedForm says what to type where a form comes too late.
func typedForm(f chat.Form) chat.Text {
	return chat.Say("It took too long to open the form " + f.Title + ". Try again, or write ").Code(f.Typed)
}

// nothing ends a question to which there is nothing to say.
func (a *ask) nothing(ctx context.Context, deferred bool) {
	if a.in.Type == askButton && !deferred {
		if err := a.call(ctx, callback{Type: answerQuiet}); err != nil {
			a.r.p.log.Warn().Err(err).Msg("a button could not be answered")
		}
		return
	}
	a.messages(ctx, chat.Reply{Message: chat.Message{Text: chat.Say("Done.")}}, deferred)
}

// messages sends the messages of a reply, the first as the answer and the others behind it.
func (a *ask) messages(ctx context.Context, r chat.Reply, deferred bool) {
	all := append([]chat.Message{r.Message}, r.More...)
	for i, m := range all {
		out := a.r.p.sayable(m)
		if !r.Public {
			out.Flags = flagEphemeral
		}
		if err := a.message(ctx, out, i == 0, deferred); err != nil {
			r.Message, r.More = m, all[i+1:]
			a.failed(ctx, r, err)
			return
		}
	}
}

func (a *ask) message(ctx context.Context, out outgoing, first, deferred bool) error {
	switch {
	case first && !deferred:
		return a.call(ctx, callback{Type: answerMessage, Data: out})
	case first && out.Flags&flagEphemeral != 0:
		out.Flags = 0
		return a.r.p.rest.do(ctx, request{method: "PATCH", path: a.webhook() + "/messages/@original", body: out, open: true}, nil)
	case first:
		// Only the person sees what was deferred; what all are to see follows it.
		pointer, err := render(chat.Message{Text: chat.Say("Here it is:")})
		if err == nil {
			err = a.r.p.rest.do(ctx, request{method: "PATCH", path: a.webhook() + "/messages/@original", body: pointer, open: true}, nil)
		}
		if err != nil {
			return err
		}
	}
	return a.r.p.rest.do(ctx, request{method: "POST", path: a.webhook(), body: out, open: true}, nil)
}

// failed sends the rest of an answer another way: the question expired, or another copy of the program has answered it.
func (a *ask) failed(ctx context.Context, r chat.Reply, err error) {
	p := a.r.p
	p.log.Warn().Err(err).Str("delivery", "i"+a.in.ID).Msg("a question could not be answered where it was asked")
	if isCode(err, codeAlreadyAnswered) || a.by.ID == "" {
		return
	}
	if r.Form != nil {
		r.Message = chat.Message{Text: typedForm(*r.Form)}
	}
	to := a.place
	if !r.Public {
		if to, err = p.Direct(ctx, a.by.ID); err != nil {
			p.log.Warn().Err(err).Msg("an answer is lost: the person takes no direct messages")
			return
		}
	}
	for i, m := range append([]chat.Message{r.Message}, r.More...) {
		if _, err := p.Post(ctx, fmt.Sprintf("answer/i%s/%d", a.in.ID, i), to, m); err != nil {
			p.log.Warn().Err(err).Msg("an answer is lost")
			return
		}
	}
}

// complete answers what could follow.
func (a *ask) complete() {
	p := a.r.p
	s, ok := a.r.where(a.in.GuildID, a.in.ChannelID)
	if !ok {
		return
	}
	line, args, _, focus := p.native(a.r.ctx, a.in)
	reply := a.r.inquire(chat.Suggest{Meta: chat.Meta{Delivery: chat.DeliveryID("i" + a.in.ID), At: momentOf(a.in.ID), From: a.by,
		Place: p.place(s), Direct: a.in.GuildID == "", Room: s.name}, Line: line, Args: args, Field: focus.field, Typed: focus.typed})
	choices := []map[string]any{}
	for _, c := range reply.Choices[:min(len(reply.Choices), choicesMost)] {
		choices = append(choices, map[string]any{"name": clip(orElse(c.Label, c.Value), 100), "value": focus.value(c.Value)})
	}
	if err := a.call(a.r.ctx, callback{Type: answerChoices, Data: map[string]any{"choices": choices}}); err != nil {
		p.log.Debug().Err(err).Msg("a completion came too late")
	}
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// focus is the argument that is being typed.
type focus struct {
	field  chat.FieldID
	typed  string
	number bool
}

func (f focus) value(text string) any {
	if n, err := strconv.Atoi(text); f.number && err == nil {
		return n
	}
	return clip(text, 100)
}

// typed runs a command that was written as a message, and answers it as one.
func (r *running) typed(said chat.Said, m message, line string, mentions []chat.User) {
	p := r.p
	in := chat.Invoked{Meta: said.Meta, Line: line, Mentions: mentions}
	in.From = said.From
	in.Delivery += "/command"
	if m.Reference != nil && m.Reference.MessageID != "" {
		if s, ok := spotOf(said.Place); ok {
			on := p.ref(s, m.Reference.MessageID)
			in.On = &on
		}
	}
	reply := r.inquire(in)
	if reply.Form != nil {
		reply.Message = chat.Message{Text: append(reply.Text, typedForm(*reply.Form)...)}
	}
	if !reply.IsZero() && p.answered.put(string(in.Delivery), true) {
		p.respond(context.WithoutCancel(r.ctx), in, m.ID, reply)
	}
}

// respond posts the answer to a command that was typed: below it, or to the sender alone. Who takes no direct messages is
// answered below the command, too, but for what the others may not see.
func (p *Platform) respond(ctx context.Context, in chat.Invoked, command string, reply chat.Reply) {
	key := "answer/" + string(in.Delivery)
	if !reply.Public && !in.Direct {
		direct, err := p.Direct(ctx, in.From.ID)
		if err == nil {
			err = p.reply(ctx, key, direct, "", reply)
		}
		if err == nil {
			return
		}
		if reply.Confidential {
			reply = reply.Withheld()
		}
		key += "/here"
	}
	if err := p.reply(ctx, key, in.Place, command, reply); err != nil {
		p.log.Warn().Err(err).Str("delivery", string(in.Delivery)).Msg("a command could not be answered")
	}
}

// reply posts the messages of a reply, below another where there is one.
func (p *Platform) reply(ctx context.Context, key string, to chat.Place, below string, reply chat.Reply) error {
	for i, m := range append([]chat.Message{reply.Message}, reply.More...) {
		out := p.sayable(m)
		if below != "" {
			out.Reference = &outRef{MessageID: below}
		}
		if _, err := p.send(ctx, fmt.Sprintf("%s/%d", key, i), to, out, nil); err != nil {
			return err
		}
	}
	return nil
}

// sayable is a message as it is sent, or that it cannot be: whoever asks is never left without an answer.
func (p *Platform) sayable(m chat.Message) outgoing {
	out, err := render(m)
	if err == nil {
		return out
	}
	p.log.Error().Err(err).Msg("an answer could not be sent as it is")
	return outgoing{Content: errUnsayable, Embeds: []outEmbed{}, Components: []outRow{}, Allowed: allowed{Parse: []string{}, Users: []string{}}}
}

const errUnsayable = "The answer does not fit into a message of Discord's. Ask for a part of it, or read it with `boswell show`."
