package web

import (
	"errors"
	"net/http"

	"boswell/incident"
	"boswell/storage"
)

// errUnseen says that there is no such thing that the visitor may see.
var errUnseen = errors.New("not there, or not to be seen")

// look reads the incident that a request names and hands it to show, which keeps nothing of the Reader.
func (s *Site) look(r *http.Request, show func(storage.Reader, *incident.Incident) error) error {
	id, err := incident.ParseID(r.PathValue("id"))
	if err != nil || id.String() != r.PathValue("id") {
		return errUnseen
	}
	return s.store.View(r.Context(), func(reader storage.Reader) error {
		in, err := s.seen(reader, id)
		if err != nil {
			return err
		}
		return show(reader, in)
	})
}

// seen is an incident that the visitor may see.
func (s *Site) seen(reader storage.Reader, id incident.ID) (*incident.Incident, error) {
	in, err := reader.Incident(id)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, errUnseen
	}
	if err != nil {
		return nil, err
	}
	if !in.Private {
		return in, nil
	}
	summary, err := summaryOf(reader, in)
	if err != nil {
		return nil, err
	}
	if !s.sees(summary) {
		return nil, errUnseen
	}
	return in, nil
}

func (s *Site) sees(summary storage.Summary) bool { return !summary.Private || s.o.See(summary) }

// summaryOf is the incident as the list has it, which is what the rule of who sees private ones looks at.
func summaryOf(reader storage.Reader, in *incident.Incident) (storage.Summary, error) {
	for summary, err := range reader.Incidents() {
		if err != nil {
			return storage.Summary{}, err
		}
		if summary.ID == in.ID {
			return summary, nil
		}
	}
	return storage.Summary{}, errUnseen
}

// names gives the names of people, as long as the Reader lasts.
func names(reader storage.Reader) func(incident.PersonID) string {
	return func(id incident.PersonID) string {
		p, _ := reader.Person(id)
		return p.Name
	}
}

func isUnseen(err error) bool { return errors.Is(err, errUnseen) }
