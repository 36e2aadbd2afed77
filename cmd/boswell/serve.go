package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"boswell/web"
)

// How long a request may take to arrive, and how long those that are under way may take once the program stops. Pages that
// stay open to show what changes are cut off then.
const (
	headerWait = 10 * time.Second
	stopWait   = time.Second
)

// serve answers requests until ctx is done, then lets those that are under way end.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: headerWait}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		stopped <- stop(server)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

func stop(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWait)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}

// browse is what the program shows in a browser, and to whoever watches over it. The page of a built-in chat is the front
// page; without one it is the list of incidents.
func (p *program) browse(c config) http.Handler {
	mux := http.NewServeMux()
	site := web.New(p.store, web.Options{ShowPrivate: c.Web.Private, Slash: p.slash(), Log: p.log, Health: func(ctx context.Context) (any, bool) {
		h := p.health(ctx)
		return h, h.OK
	}})
	for _, path := range site.Paths() {
		mux.Handle(path, site)
	}
	var front http.Handler = http.RedirectHandler("/incidents", http.StatusSeeOther)
	for _, connected := range p.platforms {
		if connected.page != nil {
			front = connected.page(site, p.log)
		}
	}
	mux.Handle("/", front)
	return web.Guard(mux, c.Web.URL.hosts()...)
}

// slash is what the pages tell people to type before a command: what the built-in chat wants where they are beside it, else
// what the first connection does.
func (p *program) slash() string {
	for _, c := range p.platforms {
		if c.page != nil {
			return c.Limits().Slash
		}
	}
	return p.platforms[0].Limits().Slash
}
