package web

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"boswell/incident"
	"boswell/postmortem"
	"boswell/storage"
)

// dayView is the entries of one day; of no day, those whose day nobody knows.
type dayView struct {
	Day, Zone string
	Entries   []entryView
}

type entryView struct {
	ID, Clock, Machine, Marker string
	Number                     int
	Text                       template.HTML
	Author, Credit, Link       string
	Files                      []fileView
	ByHand                     bool
}

type fileView struct {
	Name, Path string
	Image      bool
	Note       string // why it cannot be opened
}

// fillTimeline adds the entries, what is still to be read, and the supporting information.
func (s *Site) fillTimeline(view *incidentView, reader storage.Reader, in *incident.Incident) error {
	entries := in.Timeline()
	view.Entries = len(entries)
	loc, name := in.Zone.Location(), names(reader)
	for i, e := range entries {
		shown, err := s.entry(in, e, name)
		if err != nil {
			return err
		}
		shown.Number = i + 1
		view.put(dayIn(e.Happened, e.Happened.Start, loc), in.Zone.String(), shown)
	}
	for _, e := range in.Pending() {
		view.Pending = append(view.Pending, pending(e))
	}
	for _, g := range in.Unread() {
		view.Unread = append(view.Unread, unread(in, g))
	}
	for _, item := range in.Supporting() {
		view.Supporting = append(view.Supporting, supporting(item))
	}
	return nil
}

// put adds an entry under its day.
func (v *incidentView) put(day, zone string, e entryView) {
	if n := len(v.Days); n == 0 || v.Days[n-1].Day != day {
		v.Days = append(v.Days, dayView{Day: day, Zone: zone})
	}
	last := &v.Days[len(v.Days)-1]
	last.Entries = append(last.Entries, e)
}

func (s *Site) entry(in *incident.Incident, e incident.Entry, name func(incident.PersonID) string) (entryView, error) {
	text, err := s.render([]byte(e.Text), filesOf(in.ID))
	if err != nil {
		return entryView{}, err
	}
	view := entryView{ID: string(e.ID), Clock: clock(e.Happened, in.Zone.Location()), Machine: machine(e.Happened),
		Marker: string(e.Marker), Text: text, Link: e.Link, Files: filesView(in.ID, e.Files), ByHand: e.TextByHand || e.TimeByHand}
	view.Author, view.Credit = credit(e, name)
	return view, nil
}

// machine is the moment as programs read it; empty without a time of day.
func machine(m incident.Moment) string {
	if !m.Clock() {
		return ""
	}
	return m.Start.UTC().Format(time.RFC3339)
}

// credit is who wrote an entry and, where that was somebody else, who put it into the timeline.
func credit(e incident.Entry, name func(incident.PersonID) string) (author, tagger string) {
	author = e.Alias
	if author == "" && e.Author != "" {
		author = name(e.Author)
	}
	if e.Tagger != "" && e.Tagger != e.Author {
		tagger = name(e.Tagger)
	}
	return author, tagger
}

func pending(e incident.Entry) string {
	if e.Waiting {
		return "A tagged message is being read."
	}
	return "A tagged message could not be read: " + e.Lost
}

func unread(in *incident.Incident, g incident.Gap) string {
	room := "a room"
	if r, ok := in.Room(g.Room); ok && r.Name != "" {
		room = r.Name
	}
	loc := in.Zone.Location()
	if g.To.IsZero() {
		return fmt.Sprintf("Since %s %s cannot be read: %s", g.From.In(loc).Format("15:04"), room, g.Why)
	}
	return fmt.Sprintf("Between %s and %s %s could not be read: %s", g.From.In(loc).Format("15:04"), g.To.In(loc).Format("15:04"), room, g.Why)
}

// supporting is one line for an item of supporting information.
func supporting(item incident.Support) string {
	for _, text := range []string{item.Title, fileName(item.File), item.Text} {
		if line, _, _ := strings.Cut(strings.TrimSpace(text), "\n"); line != "" {
			return line
		}
	}
	return item.Kind
}

func fileName(f *incident.File) string {
	if f == nil {
		return ""
	}
	return f.Name
}

func filesView(id incident.ID, files []incident.File) []fileView {
	var views []fileView
	for _, f := range files {
		v := fileView{Name: f.Name, Note: f.Problem}
		switch {
		case f.Hash != "":
			v.Path = filesOf(id) + strings.TrimPrefix(postmortem.FilePath(f), "files/")
			v.Image = picture(f)
		case f.Link != "":
			v.Path = f.Link
		case f.Problem == "":
			v.Note = "being kept"
		}
		views = append(views, v)
	}
	return views
}
