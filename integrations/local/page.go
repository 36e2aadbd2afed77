package local

import (
	"context"
	"embed"
	"html/template"
	"net/http"
	"time"

	"github.com/rs/zerolog"
	"github.com/yuin/goldmark"

	"boswell/chat"
)

// PageOptions say what the page of the chat has besides the chat. The zero value is of use.
type PageOptions struct {
	// Beside is the address of the part that stands beside the chat of a room; nil leaves the place out. The part is HTML with
	// an element data-pane="timeline" and one data-pane="postmortem".
	Beside func(chat.ChannelID) string
	// Changed tells, until ctx is done, that the parts beside the chat may show something else now. The page then sends the
	// event "part-changed" to its document.
	Changed func(ctx context.Context) <-chan struct{}
	// Styles and Scripts are addresses of what those parts need.
	Styles, Scripts []string
	// Beat is how often a stream shows that it is alive; 0 is 20 seconds.
	Beat time.Duration
	Log  zerolog.Logger
}

// pages serve one chat to browsers. Nothing is asked but who somebody says they are: the page is for one machine, and is to
// be served behind a guard that refuses other hosts and the pages of other sites. What acts needs a header besides, which a
// form of another site cannot send.
type pages struct {
	chat     *Chat
	o        PageOptions
	markdown goldmark.Markdown
	template *template.Template
	mux      *http.ServeMux
}

//go:embed templates static
var content embed.FS

// Pages are the chat as a page: for whoever has no other client. It answers every path that nobody else takes.
func (c *Chat) Pages(o PageOptions) http.Handler {
	if o.Beat <= 0 {
		o.Beat = 20 * time.Second
	}
	p := &pages{chat: c, o: o, markdown: newMarkdown(), mux: http.NewServeMux()}
	p.template = template.Must(template.New("").ParseFS(content, "templates/*.html"))
	p.routes()
	return p.mux
}

func (p *pages) routes() {
	p.mux.Handle("GET /static/{name}", http.HandlerFunc(static))
	p.mux.Handle("GET /{$}", p.page(p.home))
	p.mux.Handle("GET /rooms/{room}", p.page(p.room))
	p.mux.Handle("GET /rooms/{room}/messages/{message}", p.page(p.room))
	p.mux.Handle("GET /rooms/{room}/messages/{message}/files/{file}", p.page(p.file))
	p.mux.Handle("GET /rooms/{room}/complete", p.page(p.complete))
	p.mux.Handle("GET /events", p.page(p.events))

	p.mux.Handle("POST /people", p.action(p.arrive))
	p.mux.Handle("POST /rooms", p.action(p.createRoom))
	p.mux.Handle("POST /direct", p.action(p.direct))
	p.mux.Handle("POST /rooms/{room}/join", p.action(p.join))
	p.mux.Handle("POST /rooms/{room}/leave", p.action(p.leave))
	p.mux.Handle("POST /rooms/{room}/archive", p.action(p.archive))
	p.mux.Handle("POST /rooms/{room}/messages", p.action(p.say))
	p.mux.Handle("POST /rooms/{room}/messages/{message}/edit", p.action(p.edit))
	p.mux.Handle("POST /rooms/{room}/messages/{message}/delete", p.action(p.delete))
	p.mux.Handle("POST /rooms/{room}/messages/{message}/react", p.action(p.react))
	p.mux.Handle("POST /rooms/{room}/messages/{message}/pin", p.action(p.pin))
	p.mux.Handle("POST /rooms/{room}/messages/{message}/press", p.action(p.press))
	p.mux.Handle("POST /rooms/{room}/messages/{message}/submit", p.action(p.submit))
	p.mux.Handle("POST /rooms/{room}/messages/{message}/call", p.action(p.call))
}

// place is the room that a request names.
func (p *pages) place(r *http.Request) chat.Place {
	return chat.Place{Platform: p.chat.options.Platform, Channel: chat.ChannelID(r.PathValue("room"))}
}

// on is the message that a request names.
func (p *pages) on(r *http.Request) chat.Ref {
	return chat.Ref{Platform: p.chat.options.Platform, Channel: chat.ChannelID(r.PathValue("room")), Message: chat.MessageID(r.PathValue("message"))}
}
