// Package web serves incidents to a browser: the list of them, the timeline and the postmortem of each as pages and as parts
// of other pages, downloads of the exports, and the files that were kept.
//
// The invariant: pages read. Nothing that arrives here changes an incident, what the visitor may not see answers exactly like
// what does not exist, and no text that a person wrote becomes markup or script.
package web

import (
	"context"
	"html/template"
	"net/http"
	"time"

	"github.com/rs/zerolog"
	"github.com/yuin/goldmark"

	"boswell/storage"
)

// Options say what the pages show. The zero value is of use.
type Options struct {
	// ShowPrivate shows private incidents too. There is no sign-in, so it holds for whoever reaches the pages.
	ShowPrivate bool
	// Health tells how the program is doing, for /healthz: a report that becomes JSON, and whether all is well. Nil leaves the
	// address out.
	Health func(context.Context) (report any, well bool)
	// Slash is what people type before the words of a command; empty is "/incident".
	Slash string
	// Beat is how often a stream shows that it is alive; 0 is 20 seconds.
	Beat time.Duration
	Log  zerolog.Logger
}

// A Site is the pages of one store. It is an http.Handler, to be served behind Guard.
type Site struct {
	store    storage.Store
	o        Options
	log      zerolog.Logger
	markdown goldmark.Markdown
	pages    *template.Template
	mux      *http.ServeMux
}

// New makes the pages of a store.
func New(store storage.Store, o Options) *Site {
	s := &Site{store: store, o: o.filled(), log: o.Log, markdown: newMarkdown(), mux: http.NewServeMux()}
	s.pages = newTemplates()
	s.route()
	return s
}

func (o Options) filled() Options {
	if o.Slash == "" {
		o.Slash = "/incident"
	}
	if o.Beat <= 0 {
		o.Beat = 20 * time.Second
	}
	return o
}

// Paths are the patterns that a Site answers, for a mux that serves other things beside it.
func (s *Site) Paths() []string {
	paths := []string{"/incidents", "/incidents/", "/incident-of/", "/assets/"}
	if s.o.Health != nil {
		paths = append(paths, "/healthz")
	}
	return paths
}

func (s *Site) route() {
	s.mux.Handle("GET /incidents", s.page(s.list))
	s.mux.Handle("GET /incidents/{id}", s.page(s.whole))
	s.mux.Handle("GET /incidents/{id}/timeline", s.page(s.timeline))
	s.mux.Handle("GET /incidents/{id}/postmortem", s.page(s.postmortem))
	s.mux.Handle("GET /incidents/{id}/events", s.page(s.events))
	s.mux.Handle("GET /incidents/{id}/files/{name}", s.page(s.file))
	s.mux.Handle("GET /incidents/{id}/{export}", s.page(s.export))
	s.mux.Handle("GET /incident-of/{platform}/{channel}", s.page(s.room))
	s.mux.Handle("GET /assets/{name}", assets())
	if s.o.Health != nil {
		s.mux.Handle("GET /healthz", s.page(s.health))
	}
}

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }
