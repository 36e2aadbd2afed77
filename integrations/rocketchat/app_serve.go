package rocketchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"

	"boswell/chat"
)

// How long a request of the app's may take to arrive.
const (
	headMost = 10 * time.Second
	bodyMost = time.Minute
)

// Run is that of the server, with the door of the app open beside it at Config.Listen; without that there is no door. It is
// hopeless where another program is there already.
func (a *WithApp) Run(ctx context.Context, h chat.Handler) error {
	if a.cfg.Listen == "" {
		return a.Platform.Run(ctx, h)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.Listen)
	if err != nil {
		return chat.Final(err, "I cannot listen on "+a.cfg.Listen+" for the requests of the app. Is another program there?")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{Handler: a.AppHandler(), ReadHeaderTimeout: headMost, ReadTimeout: bodyMost}
	served := make(chan error, 1)
	go func() {
		defer cancel()
		served <- server.Serve(listener)
	}()
	shut := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		finish, stop := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer stop()
		shut <- server.Shutdown(finish)
	})
	ran := a.Platform.Run(ctx, h)
	cancel()
	if err := <-shut; err != nil {
		a.log.Warn().Err(err).Msg("stopped before everything that the app asked was answered")
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return chat.Final(err, "The door of the app at "+a.cfg.Listen+" broke.")
	}
	return ran
}

// Doctor checks the connection, and whether the app is there, believes Boswell, and has a place to reach it.
func (a *WithApp) Doctor(ctx context.Context, w io.Writer) error {
	return report(w, append(a.examine(ctx), a.appFound(ctx), a.listenFound(ctx)))
}

// appFound asks the app for nothing.
func (a *WithApp) appFound(ctx context.Context) finding {
	err := a.greetApp(ctx)
	if err == nil {
		return finding{"app", true, "it is enabled and has the same secret"}
	}
	if tell := chat.AsFailure(err).Tell; tell != "" {
		return finding{"app", false, tell}
	}
	return finding{"app", false, a.advice(err)}
}

// listenFound tries the address at which the app reaches the bot. That the bot is there already is fine.
func (a *WithApp) listenFound(ctx context.Context) finding {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.Listen)
	if err == nil {
		listener.Close()
		return finding{"listen", true, a.cfg.Listen + " is free"}
	}
	if errors.Is(err, syscall.EADDRINUSE) && a.isDoor(ctx) {
		return finding{"listen", true, "Boswell listens on " + a.cfg.Listen + " already"}
	}
	return finding{"listen", false, fmt.Sprintf("%s cannot be used (%v). Write another address there, and in the settings of the app.", a.cfg.Listen, err)}
}

// isDoor says that what listens is a door like this one: it answers only to who asks rightly, and says so.
func (a *WithApp) isDoor(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, appPatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+a.cfg.Listen, nil)
	if err != nil {
		return false
	}
	response, err := a.o.HTTP.Do(r)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	var said appAnswer
	err = json.NewDecoder(io.LimitReader(response.Body, appSays)).Decode(&said)
	return err == nil && response.StatusCode == http.StatusMethodNotAllowed && said.Error == sayUnread
}
