package rocketchat

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"

	"boswell/chat"
)

// people remembers who is who by identifier, and which identifier a username stands for. A username that somebody had before
// stays theirs, since reactions keep it, until somebody else takes it.
type people struct {
	mu     sync.Mutex
	byID   map[string]chat.User
	byName map[string]string
}

// peopleMost bounds how many people are remembered.
const peopleMost = 50000

func (d *people) get(id string) (chat.User, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u, ok := d.byID[id]
	return u, ok
}

func (d *people) named(username string) (chat.User, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u, ok := d.byID[d.byName[username]]
	return u, ok
}

func (d *people) put(u chat.User) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byID == nil || len(d.byID) >= peopleMost || len(d.byName) >= 2*peopleMost {
		d.byID, d.byName = map[string]chat.User{}, map[string]string{}
	}
	d.byID[string(u.ID)] = u
	if u.Handle != "" {
		d.byName[u.Handle] = string(u.ID)
	}
}

// user is an account as the rest of the program sees it. self is the bot's identifier. Whose roles the server does not show
// is taken for a person of the workspace.
func (a account) user(self string) chat.User {
	return chat.User{ID: chat.UserID(a.ID), Handle: a.Username, Name: first(a.Name, a.Username), Self: a.ID == self,
		Bot:   a.ID == self || a.Type == "bot" || a.Type == "app" || slices.Contains(a.Roles, "bot") || slices.Contains(a.Roles, "app"),
		Guest: slices.Contains(a.Roles, "guest") || slices.Contains(a.Roles, "anonymous")}
}

// account finds somebody. One that is not there is ErrGone.
func (p *Platform) account(ctx context.Context, id string) (chat.User, error) {
	if u, ok := p.people.get(id); ok {
		return u, nil
	}
	return p.lookUp(ctx, url.Values{"userId": {id}})
}

// Person finds an account. One that is not there is ErrGone.
func (p *Platform) Person(ctx context.Context, id chat.UserID) (chat.User, error) {
	return p.account(ctx, string(id))
}

func (p *Platform) lookUp(ctx context.Context, who url.Values) (chat.User, error) {
	var answer struct {
		User account `json:"user"`
	}
	err := p.rest.get(ctx, "users.info", who, &answer)
	if refused(err) && code(err) != "totp-required" || err == nil && answer.User.ID == "" {
		return chat.User{}, chat.Final(errors.Join(chat.ErrGone, err), "")
	}
	if err != nil {
		return chat.User{}, sorted("look up a person", err)
	}
	if answer.User.Roles == nil && !p.rolesMissed.Swap(true) {
		p.log.Warn().Msg("the server does not say who is a guest or a bot: the account lacks the permission view-full-other-user-info; guests see every incident that is not private")
	}
	u := answer.User.user(p.knownSelf())
	p.people.put(u)
	return u, nil
}

// person is somebody as an event names them. What the event does not tell is looked up once; where that is not possible just
// now, what it tells must do.
func (p *Platform) person(ctx context.Context, a account) chat.User {
	known, ok := p.people.get(a.ID)
	if !ok {
		u, err := p.account(ctx, a.ID)
		if err != nil {
			return a.user(p.knownSelf())
		}
		known = u
	}
	if a.Username != "" && a.Username != known.Handle || a.Name != "" && a.Name != known.Name {
		known.Handle, known.Name = first(a.Username, known.Handle), first(a.Name, known.Name)
		p.people.put(known) // renamed in the meantime
	}
	return known
}

// named is who has a username, or had it. Somebody who is not there any more is only the name, without an identifier.
func (p *Platform) named(ctx context.Context, username string) (chat.User, error) {
	if u, ok := p.people.named(username); ok {
		return u, nil
	}
	u, err := p.lookUp(ctx, url.Values{"username": {username}})
	if errors.Is(err, chat.ErrGone) {
		return chat.User{Handle: username, Name: username}, nil
	}
	return u, err
}

// byID is who a mark names, as far as that is known without fail.
func (p *Platform) byID(ctx context.Context, user string) chat.User {
	if username, only := strings.CutPrefix(user, "@"); only {
		return chat.User{Handle: username, Name: username}
	}
	u, err := p.account(ctx, user)
	if err != nil {
		return chat.User{ID: chat.UserID(user)}
	}
	return u
}

// People are those whose handle or name begins with typed, at most max, in the order of their handles. Bots are not among
// them, as far as they are known to be bots.
func (p *Platform) People(ctx context.Context, _ chat.Place, typed string, max int) ([]chat.User, error) {
	typed = strings.TrimPrefix(strings.TrimSpace(typed), "@")
	selector, err := json.Marshal(map[string]string{"term": typed})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Items []account `json:"items"`
	}
	if err := p.rest.get(ctx, "users.autocomplete", url.Values{"selector": {string(selector)}}, &answer); err != nil {
		return nil, sorted("look for people", err)
	}
	begins := func(name string) bool { return strings.HasPrefix(strings.ToLower(name), strings.ToLower(typed)) }
	var found []chat.User
	for _, a := range answer.Items {
		u := a.user(p.knownSelf())
		if known, ok := p.people.get(a.ID); ok {
			u.Bot, u.Guest = known.Bot, known.Guest
		}
		if !u.Bot && (begins(u.Handle) || begins(u.Name)) {
			found = append(found, u)
		}
	}
	slices.SortFunc(found, func(a, b chat.User) int { return strings.Compare(a.Handle, b.Handle) })
	return found[:min(len(found), max)], nil
}
