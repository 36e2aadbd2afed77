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
	if !s.shows(in.Private) {
		return nil, errUnseen
	}
	return in, nil
}

// shows says whether visitors may see an incident.
func (s *Site) shows(private bool) bool { return !private || s.o.ShowPrivate }

// names gives the names of people, as long as the Reader lasts.
func names(reader storage.Reader) func(incident.PersonID) string {
	return func(id incident.PersonID) string {
		p, _ := reader.Person(id)
		return p.Name
	}
}

func isUnseen(err error) bool { return errors.Is(err, errUnseen) }
