package discord

import (
	"encoding/json"
	"sync"
	"time"

	"boswell/chat"
)

// The types of interaction.
const (
	askCommand  = 2
	askButton   = 3 // or a menu
	askComplete = 4
	askForm     = 5
)

// The types of command.
const (
	commandSlash   = 1
	commandMessage = 3
)

// An interaction is a question of a person's: a command, a button, a completion, a form.
type interaction struct {
	ID        string   `json:"id"`
	AppID     string   `json:"application_id"`
	Type      int      `json:"type"`
	Token     string   `json:"token"`
	GuildID   string   `json:"guild_id"`
	ChannelID string   `json:"channel_id"`
	Member    *member  `json:"member"`
	User      *account `json:"user"`
	Message   *message `json:"message"`
	Data      struct {
		Type     int         `json:"type"`
		Name     string      `json:"name"`
		TargetID string      `json:"target_id"`
		Options  []option    `json:"options"`
		CustomID string      `json:"custom_id"`
		Values   []string    `json:"values"` // of a menu
		Form     []component `json:"components"`
		Resolved struct {
			Messages map[string]message `json:"messages"`
			Users    map[string]account `json:"users"`
			Members  map[string]member  `json:"members"`
		} `json:"resolved"`
	} `json:"data"`
}

// component is a part of a form that was filled in, in either of the two shapes that Discord has.
type component struct {
	Type       int         `json:"type"`
	CustomID   string      `json:"custom_id"`
	Value      string      `json:"value"`
	Values     []string    `json:"values"`
	Component  *component  `json:"component"`
	Components []component `json:"components"`
}

// by is who asks.
func (p *Platform) by(in interaction) chat.User {
	switch {
	case in.Member != nil && in.Member.User != nil:
		return p.user(*in.Member.User, in.Member)
	case in.User != nil:
		return p.user(*in.User, nil)
	default:
		return chat.User{}
	}
}

// An ask is a question that waits for its answer. Discord waits three seconds; before they are over, the person is told that
// the answer comes.
type ask struct {
	r     *running
	in    interaction
	place chat.Place
	by    chat.User
	timer *time.Timer

	mu       sync.Mutex
	deferred bool // the person was told that the answer comes
	done     bool // the first answer is on its way, or was
}

// routeInteraction takes a question. Completion does not wait for its room: it is only read, and is worth nothing late.
func (r *running) routeInteraction(d dispatch) (string, func(), error) {
	a := &ask{r: r}
	if err := json.Unmarshal(d.data, &a.in); err != nil {
		// What is there of it is enough to say so.
		if a.in.ID != "" && a.in.Token != "" {
			return "", func() { a.say(errUnread) }, err
		}
		return "", nil, err
	}
	if !r.p.cfg.serves(a.in.GuildID) {
		return "", func() { a.say("This bot does not serve this server. Its operator can add it to the configuration.") }, nil
	}
	a.by = r.p.by(a.in)
	if a.in.Type == askComplete {
		return "complete/" + a.in.ID, func() { a.complete() }, nil
	}
	a.timer = time.AfterFunc(r.p.o.Defer, a.postpone)
	return r.p.lane(a.in.ChannelID), func() { a.take() }, nil
}

const errUnread = "I could not read that. Nothing was changed. Try it again, or type it."

// take hands a question over and answers it.
func (a *ask) take() {
	p := a.r.p
	s, ok := a.r.where(a.in.GuildID, a.in.ChannelID)
	if !ok {
		a.say("I may not see this channel. Give me the permission View Channel here, and ask again.")
		return
	}
	a.place = p.place(s)
	meta := chat.Meta{Delivery: chat.DeliveryID("i" + a.in.ID), At: momentOf(a.in.ID), From: a.by, Place: a.place,
		Direct: a.in.GuildID == "", Room: s.name}
	if a.in.Type != askForm {
		meta.Trigger = chat.Trigger(a.in.ID + " " + a.in.Token)
	}
	p.tokens.put(a.place.Room(), a.by.ID, answerToken{app: a.in.AppID, token: a.in.Token, until: meta.At.Add(tokenFor)})
	question, ok := a.question(s, meta)
	if !ok {
		a.say("I do not know that any more. Type the command again.")
		return
	}
	a.answer(a.r.inquire(question))
}

// question is what the bot is asked.
func (a *ask) question(s spot, meta chat.Meta) (chat.Inbound, bool) {
	p := a.r.p
	switch {
	case a.in.Type == askCommand && a.in.Data.Type == commandMessage:
		action, ok := actionOf(a.in.Data.Name)
		in := chat.Shortcut{Meta: meta, Action: action, On: p.ref(s, a.in.Data.TargetID)}
		if m, along := a.in.Data.Resolved.Messages[a.in.Data.TargetID]; along && m.Author != nil {
			said := p.said(a.r.ctx, s, m)
			in.Message = &said
		}
		return in, ok
	case a.in.Type == askCommand:
		line, args, mentions, _ := p.native(a.r.ctx, a.in)
		return chat.Invoked{Meta: meta, Line: line, Args: args, Mentions: mentions}, true
	case a.in.Type == askButton && a.in.Message != nil:
		action, value, ok := buttonOf(a.in.pressed())
		return chat.Pressed{Meta: meta, Action: action, Value: value, On: p.ref(s, a.in.Message.ID)}, ok
	case a.in.Type == askForm:
		action, state, ok := formOf(a.in.Data.CustomID)
		return chat.Submitted{Meta: meta, Action: action, State: state, Values: a.values()}, ok
	default:
		return nil, false
	}
}

// tokenFor is how long a question can be answered, with a minute to spare.
const tokenFor = 14 * time.Minute

// An answerToken lets something be said in answer to a question.
type answerToken struct {
	app, token string
	until      time.Time
}

func (t answerToken) webhook() string { return "/webhooks/" + t.app + "/" + t.token }

type asker struct {
	room chat.Place
	user chat.UserID
}

// tokens remembers by whom, in which room, a question was asked that can still be answered.
type tokens struct{ live bounded[asker, answerToken] }

func (t *tokens) put(room chat.Place, user chat.UserID, token answerToken) {
	t.live.put(asker{room, user}, token)
}

func (t *tokens) of(room chat.Place, user chat.UserID, now time.Time) (answerToken, bool) {
	token, ok := t.live.get(asker{room, user})
	return token, ok && now.Before(token.until)
}
