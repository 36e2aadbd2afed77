package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"time"

	"boswell/incident"
	"boswell/storage"
)

//go:embed templates static
var content embed.FS

func newTemplates() *template.Template {
	return template.Must(template.New("").ParseFS(content, "templates/*.html"))
}

// page answers with what serve writes. An error of serve becomes a page that says what is wrong; serve then has written
// nothing.
func (s *Site) page(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := serve(w, r)
		switch {
		case err == nil || r.Context().Err() != nil:
		case errors.Is(err, errUnseen):
			s.sorry(w, http.StatusNotFound, "There is nothing here that you can see.", "The list has every incident that you can.")
		case errors.Is(err, storage.ErrDamaged):
			s.log.Error().Err(err).Str("path", r.URL.Path).Msg("could not read what a page shows")
			s.sorry(w, http.StatusInternalServerError, "What should be here is damaged.", "An operator finds out more with `boswell verify`; `boswell show` reads what is left.")
		default:
			s.log.Error().Err(err).Str("path", r.URL.Path).Msg("could not serve a page")
			s.sorry(w, http.StatusInternalServerError, "Something broke on my side.", "Try again; the operator finds the reason in the log.")
		}
	})
}

type sorryView struct{ Problem, Advice string }

func (s *Site) sorry(w http.ResponseWriter, status int, problem, advice string) {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, "sorry.html", sorryView{problem, advice}); err != nil {
		http.Error(w, problem+" "+advice, status)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	s.write(w, b.Bytes())
}

// write sends what is all of an answer. A visitor who left meanwhile is no trouble.
func (s *Site) write(w http.ResponseWriter, contents []byte) {
	if _, err := w.Write(contents); err != nil {
		s.log.Debug().Err(err).Msg("a visitor left before the answer")
	}
}

// show writes a template. A browser that has it already is told so.
func (s *Site) show(w http.ResponseWriter, r *http.Request, name string, view any) error {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name, view); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	serve(w, r, b.Bytes())
	return nil
}

// serve writes contents that only the visitor may keep, and that change at any time.
func serve(w http.ResponseWriter, r *http.Request, contents []byte) {
	sum := sha256.Sum256(contents)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(contents))
}

// part says that only the part of a page is wanted that goes into another page.
func part(r *http.Request) bool { return r.URL.Query().Has("part") }

// health tells how the program is doing.
func (s *Site) health(w http.ResponseWriter, r *http.Request) error {
	report, well := s.o.Health(r.Context())
	contents, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !well {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	s.write(w, append(contents, '\n'))
	return nil
}

// pathOf is the address of an incident's page.
func pathOf(id incident.ID) string { return "/incidents/" + id.String() }
