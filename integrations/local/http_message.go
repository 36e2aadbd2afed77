package local

import (
	"html/template"
	"net/http"
	"strings"
	"time"

	"boswell/chat"
)

// An itemView is a line of the conversation: a message, and before the first of a day that day.
type itemView struct {
	Day     string
	Message messageView
}

type messageView struct {
	ID, Path           string
	Author, AuthorID   string
	Initials           string
	Hue                int // of the author's picture
	Bot, Mine, Whisper bool
	Follows            bool // the message above is by the same author, and of a moment ago
	Clock, Stamp, Time string
	Edited             string
	Text               template.HTML
	Raw                string // one's own text, to be edited
	Rows               []rowView
	Buttons            []chat.Button
	Menus              []chat.Menu
	Files              []fileView
	Reactions          []reactionView
	Pinned             bool
	Form               *formView
	Replies            []messageView
	// About is, of an answer whose thread begins further up, the message that it is about.
	About, AboutPath string
	Thread           string // the message whose thread an answer goes to
}

// A formView is a form, with what was wrong with it when it was sent.
type formView struct {
	*chat.Form
	Problem string
}

type rowView struct {
	Label string
	Text  template.HTML
}

type reactionView struct {
	Emoji, Who string
	Count      int
	Mine       bool
}

type fileView struct {
	Name, Path, Size string
	Image            bool
}

// shown is how many messages the page shows at first, and how many more each time.
const shown = 100

// fill adds the messages that the address asks for: the newest, those from a message on, or those behind a bound.
func (p *pages) fill(view *pageView, r *http.Request, by chat.UserID, in chat.Place) error {
	part, err := p.span(r, by)
	if err != nil {
		return err
	}
	messages, err := p.chat.Messages(by, in, part)
	if err != nil {
		return err
	}
	if view.After = part.After; part.Last > 0 && len(messages) == part.Last {
		view.After, messages = messages[0].Order, messages[1:]
	}
	view.Newcomer = len(messages) == 0 && !view.Room.Direct
	if view.After > everything {
		view.Earlier = p.earlier(by, in, view.After)
	}
	f := folder{pages: p, by: by, zone: zoneOf(r), roots: map[chat.ThreadID]int{}}
	for _, m := range messages {
		if err := f.add(m); err != nil {
			return err
		}
	}
	view.Items = f.items
	return nil
}

// span is the part of the room that a request asks for. One message more than is shown tells whether there are others.
func (p *pages) span(r *http.Request, by chat.UserID) (Span, error) {
	if query := r.URL.Query(); query.Has("after") {
		return Span{After: query.Get("after")}, nil
	}
	if r.PathValue("message") == "" {
		return Span{Last: shown + 1}, nil
	}
	m, err := p.chat.Message(by, p.on(r))
	if err != nil {
		return Span{}, err
	}
	newest, err := p.chat.Messages(by, p.place(r), Span{Last: shown + 1})
	if err != nil || len(newest) == 0 || newest[0].Order < m.Order {
		return Span{Last: shown + 1}, err
	}
	return Span{After: p.before(by, p.place(r), m.Order, shown/4)}, nil
}

// before is the bound that lets in so many messages before one; empty if there are no more.
func (p *pages) before(by chat.UserID, in chat.Place, order string, n int) string {
	older, err := p.chat.Messages(by, in, Span{Before: order, Last: n + 1})
	if err != nil || len(older) <= n {
		return ""
	}
	return older[0].Order
}

// everything is the bound that all messages are behind.
const everything = "0"

// earlier is the bound of a page that shows more.
func (p *pages) earlier(by chat.UserID, in chat.Place, after string) string {
	if bound := p.before(by, in, after, shown); bound != "" {
		return bound
	}
	return everything
}

// zoneOf is the zone in which a page shows times: the browser's, which the page tells by a cookie.
func zoneOf(r *http.Request) *time.Location {
	cookie, err := r.Cookie("zone")
	if err != nil {
		return time.UTC
	}
	zone, err := time.LoadLocation(cookie.Value)
	if err != nil || cookie.Value == "Local" {
		return time.UTC
	}
	return zone
}

// A folder folds answers under the messages that they are about.
type folder struct {
	pages *pages
	by    chat.UserID
	zone  *time.Location
	items []itemView
	roots map[chat.ThreadID]int // where in items the message of a thread is
	last  Message               // in items
	day   string
}

