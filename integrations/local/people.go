package local

import (
	"context"
	"strings"
	"time"
	"unicode"

	"boswell/chat"
)

// An Arrival is somebody who is new here.
type Arrival struct {
	// Key, if any, makes the same call again return the same person.
	Key    string
	Handle string // what people type after "@": letters, digits, ".", "-" and "_"
	Name   string // what people read; empty is the handle
	Zone   string // IANA name; empty is unknown
	Bot    bool   // a program that posts; what it says is no command
	Guest  bool   // from outside
}

// Arrive makes an account. A handle that is taken, or none, is a *Problem.
func (c *Chat) Arrive(ctx context.Context, a Arrival) (chat.User, error) {
	t, err := a.checked()
	if err != nil {
		return chat.User{}, err
	}
	var id chat.UserID
	err = c.do(ctx, func(d *draft) error {
		if known, ok := d.state.personKeys[a.Key]; ok {
			id = known
			return nil
		}
		if _, taken := d.state.byHandle(a.Handle); taken {
			return problem("The name @%s is taken. Choose another one.", a.Handle)
		}
		id = chat.UserID("u" + number(d.add(t)))
		return nil
	})
	if err != nil {
		return chat.User{}, err
	}
	return c.person(id)
}

// checked is the arrival as it is written down.
func (a Arrival) checked() (arrived, error) {
	valid := strings.IndexFunc(a.Handle, func(r rune) bool { return !inHandle(r) }) < 0
	switch {
	case a.Handle == "":
		return arrived{}, problem("A name needs a letter or a digit, so that others can mention it. Choose another one.")
	case len([]rune(a.Handle)) > maxName || !valid || strings.Trim(a.Handle, ".-_") != a.Handle:
		return arrived{}, problem("A handle has letters and digits, and between them %q. Choose another one than %q.", ".-_", clip(a.Handle, maxName))
	case len([]rune(a.Name)) > maxName:
		return arrived{}, problem("A name has at most %d characters. Choose a shorter one.", maxName)
	}
	if _, err := time.LoadLocation(a.Zone); err != nil {
		return arrived{}, problem("%q is not the name of a time zone. Write it as in Europe/Berlin.", clip(a.Zone, maxName))
	}
	return arrived{Handle: a.Handle, Name: oneLine(a.Name), Zone: a.Zone, Bot: a.Bot, Guest: a.Guest, Key: a.Key}, nil
}

// oneLine is a text without line breaks, control characters, and those that turn what follows around.
func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "�")))
}

// Person is one account.
func (c *Chat) Person(id chat.UserID) (chat.User, error) { return c.person(id) }

func (c *Chat) person(id chat.UserID) (u chat.User, err error) {
	err = c.read(func(s *state) error {
		u, err = s.known(id)
		return err
	})
	return u, err
}

// known is a person who is here.
func (s *state) known(id chat.UserID) (chat.User, error) {
	u, ok := s.people[id]
	if !ok {
		return chat.User{}, errNobody
	}
	return u, nil
}

// People are all accounts but the bot's, in the order of their arrival.
func (c *Chat) People() (people []chat.User, err error) {
	err = c.read(func(s *state) error {
		for _, id := range s.arrivals {
			people = append(people, s.people[id])
		}
		return nil
	})
	return people, err
}
