package web

import (
	"html/template"
	"net/http"

	"boswell/incident"
	"boswell/postmortem"
	"boswell/storage"
)

// An incidentView is everything that a page or a part shows of an incident. What the template does not need is left empty.
type incidentView struct {
	Head       headView
	Entries    int
	Days       []dayView
	Pending    []string
	Unread     []string
	Supporting []string
	Postmortem template.HTML
}

// headView is how an incident stands.
type headView struct {
	ID, Path, Title, State, Severity, Status, Opened string
	Drill, Private, Live                             bool
	Facts                                            []factView
	Exports                                          []exportView
}

type factView struct{ Label, Text string }

type exportView struct{ Path, Label string }

// whole shows an incident: how it stands, its timeline and its postmortem.
func (s *Site) whole(w http.ResponseWriter, r *http.Request) error {
	return s.incident(w, r, "incident.html", "panes", s.fillTimeline, s.fillPostmortem)
}

// timeline shows the timeline of an incident.
func (s *Site) timeline(w http.ResponseWriter, r *http.Request) error {
	return s.incident(w, r, "timeline.html", "timeline", s.fillTimeline)
}

// postmortem shows the postmortem of an incident as it would be exported now.
func (s *Site) postmortem(w http.ResponseWriter, r *http.Request) error {
	return s.incident(w, r, "postmortem.html", "postmortem", s.fillPostmortem)
}

// A filler adds what a template shows.
type filler func(*incidentView, storage.Reader, *incident.Incident) error

// incident shows a page of an incident, or the part of it where only that is asked for.
func (s *Site) incident(w http.ResponseWriter, r *http.Request, page, alone string, fill ...filler) error {
	var view incidentView
	err := s.look(r, func(reader storage.Reader, in *incident.Incident) (err error) {
		view, err = s.view(reader, in, fill...)
		return err
	})
	if err != nil {
		return err
	}
	if part(r) {
		page = alone
	}
	return s.show(w, r, page, view)
}

func (s *Site) view(reader storage.Reader, in *incident.Incident, fill ...filler) (incidentView, error) {
	view := incidentView{Head: headOf(in, names(reader))}
	for _, f := range fill {
		if err := f(&view, reader, in); err != nil {
			return incidentView{}, err
		}
	}
	return view, nil
}

func headOf(in *incident.Incident, name func(incident.PersonID) string) headView {
	head := headView{ID: in.ID.String(), Path: pathOf(in.ID), Title: in.Title(), State: string(in.State), Status: in.Status(),
		Severity: string(in.Severity), Opened: stamp(in.Opened, in.Zone), Drill: in.Drill, Private: in.Private,
		Live: in.State.Live(), Exports: exportsOf(in.ID)}
	for _, word := range incident.Roles() {
		role := incident.Role(word)
		if holder := in.Holder(role); holder != "" {
			head.Facts = append(head.Facts, factView{capitalized(role.Title()), name(holder)})
		} else if role == incident.Commander && head.Live {
			head.Facts = append(head.Facts, factView{capitalized(role.Title()), "nobody yet"})
		}
	}
	head.add("Opened", head.Opened)
	head.add("Closed", stamp(in.Closed, in.Zone))
	head.addMetrics(in.Metrics())
	return head
}

// add shows a fact that is known.
func (h *headView) add(label, text string) {
	if text != "" {
		h.Facts = append(h.Facts, factView{label, text})
	}
}

func (h *headView) addMetrics(m incident.Metrics) {
	h.add("Time to detect", m.TTD.String())
	h.add("Time to mitigate", m.TTM.String())
	h.add("Time to resolve", m.TTR.String())
	h.add("Duration", m.Duration.String())
}

// capitalized is a word of the program's own with an upper-case letter in front.
func capitalized(word string) string { return string(word[0]-'a'+'A') + word[1:] }

// fillPostmortem renders the document in the standard format.
func (s *Site) fillPostmortem(view *incidentView, reader storage.Reader, in *incident.Incident) (err error) {
	document := postmortem.SRE(postmortem.From(in, names(reader)))
	view.Postmortem, err = s.render(document, filesOf(in.ID))
	return err
}
