package local

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"boswell/chat"
)

// A pageView is the whole page, for one person in one room.
type pageView struct {
	Me      chat.User
	People  []personView
	Rooms   []roomView
	Directs []roomView
	// Archived are the rooms that are closed.
	Archived []roomView
	Room     headView
	Items    []itemView
	// After bounds the messages from below: it is what the page asks with when it reads itself again. Earlier leads to
	// older ones.
	After, Earlier string
	Chosen         string // the message that the address names
	Beside         string
	Styles         []string
	Scripts        []string
	Slash          string
	Emojis         []string
	Newcomer       bool // nothing was said here yet
}

type personView struct {
	ID, Name, Handle, Path string
	Me                     bool
}

type roomView struct {
	ID, Name, Path, Mark, Last string
	Here                       bool
}

// headView is what stands above the messages.
type headView struct {
	ID, Name, Topic string
	Mark            string // "#" or "🔒"; empty for a direct conversation
	Members         string
	Bookmarks       []Bookmark
	Pins            []pinView
	Member          bool
	Direct          bool
	Archived        bool
	Others          []personView // who could be brought in
}

type pinView struct{ Path, Text string }

// home leads to a room, or asks a newcomer who they are.
func (p *pages) home(w http.ResponseWriter, r *http.Request) error {
	people, err := p.speakers("")
	if err != nil {
		return err
	}
	if len(people) == 0 {
		return p.show(w, r, "welcome.html", nil)
	}
	by := p.speaker(r, people)
	room, err := p.somewhere(r.Context(), by)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, roomPath(room, by), http.StatusSeeOther)
	return nil
}

// speakers are the people that one can speak as. here is the room that switching leads to.
func (p *pages) speakers(here chat.ChannelID) ([]personView, error) {
	people, err := p.chat.People()
	if err != nil {
		return nil, err
	}
	var views []personView
	for _, u := range people {
		if !u.Bot {
			views = append(views, personView{ID: string(u.ID), Name: u.Display(), Handle: u.Handle, Path: roomPath(here, u.ID)})
		}
	}
	return views, nil
}

// speaker is whom a request speaks as: who it names, else the first.
func (p *pages) speaker(r *http.Request, people []personView) chat.UserID {
	as := r.URL.Query().Get("as")
	if i := slices.IndexFunc(people, func(v personView) bool { return v.ID == as }); i >= 0 {
		return chat.UserID(as)
	}
	return chat.UserID(people[0].ID)
}

// roomPath is the address of a room as somebody sees it; without a room, of the first.
func roomPath(room chat.ChannelID, by chat.UserID) string {
	path := "/"
	if room != "" {
		path = linkRoom + string(room)
	}
	return path + "?as=" + url.QueryEscape(string(by))
}

// room shows a room. Somebody who sees no such room is led to one that they see.
func (p *pages) room(w http.ResponseWriter, r *http.Request) error {
	place := p.place(r)
	people, err := p.speakers(place.Channel)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		return errNobody
	}
	by := p.speaker(r, people)
	here, err := p.chat.Room(by, place)
	if errors.Is(err, chat.ErrGone) && r.URL.Query().Has("as") && r.PathValue("message") == "" {
		http.Redirect(w, r, "/?as="+url.QueryEscape(string(by)), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	view, err := p.view(r, by, here, people)
	if err != nil {
		return err
	}
	return p.show(w, r, "page.html", view)
}

func (p *pages) view(r *http.Request, by chat.UserID, here Room, people []personView) (pageView, error) {
	me, err := p.chat.Person(by)
	if err != nil {
		return pageView{}, err
	}
	rooms, err := p.chat.Rooms(by)
	if err != nil {
		return pageView{}, err
	}
	view := pageView{Me: me, People: people, Slash: Slash, Styles: p.o.Styles, Scripts: p.o.Scripts, Emojis: choosable(),
		Chosen: r.PathValue("message")}
	for i := range view.People {
		view.People[i].Me = view.People[i].ID == string(by)
	}
	for _, room := range rooms {
		view.list(room, by, here.Place.Channel)
	}
	if p.o.Beside != nil {
		view.Beside = p.o.Beside(here.Place.Channel)
	}
	if view.Room, err = p.head(by, here, people); err != nil {
		return pageView{}, err
	}
	return view, p.fill(&view, r, by, here.Place)
}

// list adds a room to those at the side.
func (v *pageView) list(room Room, by chat.UserID, here chat.ChannelID) {
	row := roomView{ID: string(room.Place.Channel), Name: room.Name, Path: roomPath(room.Place.Channel, by), Mark: markOf(room),
		Here: room.Place.Channel == here}
	if !room.Last.IsZero() {
		row.Last = room.Last.Format(time.RFC3339Nano)
	}
	switch {
	case room.Direct:
		v.Directs = append(v.Directs, row)
	case room.Archived:
		v.Archived = append(v.Archived, row)
	default:
		v.Rooms = append(v.Rooms, row)
	}
}

func markOf(room Room) string {
	switch {
	case room.Direct:
		return ""
	case room.Private:
		return "🔒"
	default:
		return "#"
	}
}

func (p *pages) head(by chat.UserID, here Room, people []personView) (headView, error) {
	pins, err := p.chat.Pins(by, here.Place)
	if err != nil {
		return headView{}, err
	}
	head := headView{ID: string(here.Place.Channel), Name: here.Name, Topic: here.Topic, Mark: markOf(here), Bookmarks: here.Bookmarks,
		Member: here.Member, Direct: here.Direct, Archived: here.Archived}
	var names []string
	for _, u := range here.Members {
		names = append(names, u.Display())
	}
	head.Members = strings.Join(names, ", ")
	for _, m := range pins {
		head.Pins = append(head.Pins, pinView{messagePath(m.Ref, by), snippet(legible(m.Content))})
	}
	for _, v := range people {
		if !slices.ContainsFunc(here.Members, func(u chat.User) bool { return string(u.ID) == v.ID }) {
			head.Others = append(head.Others, v)
		}
	}
	return head, nil
}

// messagePath is the address of a message as somebody sees it.
func messagePath(on chat.Ref, by chat.UserID) string {
	return linkTo("", on) + "?as=" + url.QueryEscape(string(by))
}

// snippet is the beginning of a text, on one line.
func snippet(text string) string {
	const most = 80
	text = strings.Join(strings.Fields(text), " ")
	if short := clip(text, most); short != text {
		return short + "…"
	}
	return text
}

// choosable are the emoji to choose from, those that tag first.
func choosable() []string {
	first := []string{"📌", "📎", "✅", "👀", "👍", "🎉"}
	all := slices.Clone(first)
	var rest []string
	for _, char := range emojis {
		if !slices.Contains(first, char) {
			rest = append(rest, char)
		}
	}
	slices.Sort(rest)
	return append(all, rest...)
}
