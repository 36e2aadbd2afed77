package discordsim

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// An interaction is a question of a person's to the bot.
type interaction struct {
	id, token string
	kind      int
	in        *channel
	by        *user
	at        time.Time

	answered bool
	deferred bool // the original is still to be filled
	private  bool // and the person alone will see it
	original *message
	said     []*message
	form     object
	choices  []object
}

// How long the first answer may take, and how long others may follow.
const (
	firstWithin = 3 * time.Second
	othersFor   = 15 * time.Minute
)

func (c *call) interaction() *interaction {
	i := c.s.interactions[c.path("token")]
	if i == nil || c.path("id") != "" && i.id != c.path("id") {
		return nil
	}
	return i
}

func answerFirst(c *call) (any, *refusal) {
	i := c.interaction()
	var asked struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	switch {
	case i == nil:
		return nil, unknownAsk
	case i.answered:
		return nil, answered
	case c.s.clock.Now().Sub(i.at) > firstWithin:
		return nil, unknownAsk
	case !c.read(&asked):
		return nil, badForm
	}
	inner := &call{s: c.s, r: c.r, text: asked.Data}
	if refused := i.answer(inner, asked.Type); refused != nil {
		return nil, refused
	}
	i.answered = true
	return nil, nil
}

func (i *interaction) answer(c *call, kind int) *refusal {
	switch kind {
	case 4:
		m, refused := i.compose(c)
		i.original = m
		return refused
	case 5:
		var data struct {
			Flags int `json:"flags"`
		}
		if !c.read(&data) || i.kind == askComplete {
			return badForm
		}
		i.deferred, i.private = true, data.Flags&64 != 0
		return nil
	case 6:
		if i.kind != askPress {
			return badForm
		}
		return nil
	case 8:
		return i.complete(c)
	case 9:
		return i.open(c)
	default:
		return badForm
	}
}

// compose makes a message in answer.
func (i *interaction) compose(c *call) (*message, *refusal) {
	m, refused := c.compose(i.in)
	if refused != nil {
		return nil, refused
	}
	m.kind, m.command = 20, true
	if m.flags&64 != 0 {
		m.to = i.by.id
	}
	i.said = append(i.said, m)
	c.s.add(m)
	return m, nil
}

func (i *interaction) complete(c *call) *refusal {
	var data struct {
		Choices []object `json:"choices"`
	}
	if i.kind != askComplete || !c.read(&data) || len(data.Choices) > 25 {
		return badForm
	}
	for _, choice := range data.Choices {
		if n := utf8.RuneCountInString(text(choice, "name")); n < 1 || n > 100 || utf8.RuneCountInString(text(choice, "value")) > 100 {
			return badForm
		}
	}
	i.choices = data.Choices
	return nil
}

func (i *interaction) open(c *call) *refusal {
	var form object
	if i.kind == askFill || !c.read(&form) {
		return badForm
	}
	parts := list(form, "components")
	title, id := utf8.RuneCountInString(text(form, "title")), utf8.RuneCountInString(text(form, "custom_id"))
	if title < 1 || title > 45 || id < 1 || id > 100 || len(parts) < 1 || len(parts) > 5 {
		return badForm
	}
	for _, p := range parts {
		if label := utf8.RuneCountInString(text(p, "label")); whole(p, "type") != 18 || label < 1 || label > 45 || utf8.RuneCountInString(text(p, "description")) > 100 {
			return badForm
		}
	}
	i.form = form
	return nil
}

func (c *call) live() (*interaction, *refusal) {
	i := c.interaction()
	if i == nil || !i.answered || c.s.clock.Now().Sub(i.at) > othersFor {
		return nil, unknownHook
	}
	return i, nil
}

func followUp(c *call) (any, *refusal) {
	i, refused := c.live()
	if refused != nil {
		return nil, refused
	}
	if i.deferred {
		return i.fill(c)
	}
	m, refused := i.compose(c)
	if refused != nil {
		return nil, refused
	}
	return m.object(c.s, true), nil
}

// fill puts the message into what was deferred; who sees it is settled already.
func (i *interaction) fill(c *call) (any, *refusal) {
	m, refused := c.compose(i.in)
	if refused != nil {
		return nil, refused
	}
	m.kind, m.command, m.to = 20, true, ""
	if i.private {
		m.to, m.flags = i.by.id, m.flags|64
	}
	i.deferred, i.original = false, m
	i.said = append(i.said, m)
	c.s.add(m)
	return m.object(c.s, true), nil
}

// followed is the message that an address below the token names.
func (c *call) followed() (*interaction, *message, *refusal) {
	i, refused := c.live()
	if refused != nil {
		return nil, nil, refused
	}
	if id := strings.ReplaceAll(c.path("message"), "%40", "@"); id == "@original" {
		return i, i.original, nil
	}
	m := i.in.message(c.path("message"))
	if m == nil {
		return nil, nil, unknownMessage
	}
	return i, m, nil
}

func oneFollowUp(c *call) (any, *refusal) {
	_, m, refused := c.followed()
	if refused != nil {
		return nil, refused
	}
	if m == nil {
		return nil, unknownMessage
	}
	return m.object(c.s, true), nil
}

func editFollowUp(c *call) (any, *refusal) {
	i, m, refused := c.followed()
	switch {
	case refused != nil:
		return nil, refused
	case m == nil && i.deferred:
		return i.fill(c)
	case m == nil:
		return nil, unknownMessage
	}
	if refused := c.edit(m); refused != nil {
		return nil, refused
	}
	return m.object(c.s, true), nil
}

func deleteFollowUp(c *call) (any, *refusal) {
	_, m, refused := c.followed()
	if refused != nil {
		return nil, refused
	}
	if m == nil {
		return nil, unknownMessage
	}
	c.s.remove(m)
	return nil, nil
}
