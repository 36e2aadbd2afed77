package slack

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"boswell/chat"
)

// remembered is for how long people and groups are taken as they were.
const remembered = 10 * time.Minute

// peopleMost bounds how many people are remembered.
const peopleMost = 50000

// people remembers who is who, since every message needs a name.
type people struct {
	mu     sync.Mutex
	byID   map[string]chat.User
	groups []wireGroup
	read   time.Time // when all of them were read
	asked  time.Time // when the groups were read
}

type (
	wireUser struct {
		ID       string `json:"id"`
		TeamID   string `json:"team_id"`
		Name     string `json:"name"`
		RealName string `json:"real_name"`
		Deleted  bool   `json:"deleted"`
		Bot      bool   `json:"is_bot"`
		Limited  bool   `json:"is_restricted"`
		Single   bool   `json:"is_ultra_restricted"`
		Stranger bool   `json:"is_stranger"`
		Zone     string `json:"tz"`
		Profile  struct {
			RealName    string `json:"real_name"`
			DisplayName string `json:"display_name"`
		} `json:"profile"`
	}
	wireGroup struct {
		ID     string   `json:"id"`
		Handle string   `json:"handle"`
		Users  []string `json:"users"`
	}
)

// user is an account as the rest of the program sees it.
func (u wireUser) user(me self) chat.User {
	name := first(u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name)
	return chat.User{ID: chat.UserID(u.ID), Handle: u.Name, Name: name, Zone: u.Zone, Bot: u.Bot, Self: u.ID == me.user,
		Guest: u.Limited || u.Single || u.Stranger || me.team != "" && u.TeamID != "" && u.TeamID != me.team}
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func (d *people) get(id string) (chat.User, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u, ok := d.byID[id]
	return u, ok
}

func (d *people) put(users ...chat.User) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byID == nil || len(d.byID)+len(users) > peopleMost {
		d.byID = map[string]chat.User{}
		d.read = time.Time{}
	}
	for _, u := range users {
		d.byID[string(u.ID)] = u
	}
}

// Person finds an account. One that is not there is ErrGone.
func (p *Platform) Person(ctx context.Context, id chat.UserID) (chat.User, error) {
	if u, ok := p.people.get(string(id)); ok {
		return u, nil
	}
	me, err := p.self(ctx)
	if err != nil {
		return chat.User{}, err
	}
	var answer struct {
		User wireUser `json:"user"`
	}
	if err := p.read(ctx, "users.info", url.Values{"user": {string(id)}}, &answer); err != nil {
		return chat.User{}, p.sorted("look up a person", err)
	}
	u := answer.User.user(me)
	p.people.put(u)
	return u, nil
}

// People are those whose handle or name begins with typed, at most max, in the order of their handles. Bots and deactivated
// accounts are not among them.
func (p *Platform) People(ctx context.Context, _ chat.Place, typed string, max int) ([]chat.User, error) {
	if err := p.readPeople(ctx); err != nil {
		return nil, err
	}
	typed = strings.ToLower(strings.TrimPrefix(typed, "@"))
	begins := func(name string) bool { return strings.HasPrefix(strings.ToLower(name), typed) }
	p.people.mu.Lock()
	defer p.people.mu.Unlock()
	var found []chat.User
	for _, u := range p.people.byID {
		if !u.Bot && (begins(u.Handle) || begins(u.Name)) {
			found = append(found, u)
		}
	}
	slices.SortFunc(found, func(a, b chat.User) int { return strings.Compare(a.Handle, b.Handle) })
	return found[:min(len(found), max)], nil
}

// readPeople reads all accounts, unless that was done a short time ago.
func (p *Platform) readPeople(ctx context.Context) error {
	p.people.mu.Lock()
	fresh := !p.people.read.IsZero() && p.o.Now().Sub(p.people.read) < remembered
	p.people.mu.Unlock()
	if fresh {
		return nil
	}
	me, err := p.self(ctx)
	if err != nil {
		return err
	}
	err = p.pagesOn(ctx, "users.list", url.Values{}, func(page *listPage) error {
		for _, u := range page.Members {
			if !u.Deleted {
				p.people.put(u.user(me))
			}
		}
		return nil
	})
	if err != nil {
		return p.sorted("read the list of people", err)
	}
	p.people.mu.Lock()
	defer p.people.mu.Unlock()
	p.people.read = p.o.Now()
	return nil
}

// findGroup is a user group, with its members. One that is not among those that are remembered may be new: then they are read
// once more.
func (p *Platform) findGroup(ctx context.Context, wanted func(wireGroup) bool) (wireGroup, bool, error) {
	p.people.mu.Lock()
	groups, fresh := p.people.groups, p.o.Now().Sub(p.people.asked) < remembered
	p.people.mu.Unlock()
	if i := slices.IndexFunc(groups, wanted); i >= 0 && fresh {
		return groups[i], true, nil
	}
	var answer struct {
		Groups []wireGroup `json:"usergroups"`
	}
	if err := p.read(ctx, "usergroups.list", url.Values{"include_users": {"true"}}, &answer); err != nil {
		return wireGroup{}, false, p.sorted("read the user groups", err)
	}
	p.people.mu.Lock()
	p.people.groups, p.people.asked = answer.Groups, p.o.Now()
	p.people.mu.Unlock()
	i := slices.IndexFunc(answer.Groups, wanted)
	if i < 0 {
		return wireGroup{}, false, nil
	}
	return answer.Groups[i], true, nil
}

// group is the user group with an identifier.
func (p *Platform) group(ctx context.Context, id string) (wireGroup, error) {
	g, ok, err := p.findGroup(ctx, func(g wireGroup) bool { return g.ID == id })
	if err == nil && !ok {
		err = chat.Final(errors.New("no such user group"), "I do not know that user group.")
	}
	return g, err
}

// group IDs begin with S; those of people with U or W.
func isGroup(id chat.UserID) bool { return strings.HasPrefix(string(id), "S") }

// names puts names in place of identifiers while one text is read. What could not be looked up for the moment is kept in
// err, and the identifier stands in the text.
type names struct {
	p   *Platform
	ctx context.Context
	// handles says that people are written by what others type after @, as in a command.
	handles  bool
	mentions []chat.User
	err      error
}

func (n *names) person(id, label string) string {
	u, err := n.p.Person(n.ctx, chat.UserID(id))
	if err != nil {
		if f := chat.AsFailure(err); f.Temporary {
			n.err = errors.Join(n.err, err)
		}
		return "@" + first(label, id)
	}
	n.mentions = append(n.mentions, u)
	if n.handles {
		return "@" + u.Handle
	}
	return "@" + u.Name
}

func (n *names) room(id, label string) string {
	if label != "" {
		n.p.rooms.learn(label, id)
		return "#" + label
	}
	if name, ok := n.p.rooms.nameOf(id); ok {
		return "#" + name
	}
	info, err := n.p.roomInfo(n.ctx, id)
	if err != nil {
		if chat.AsFailure(err).Temporary {
			n.err = errors.Join(n.err, err)
		}
		return "#" + id
	}
	return "#" + info.Name
}

func (n *names) group(id, label string) string {
	handle := strings.TrimPrefix(label, "@")
	if handle == "" {
		g, err := n.p.group(n.ctx, id)
		if err != nil {
			return "@" + id
		}
		handle = g.Handle
	}
	n.mentions = append(n.mentions, chat.User{ID: chat.UserID(id), Handle: handle, Name: handle, Group: true})
	return "@" + handle
}
