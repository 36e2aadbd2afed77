package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// slashCommand is the command in the manifest, without its slash.
const slashCommand = "incident"

type wireSlash struct {
	Text        string `json:"text"`
	ChannelID   string `json:"channel_id"`
	ChannelName string `json:"channel_name"`
	UserID      string `json:"user_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
}

// openSlash reads a slash command.
func openSlash(payload json.RawMessage) (opened, error) {
	var s wireSlash
	if err := json.Unmarshal(payload, &s); err != nil {
		return opened{}, err
	}
	if s.ChannelID == "" || s.UserID == "" || s.TriggerID == "" {
		return opened{}, fmt.Errorf("%w: a command without channel, user or trigger", errUnreadable)
	}
	return opened{lane: s.ChannelID, id: chat.DeliveryID("command/" + s.TriggerID),
		do: func(ctx context.Context, d *delivery) error { return d.slash(ctx, &s) }}, nil
}

// slash runs a slash command and answers with the acknowledgement.
func (d *delivery) slash(ctx context.Context, s *wireSlash) error {
	d.p.rooms.hear(s.ChannelName, s.ChannelID)
	in := chat.Invoked{Meta: d.meta(s.ChannelID, "")}
	in.Line, in.Mentions = d.typed(ctx, s.Text)
	in.Trigger = trigger(s.TriggerID, in.Place)
	a := asking{place: in.Place, user: chat.UserID(s.UserID), trigger: in.Trigger, url: s.ResponseURL, carries: true}
	return d.ask(ctx, s.UserID, &in.Meta, func() chat.Inbound { return in }, a)
}

// typed is what somebody typed for a command, and whom they mentioned; an identifier stands where Slack tells no name in time.
func (d *delivery) typed(ctx context.Context, text string) (line string, mentions []chat.User) {
	type command struct {
		line     string
		mentions []chat.User
	}
	c, err := soon(ctx, d, func(ctx context.Context) (command, error) {
		n := &names{p: d.p, ctx: ctx, handles: true}
		line := plain(text, n)
		return command{line, n.mentions}, n.err
	})
	if err != nil {
		d.p.log.Debug().Err(err).Msg("a command is taken without all of its names")
	}
	return c.line, c.mentions
}

// hear learns the name of a channel, unless it is one of Slack's words for what has no name.
func (r *roomNames) hear(name, id string) {
	if name != "" && name != "directmessage" && name != "privategroup" {
		r.learn(name, id)
	}
}

// mentioned takes a message that mentions the bot: it is a command where it begins with the mention. Slack sends the same
// message as a message too, which is where it is remembered.
func (d *delivery) mentioned(ctx context.Context, m *wireMessage) error {
	me, err := d.p.self(ctx)
	if err != nil {
		return err
	}
	rest, ok := strings.CutPrefix(strings.TrimSpace(m.Text), "<@"+me.user)
	if !ok || m.BotID != "" || m.Edited.TS != "" {
		return nil
	}
	_, line, _ := strings.Cut(rest, ">")
	return d.spoken(ctx, m, line)
}

// told takes a direct message to the bot: all of it is a command.
func (d *delivery) told(ctx context.Context, m *wireMessage) error {
	line := strings.TrimSpace(m.Text)
	line = strings.TrimPrefix(line, "/"+slashCommand+" ")
	return d.spoken(ctx, m, line)
}

// spoken runs a command that was said in a message. The first message of its thread is what it is about.
func (d *delivery) spoken(ctx context.Context, m *wireMessage, line string) error {
	in := chat.Invoked{Meta: d.meta(m.Channel, m.TS)}
	in.Line, in.Mentions = d.typed(ctx, strings.TrimSpace(line))
	in.Delivery = chat.DeliveryID("said/" + m.Channel + "/" + m.TS)
	in.Place.Thread = chat.ThreadID(m.thread())
	if in.Place.Thread != "" {
		on := d.p.ref(m.Channel, m.thread())
		in.On = &on
	}
	a := asking{place: in.Place, user: chat.UserID(m.User)}
	return d.ask(ctx, m.User, &in.Meta, func() chat.Inbound { return in }, a)
}

// asking is where a question came from, and so where its answer goes.
type asking struct {
	place   chat.Place
	user    chat.UserID
	trigger chat.Trigger
	url     string // where Slack takes answers, for a while
	carries bool   // the acknowledgement may carry a message
	// form is the modal that was submitted: the acknowledgement may carry another one, or keep it open.
	form *wireView
}

// ask hands a question on and shows the answer. An answer may be lost: that it could not be shown is logged, and what was
// decided stays. The same question again is not answered again.
func (d *delivery) ask(ctx context.Context, user string, m *chat.Meta, in func() chat.Inbound, a asking) error {
	m.From, _ = d.account(ctx, user) // somebody waits: the name comes with the next message
	reply, err := d.h(ctx, in())
	if err != nil {
		return err
	}
	defer d.carrySoon()()
	if a.form != nil && reply.Refused {
		d.carry(refusedForm(a.form, reply))
		return nil
	}
	if reply.IsZero() || !d.p.shown.first(m.Delivery) {
		return nil
	}
	if err := d.show(ctx, a, reply); err != nil {
		d.p.log.Warn().Err(err).Str("delivery", string(m.Delivery)).Msg("could not show an answer")
	}
	return nil
}

// ackMost is how long an acknowledgement may be: Slack drops a longer one without a word.
const ackMost = 18 << 10

// show shows an answer as privately as it is meant.
func (d *delivery) show(ctx context.Context, a asking, r chat.Reply) error {
	if r.Form != nil {
		err := d.showForm(ctx, a, *r.Form)
		if err == nil {
			return nil
		}
		d.p.log.Warn().Err(err).Msg("could not open a form; showing what to type")
		r.Text = append(r.Text, chat.Say("I could not open a form here. Write ").Code(r.Form.Typed)...)
	}
	all := append([]chat.Message{r.Message}, r.More...)
	if a.carries && len(all) == 1 {
		answer := webhook(all[0], r.Public)
		if data, err := json.Marshal(answer); err == nil && len(data) < ackMost && d.carry(answer) {
			return nil
		}
	}
	for _, m := range all {
		if err := d.p.showOne(ctx, a, m, r.Public); err != nil {
			return err
		}
	}
	return nil
}

// showForm opens a form: in place of the one that was submitted, or in answer to the trigger.
func (d *delivery) showForm(ctx context.Context, a asking, f chat.Form) error {
	if a.form == nil {
		return d.p.OpenForm(ctx, a.trigger, f)
	}
	view, err := modal(a.place, f)
	if err == nil {
		d.carry(slack.NewUpdateViewSubmissionResponse(&view))
	}
	return err
}

// showOne shows one message of an answer.
func (p *Platform) showOne(ctx context.Context, a asking, m chat.Message, public bool) error {
	if a.url != "" {
		err := slack.PostWebhookCustomHTTPContext(ctx, a.url, p.o.HTTP, webhook(m, public))
		if err == nil {
			return nil
		}
		p.log.Debug().Err(scrub(err)).Msg("Slack took no answer at its own address")
	}
	if public || direct(string(a.place.Channel)) {
		_, err := p.Post(ctx, "", a.place, m)
		return err
	}
	return p.Whisper(ctx, a.place, a.user, m)
}

func webhook(m chat.Message, public bool) *slack.WebhookMessage {
	kind := slack.ResponseTypeEphemeral
	if public {
		kind = slack.ResponseTypeInChannel
	}
	return &slack.WebhookMessage{Text: fallback(m), Blocks: &slack.Blocks{BlockSet: blocks(m)}, ResponseType: kind}
}

// shown remembers which questions were answered, so that one that is delivered twice is answered once.
type shown struct {
	mu   sync.Mutex
	old  map[chat.DeliveryID]bool
	seen map[chat.DeliveryID]bool
}

// shownMost bounds each of the two halves of the memory.
const shownMost = 5000

// first says that a question was not answered before, and notes it.
func (s *shown) first(id chat.DeliveryID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[id] || s.old[id] {
		return false
	}
	if s.seen == nil || len(s.seen) >= shownMost {
		s.old, s.seen = s.seen, map[chat.DeliveryID]bool{}
	}
	s.seen[id] = true
	return true
}
