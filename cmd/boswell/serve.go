package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
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

// pages are what the program shows in a browser, and to whoever watches over it.
func (p *program) pages() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", serveHealth(p.health()))
	for _, c := range p.platforms {
		if c.page != nil {
			mux.Handle("/", c.page)
		}
	}
	return mux
}
