package postmortem

import (
	"time"

	"boswell/incident"
)

type exportedEntry struct {
	Order       int            `json:"order"`
	Handle      string         `json:"handle"`
	Text        string         `json:"text"`
	Marker      *string        `json:"marker"`
	Start       *string        `json:"start"`
	End         *string        `json:"end"`
	Approximate bool           `json:"approximate"`
	Precision   *string        `json:"precision"`
	Author      *string        `json:"author"`
	Tagger      *string        `json:"tagger"`
	Said        *string        `json:"said"`
	Tagged      *string        `json:"tagged"`
	Recorded    *string        `json:"recorded"`
	TextByHand  bool           `json:"text_by_hand"`
	TimeByHand  bool           `json:"time_by_hand"`
	Link        *string        `json:"link"`
	Files       []exportedFile `json:"files"`
}

type exportedFile struct {
	Name    string  `json:"name"`
	Type    *string `json:"type"`
	Size    int64   `json:"size"`
	Path    *string `json:"path"`
	Link    *string `json:"link"`
	Problem *string `json:"problem"`
}

type exportedGap struct {
	Room string  `json:"room"`
	From *string `json:"from"`
	To   *string `json:"to"`
	Why  *string `json:"why"`
}

type exportedUnread struct {
	Handle  string  `json:"handle"`
	Room    string  `json:"room"`
	Tagger  *string `json:"tagger"`
	Tagged  *string `json:"tagged"`
	Waiting bool    `json:"waiting"`
	Why     *string `json:"why"`
}

type exportedResponder struct {
	Name    string         `json:"name"`
	Actions *string        `json:"actions"`
	Joined  *string        `json:"joined"`
	Left    *string        `json:"left"`
	Roles   []exportedRole `json:"roles"`
}

type exportedRole struct {
	Role string  `json:"role"`
	From *string `json:"from"`
	To   *string `json:"to"`
}

type exportedSupport struct {
	Handle   string        `json:"handle"`
	Kind     string        `json:"kind"`
	Title    *string       `json:"title"`
	Language *string       `json:"language"`
	Text     *string       `json:"text"`
	File     *exportedFile `json:"file"`
	Author   *string       `json:"author"`
	Captured *string       `json:"captured"`
}

type exportedRoom struct {
	Platform   string  `json:"platform"`
	Channel    string  `json:"channel"`
	Name       string  `json:"name"`
	Home       bool    `json:"home"`
	Unreadable *string `json:"unreadable"`
}

func exportTimeline(entries []incident.Entry, people People, loc *time.Location) []exportedEntry {
	out := make([]exportedEntry, len(entries))
	for i, e := range entries {
		start, end := moment(e.Happened, loc)
		out[i] = exportedEntry{
			Order: i + 1, Handle: string(e.ID), Text: tidy(e.Text), Marker: given(string(e.Marker)),
			Start: start, End: end, Approximate: e.Happened.Approximate, Precision: given(string(e.Happened.Precision)),
			Author: given(nameOf(people, e.Author, e.Alias)), Tagger: given(nameOf(people, e.Tagger, "")),
			Said: instant(e.Said, loc), Tagged: instant(e.Tagged, loc), Recorded: instant(e.Recorded, loc),
			TextByHand: e.TextByHand, TimeByHand: e.TimeByHand, Link: given(e.Link), Files: exportFiles(e.Files),
		}
	}
	return out
}

// moment is the two ends of a moment: instants with their offset in loc, or dates where only the day is known.
func moment(m incident.Moment, loc *time.Location) (start, end *string) {
	switch {
	case !m.Known():
		return nil, nil
	case m.Clock():
		return instant(m.Start, loc), instant(m.End, loc)
	case m.End.IsZero():
		return given(m.Start.Format(time.DateOnly)), nil
	default:
		return given(m.Start.Format(time.DateOnly)), given(m.End.Format(time.DateOnly))
	}
}

func exportFiles(files []incident.File) []exportedFile {
	out := make([]exportedFile, len(files))
	for i, f := range files {
		out[i] = exportFile(f)
	}
	return out
}

func exportFile(f incident.File) exportedFile {
	return exportedFile{f.Name, given(f.Type), f.Size, given(FilePath(f)), given(f.Link), given(f.Problem)}
}

func exportGaps(in *incident.Incident, loc *time.Location) []exportedGap {
	gaps := in.Unread()
	out := make([]exportedGap, len(gaps))
	for i, g := range gaps {
		out[i] = exportedGap{roomName(in, g.Room), instant(g.From, loc), instant(g.To, loc), given(g.Why)}
	}
	return out
}

func exportUnread(in *incident.Incident, people People, loc *time.Location) []exportedUnread {
	pending := in.Pending()
	out := make([]exportedUnread, len(pending))
	for i, e := range pending {
		out[i] = exportedUnread{Handle: string(e.ID), Tagger: given(nameOf(people, e.Tagger, "")),
			Tagged: instant(e.Tagged, loc), Waiting: e.Waiting, Why: given(e.Lost)}
		if e.Message != nil {
			out[i].Room = roomName(in, incident.RoomID{Platform: e.Message.Platform, Channel: e.Message.Channel})
		}
	}
	return out
}

func exportResponders(in *incident.Incident, people People, loc *time.Location) []exportedResponder {
	out := make([]exportedResponder, 0, len(in.Responders))
	for _, r := range inOrderOfActions(in.Responders) {
		roles := make([]exportedRole, len(r.Roles))
		for i, s := range r.Roles {
			roles[i] = exportedRole{string(s.Role), instant(s.From, loc), instant(s.To, loc)}
		}
		out = append(out, exportedResponder{nameOf(people, r.Person, ""), given(tidy(r.Did)), instant(r.Joined, loc), instant(r.Left, loc), roles})
	}
	return out
}

func exportSupporting(in *incident.Incident, people People, loc *time.Location) []exportedSupport {
	items := in.Supporting()
	exhibits := exhibitsOf(in)
	out := make([]exportedSupport, len(items))
	for i, s := range items {
		e := exhibits[i]
		out[i] = exportedSupport{Handle: string(s.Entry), Kind: e.Kind, Title: given(e.Title), Language: given(e.Language),
			Text: given(e.Text), Author: given(nameOf(people, s.Author, s.Alias)), Captured: instant(s.Captured, loc)}
		if e.File != nil {
			f := exportFile(*e.File)
			out[i].File = &f
		}
	}
	return out
}

func exportRooms(in *incident.Incident) []exportedRoom {
	out := make([]exportedRoom, len(in.Rooms))
	for i, r := range in.Rooms {
		out[i] = exportedRoom{r.Platform, r.Channel, r.Name, r.Home, given(r.Unreadable)}
	}
	return out
}
