package web

import (
	"net/http"

	"boswell/incident"
	"boswell/storage"
)

type listView struct {
	Live, Over []rowView
	Slash      string
	More       int // those that are over and not shown
}

type rowView struct {
	ID, Path, Title, State, Severity, Status, Opened, Commander string
	Drill, Private                                              bool
}

// listed is how many incidents that are over a page lists.
const listed = 200

// list shows the incidents, those under way first.
func (s *Site) list(w http.ResponseWriter, r *http.Request) error {
	view := listView{Slash: s.o.Slash}
	err := s.store.View(r.Context(), func(reader storage.Reader) error {
		for summary, err := range reader.Incidents() {
			if err != nil {
				return err
			}
			if s.shows(summary.Private) {
				view.add(summary, names(reader))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.show(w, r, "list.html", view)
}

func (v *listView) add(summary storage.Summary, name func(incident.PersonID) string) {
	switch {
	case summary.State.Live():
		v.Live = append(v.Live, rowOf(summary, name))
	case len(v.Over) < listed:
		v.Over = append(v.Over, rowOf(summary, name))
	default:
		v.More++
	}
}

func rowOf(s storage.Summary, name func(incident.PersonID) string) rowView {
	row := rowView{ID: s.ID.String(), Path: pathOf(s.ID), Title: s.Title, State: string(s.State), Severity: string(s.Severity),
		Status: s.Status, Opened: s.Opened.UTC().Format("2 Jan 2006, 15:04 UTC"), Drill: s.Drill, Private: s.Private}
	if s.Commander != "" {
		row.Commander = name(s.Commander)
	}
	return row
}
