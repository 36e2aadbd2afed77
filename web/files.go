package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"boswell/incident"
	"boswell/storage"
)

// filesOf is the address that the kept files of an incident lie under.
func filesOf(id incident.ID) string { return pathOf(id) + "/files/" }

// file sends a kept file that the incident shows now. Pictures are shown; everything else is only downloaded, whatever it
// calls itself.
func (s *Site) file(w http.ResponseWriter, r *http.Request) error {
	hash, _, _ := strings.Cut(r.PathValue("name"), ".")
	var found incident.File
	err := s.look(r, func(_ storage.Reader, in *incident.Incident) (err error) {
		found, err = shown(in, hash)
		return err
	})
	if err != nil {
		return err
	}
	contents, err := s.store.OpenFile(found.Hash)
	if errors.Is(err, storage.ErrNotFound) {
		return errUnseen
	}
	if err != nil {
		return err
	}
	defer contents.Close()
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": found.Name}))
	if picture(found) {
		w.Header().Set("Content-Type", found.Type)
		w.Header().Set("Content-Disposition", "inline")
	}
	if _, err := io.Copy(w, contents); err != nil {
		s.log.Warn().Err(err).Str("file", found.Hash).Msg("could not send a kept file whole")
	}
	return nil
}

// shown is the file with a hash that an incident shows now: one of a deleted message is not.
func shown(in *incident.Incident, hash string) (incident.File, error) {
	for _, e := range in.Timeline() {
		for _, f := range e.Files {
			if f.Hash == hash && hash != "" {
				return f, nil
			}
		}
	}
	for _, item := range in.Supporting() {
		if item.File != nil && item.File.Hash == hash && hash != "" {
			return *item.File, nil
		}
	}
	return incident.File{}, errUnseen
}

// picture says that a browser may show a file. Drawings that can hold scripts are none.
func picture(f incident.File) bool {
	switch f.Type {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	default:
		return false
	}
}
