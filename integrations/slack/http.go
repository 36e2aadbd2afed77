package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"boswell/chat"
)

// requestMost bounds one request of Slack's, freshFor is how old it may be.
const (
	requestMost = 4 << 20
	freshFor    = 5 * time.Minute
)

// serve takes Slack's requests on the configured address until ctx is done.
func (p *Platform) serve(ctx context.Context, h chat.Handler) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", p.cfg.Listen)
	if err != nil {
		return chat.Final(err, "I cannot listen on "+p.cfg.Listen+" for Slack's requests. Is another program there?")
	}
	p.tellOnline(context.WithoutCancel(ctx), h)
	server := &http.Server{Handler: p.Requests(h), ReadHeaderTimeout: shakeMost, ReadTimeout: time.Minute}
	stop := context.AfterFunc(ctx, func() {
		finish, cancel := context.WithTimeout(context.Background(), drain)
		defer cancel()
		if err := server.Shutdown(finish); err != nil {
			p.log.Warn().Err(err).Msg("stopped before everything that Slack delivered was handled; it comes again")
		}
	})
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return chat.Final(err, "")
	}
	finish, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	return p.lanes.Wait(finish)
}

// Requests takes Slack's requests: events, commands and interactions, all at one address. Each is checked against the
// signature over its very bytes before anything in it is read.
func (p *Platform) Requests(h chat.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, requestMost))
		if err != nil {
			http.Error(w, "too long", http.StatusRequestEntityTooLarge)
			return
		}
		if err := p.signed(r.Header, body); err != nil {
			p.unsigned(r, err)
			http.Error(w, "not signed by Slack", http.StatusUnauthorized)
			return
		}
		p.refusals.End()
		e, challenge, err := request(r.Header, body)
		switch {
		case err != nil:
			p.log.Error().Err(err).Msg("could not read a request of Slack's; acknowledged all the same")
		case challenge != "":
			respond(w, map[string]string{"challenge": challenge})
		default:
			p.answerHTTP(w, r, h, e)
		}
	})
}

// unsigned tells operators of a request that was refused: it may be Slack's all the same, if it has a signature at all.
func (p *Platform) unsigned(r *http.Request, why error) {
	p.log.Warn().Err(why).Str("from", r.RemoteAddr).Msg("refused a request that is not signed by Slack")
	if r.Header.Get("X-Slack-Signature") != "" {
		p.refusals.Begin(why.Error(), p.o.Now())
	}
}

// signed checks the signature of a request, and that it is not an old one again.
func (p *Platform) signed(h http.Header, body []byte) error {
	at := h.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return errors.New("one has no time stamp")
	}
	if age := p.o.Now().Sub(time.Unix(seconds, 0)); age.Abs() > freshFor {
		return fmt.Errorf("one was made at %s UTC. Is the clock of this machine right?", time.Unix(seconds, 0).UTC().Format("2006-01-02 15:04:05"))
	}
	sum := hmac.New(sha256.New, []byte(p.cfg.SigningSecret.Reveal()))
	sum.Write([]byte("v0:" + at + ":"))
	sum.Write(body)
	want := "v0=" + hex.EncodeToString(sum.Sum(nil))
	if !hmac.Equal([]byte(want), []byte(h.Get("X-Slack-Signature"))) {
		return errors.New("the signature of one is wrong. Is signing_secret right?")
	}
	return nil
}

// request reads which kind of envelope a request is, or the challenge with which Slack tries an address.
func request(h http.Header, body []byte) (e envelope, challenge string, err error) {
	e.attempt, _ = strconv.Atoi(h.Get("X-Slack-Retry-Num")) // without it, it is the first
	if kind := h.Get("Content-Type"); len(kind) >= 16 && kind[:16] == "application/json" {
		var outer struct {
			Type      string `json:"type"`
			Challenge string `json:"challenge"`
			EventID   string `json:"event_id"`
		}
		if err := json.Unmarshal(body, &outer); err != nil {
			return e, "", err
		}
		if outer.Type == "url_verification" {
			return e, outer.Challenge, nil
		}
		e.kind, e.id, e.payload = kindEvent, outer.EventID, body
		return e, "", nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return e, "", err
	}
	if payload := form.Get("payload"); payload != "" {
		e.kind, e.payload = kindInteractive, json.RawMessage(payload)
		return e, "", nil
	}
	e.kind = kindSlash
	e.payload, err = json.Marshal(flat(form))
	return e, "", err
}

// flat is a form with one value for each name.
func flat(form url.Values) map[string]string {
	m := make(map[string]string, len(form))
	for name := range form {
		m[name] = form.Get(name)
	}
	return m
}

// answerHTTP takes the envelope of a request; the answer is its acknowledgement, an error that it is to come again.
func (p *Platform) answerHTTP(w http.ResponseWriter, r *http.Request, h chat.Handler, e envelope) {
	type outcome struct {
		payload any
		failed  bool
	}
	done := make(chan outcome, 1)
	e.ack = func(payload any) { done <- outcome{payload: payload} }
	e.fail = func() { done <- outcome{failed: true} }
	p.take(r.Context(), h, e)
	select {
	case o := <-done:
		if o.failed {
			http.Error(w, "try again", http.StatusServiceUnavailable)
		} else if o.payload != nil {
			respond(w, o.payload)
		}
	case <-r.Context().Done():
	}
}

func respond(w http.ResponseWriter, payload any) {
	data, err := json.Marshal(payload)
	if err != nil {
		http.Error(w, "try again", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data) // nobody is there to tell if it fails: Slack delivers again
}
