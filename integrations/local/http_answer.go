package local

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"boswell/chat"
)

// asHeader names the person who acts. Pages of other sites cannot send it.
const asHeader = "Boswell-As"

// maxBody is how many bytes what is sent along with an action may have: the files of one message, and some words.
const maxBody = MaxFiles*MaxFile + 1<<20

// errBroke is all that people hear of an error that is not for them.
const errBroke = "Something broke on my side, and nothing was changed. Try again; the operator finds the reason in the log."

// page answers with what serve writes. A *Problem of serve, which has then written nothing, becomes a page that says it.
func (p *pages) page(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := serve(w, r)
		if err == nil || r.Context().Err() != nil {
			return
		}
		text, status := p.sorry(r, err)
		var b bytes.Buffer
		if err := p.template.ExecuteTemplate(&b, "sorry.html", text); err != nil {
			http.Error(w, text, status)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		p.write(w, b.Bytes())
	})
}

// write sends what is all of an answer. A browser that left meanwhile is no trouble.
func (p *pages) write(w http.ResponseWriter, contents []byte) {
	if _, err := w.Write(contents); err != nil {
		p.o.Log.Debug().Err(err).Msg("a browser left before the answer")
	}
}

// sorry is what a person is told of an error, with its status. What is not for them is logged.
func (p *pages) sorry(r *http.Request, err error) (string, int) {
	var problem *Problem
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &problem) && errors.Is(err, chat.ErrGone):
		return problem.Text, http.StatusNotFound
	case errors.As(err, &problem):
		return problem.Text, http.StatusUnprocessableEntity
	case errors.As(err, &tooLarge):
		return errTooLarge.Error(), http.StatusRequestEntityTooLarge
	case errors.Is(err, ErrClosed):
		return "The chat is being stopped. Try again in a moment.", http.StatusServiceUnavailable
	default:
		p.o.Log.Error().Err(err).Str("path", r.URL.Path).Msg("could not serve the chat's page")
		return errBroke, http.StatusInternalServerError
	}
}

var errTooLarge = problem("That is more than fits: at most %d files of %d MiB each. Put larger ones somewhere else and post the link.",
	MaxFiles, MaxFile>>20)

// done is what an action answers to the page.
type done struct {
	Problem string `json:"problem,omitempty"`
	Room    string `json:"room,omitempty"`    // to go to
	Person  string `json:"person,omitempty"`  // to speak as
	Message string `json:"message,omitempty"` // that was posted, or that the bot answered
	Form    bool   `json:"form,omitempty"`    // the message has a form to fill in
}

// answerIn is how long an action waits for the bot. An answer that comes later is shown in the room.
const answerIn = 10 * time.Second

// action does what a person asked for, and answers with what came of it.
func (p *pages) action(do func(ctx context.Context, by chat.UserID, r *http.Request) (done, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by := chat.UserID(r.Header.Get(asHeader))
		if by == "" {
			p.answer(w, http.StatusForbidden, done{Problem: "This was not sent by the chat's own page, so it was refused. Open the page and do it there."})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		ctx, cancel := context.WithTimeout(r.Context(), answerIn)
		defer cancel()
		result, err := p.parsed(ctx, by, r, do)
		if r.MultipartForm != nil {
			err = errors.Join(err, r.MultipartForm.RemoveAll())
		}
		if r.Context().Err() != nil {
			return // nobody is left to be told
		}
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			text, status := p.sorry(r, err)
			p.answer(w, status, done{Problem: text})
			return
		}
		p.answer(w, http.StatusOK, result)
	})
}

// inMemory is how many bytes of uploads are held in memory; the rest waits in temporary files.
const inMemory = 1 << 20

func (p *pages) parsed(ctx context.Context, by chat.UserID, r *http.Request, do func(context.Context, chat.UserID, *http.Request) (done, error)) (done, error) {
	err := r.ParseMultipartForm(inMemory)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return done{}, err
	case err != nil:
		return done{}, problem("What the page sent could not be read. Load the page again.")
	}
	return do(ctx, by, r)
}

func (p *pages) answer(w http.ResponseWriter, status int, d done) {
	contents, err := json.Marshal(d)
	if err != nil {
		p.o.Log.Error().Err(err).Msg("could not write an answer")
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	p.write(w, contents)
}

// show writes a template. A browser that has it already is told so.
func (p *pages) show(w http.ResponseWriter, r *http.Request, name string, view any) error {
	var b bytes.Buffer
	if err := p.template.ExecuteTemplate(&b, name, view); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-cache")
	serve(w, r, b.Bytes())
	return nil
}

// serve writes contents, unless the browser has the same.
func serve(w http.ResponseWriter, r *http.Request, contents []byte) {
	sum := sha256.Sum256(contents)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(contents))
}