func (f *folder) add(m Message) error {
	if spent(m) {
		return nil
	}
	view, err := f.message(m)
	if err != nil {
		return err
	}
	if i, ok := f.roots[m.Place.Thread]; ok && m.Place.Thread != "" {
		f.items[i].Message.Replies = append(f.items[i].Message.Replies, view)
		return nil
	}
	if m.Place.Thread != "" {
		f.orphan(m, &view)
	}
	item := itemView{Message: view}
	if day := m.At.In(f.zone).Format("Monday, 2 January 2006"); day != f.day {
		item.Day, f.day = day, day
	} else {
		item.Message.Follows = follows(f.last, m)
	}
	f.roots[chat.ThreadID(m.Ref.Message)] = len(f.items)
	f.items, f.last = append(f.items, item), m
	return nil
}

// spent says that a message was a form only, which has been filled in.
func spent(m Message) bool {
	return m.Whisper && m.Form == nil && legible(m.Content) == "" && len(m.Content.Buttons)+len(m.Content.Menus) == 0 && len(m.Files) == 0
}

// orphan says what an answer is about whose thread begins elsewhere.
func (f *folder) orphan(m Message, view *messageView) {
	root := chat.Ref{Platform: m.Ref.Platform, Channel: m.Ref.Channel, Message: chat.MessageID(m.Place.Thread)}
	about, err := f.pages.chat.Message(f.by, root)
	if err != nil {
		view.About = "a message that is gone"
		return
	}
	view.About = about.From.Display() + ": " + snippet(legible(about.Content))
	view.AboutPath = messagePath(root, f.by)
}

// pause is how long an author may be silent until the next message bears the name again.
const pause = 5 * time.Minute

func follows(last, m Message) bool {
	return last.From.ID == m.From.ID && last.From.Alias == m.From.Alias && last.Whisper == m.Whisper && m.Place.Thread == "" &&
		m.At.Sub(last.At) < pause
}

func (f *folder) message(m Message) (messageView, error) {
	text, err := f.pages.text(m)
	if err != nil {
		return messageView{}, err
	}
	at := m.At.In(f.zone)
	view := messageView{ID: string(m.Ref.Message), Path: messagePath(m.Ref, f.by), Author: m.From.Display(), AuthorID: string(m.From.ID),
		Initials: initials(m.From.Display()), Hue: hue(m.From), Bot: m.From.Bot, Mine: m.From.ID == f.by, Whisper: m.Whisper,
		Clock: at.Format("15:04"), Stamp: at.Format("Monday, 2 January 2006, 15:04:05 MST"), Time: m.At.UTC().Format(time.RFC3339),
		Text: text, Buttons: m.Content.Buttons, Menus: m.Content.Menus, Pinned: m.Pinned, Thread: string(m.Ref.Message)}
	if m.Form != nil {
		view.Form = &formView{m.Form, m.Problem}
	}
	if m.Place.Thread != "" {
		view.Thread = string(m.Place.Thread)
	}
	if view.Mine {
		view.Raw = m.Content.Text.String()
	}
	if !m.Edited.IsZero() {
		view.Edited = m.Edited.In(f.zone).Format("15:04")
	}
	for _, row := range m.Content.Rows {
		view.Rows = append(view.Rows, rowView{row.Label, spans(row.Text)})
	}
	for _, file := range m.Files {
		view.Files = append(view.Files, f.file(m.Ref, file))
	}
	for _, r := range m.Reactions {
		view.Reactions = append(view.Reactions, f.reaction(r))
	}
	return view, nil
}

func (f *folder) file(on chat.Ref, file chat.File) fileView {
	path := linkTo("", on) + "/files/" + file.ID + "?as=" + string(f.by)
	return fileView{Name: file.Name, Path: path, Size: sizeOf(file.Size), Image: picture(file.Type)}
}

func (f *folder) reaction(r Reaction) reactionView {
	view := reactionView{Emoji: r.Emoji, Count: len(r.From)}
	var names []string
	for _, u := range r.From {
		view.Mine = view.Mine || u.ID == f.by
		names = append(names, u.Display())
	}
	view.Who = strings.Join(names, ", ")
	return view
}
