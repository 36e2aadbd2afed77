package rocketsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An endpoint is one of the REST API.
type endpoint struct {
	method string
	// open says that nobody has to be logged in.
	open bool
	// may are permissions of which the account needs one; none is an endpoint for everybody.
	may []string
	// takes are the fields of the body, or of the query where it is read; anything else is refused.
	takes fields
	// form says that the body is a form with a file.
	form bool
	// since and until are the versions that have it; 0 is all.
	since, until int
	do           func(*Sim, *call) (object, error)
}

// fields are the names of arguments with their kinds: s text, n number, b truth, a list of texts, l list of objects, o object,
// u text or list of texts; with ! it has to be there, with ? one of those so marked.
type fields map[string]string

// An Exchange is a request with its answer.
type Exchange struct {
	Method string
	// Route is the endpoint, without what is between slashes behind it ("rooms.media"); Path is the address as it was called.
	Route, Path string
	// Query and Body are the arguments as they were sent; Body is empty for a form with a file.
	Query  map[string]string
	Body   json.RawMessage
	Status int
	Answer json.RawMessage
}

// call is a request that is being answered.
type call struct {
	*http.Request
	user *user
	args object
	rest []string // what stands behind the name of the route
	file *file
}

// refusal is an answer that something cannot be done.
type refusal struct {
	status  int
	text    string
	code    string
	details object
	body    object // in place of the usual one
}

func (r *refusal) Error() string { return r.text }

// fail is an error of the server's own kind.
func fail(code, text string) error {
	return &refusal{status: http.StatusBadRequest, text: strings.TrimSpace(text + " [" + code + "]"), code: code}
}

// plain is an error that has no code.
func plain(text string) error { return &refusal{status: http.StatusBadRequest, text: text} }

var errLogIn = &refusal{status: http.StatusUnauthorized, text: "You must be logged in to do this."}

func (s *Sim) bodyOf(r *refusal) object {
	o := object{"success": false}
	switch {
	case r.body != nil:
		return r.body
	case r == errLogIn && s.major() < 8:
		return object{"status": "error", "message": r.text}
	case r == errLogIn:
		o["message"], o["status"] = r.text, "error"
		return o
	}
	if r.text != "" {
		o["error"] = r.text
	}
	if r.code != "" {
		o["errorType"] = r.code
	}
	if r.details != nil {
		o["details"] = r.details
	}
	return o
}

// rest answers a request of the REST API.
func (s *Sim) rest(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/api/"), "v1/"), "/")
	x := Exchange{Method: r.Method, Route: parts[0], Path: r.URL.Path, Query: map[string]string{}}
	for key, values := range r.URL.Query() {
		x.Query[key] = values[0]
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMost))
	if err != nil {
		return // the client is gone
	}
	if !isForm(r) && len(body) > 0 {
		x.Body = body
	}
	c := &call{Request: r, rest: parts[1:], args: object{}}
	answer, fault, err := s.attempt(w.Header(), c, x.Route, body)
	if fault == nil {
		x.Status, x.Answer = s.answered(answer, err)
	}
	s.record(x)
	if fault != nil {
		s.stumble(w, fault)
		return
	}
	respond(w, x.Status, x.Answer)
}

// attempt does what a call asks, unless it is to fail before. Where events overtake answers, it waits until they are read.
func (s *Sim) attempt(header http.Header, c *call, route string, body []byte) (answer object, fault *Fault, err error) {
	wait := false
	s.within(func() {
		if fault = s.fault(route); fault == nil || fault.Late {
			answer, err = s.perform(header, c, route, body)
		}
		wait = s.overtake && fault == nil && c.user != nil && c.user.id == BotID
	})
	if wait {
		s.hub.flush(c.Context())
	}
	return answer, fault, err
}

// bodyMost bounds a request.
const bodyMost = 128 << 20

func (s *Sim) record(x Exchange) {
	s.within(func() { s.calls = append(s.calls, x) })
	if s.o.Heard != nil {
		s.o.Heard(x)
	}
}

// Calls are the requests so far.
func (s *Sim) Calls() []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// answered is the answer as it goes over the wire.
func (s *Sim) answered(answer object, err error) (int, json.RawMessage) {
	status := http.StatusOK
	if err != nil {
		r := &refusal{status: http.StatusBadRequest, text: err.Error()}
		errors.As(err, &r)
		status, answer = r.status, s.bodyOf(r)
	} else if _, told := answer["success"]; !told {
		if _, told := answer["status"]; !told {
			answer["success"] = true
		}
	}
	data, err := json.Marshal(iso(answer))
	if err != nil {
		return http.StatusInternalServerError, json.RawMessage(`{"success":false}`)
	}
	return status, data
}

func respond(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that is gone wants no answer.
	_, _ = w.Write(body)
}

// perform checks who calls what, and does it. It is called with the lock held.
func (s *Sim) perform(header http.Header, c *call, name string, body []byte) (object, error) {
	e, known := endpoints[c.Method+" "+name]
	if !known || e.since > 0 && s.major() < e.since || e.until > 0 && s.major() > e.until {
		return nil, &refusal{status: http.StatusNotFound, body: object{"status": "error", "message": "API endpoint does not exist."}}
	}
	c.user = s.users[s.tokens[c.Header.Get("X-Auth-Token")]]
	if c.user != nil && (c.user.id != c.Header.Get("X-User-Id") || c.user.inactive) {
		c.user = nil
	}
	if err := s.paced(header, c, name); err != nil {
		return nil, err
	}
	if err := s.admitted(e, c); err != nil {
		return nil, err
	}
	if err := c.read(e, body); err != nil {
		return nil, err
	}
	header.Set("Date", s.clock.Now().UTC().Format(http.TimeFormat))
	answer, err := e.do(s, c)
	if answer == nil {
		answer = object{}
	}
	return answer, err
}

func (s *Sim) admitted(e endpoint, c *call) error {
	switch {
	case e.open:
		return nil
	case c.user == nil:
		return errLogIn
	case s.twoFactor && c.Header.Get("X-2fa-Code") != Code:
		return &refusal{status: http.StatusBadRequest, text: "TOTP Required [totp-required]", code: "totp-required", details: totpDetails()}
	}
	for _, permission := range e.may {
		if s.may(c.user, permission, nil) {
			return nil
		}
	}
	if len(e.may) > 0 {
		return errNoPermission
	}
	return nil
}

var errNoPermission = &refusal{status: http.StatusForbidden, code: "error-unauthorized",
	text: "User does not have the permissions required for this action [error-unauthorized]"}

// paced refuses what is called too often.
func (s *Sim) paced(header http.Header, c *call, name string) error {
	if !s.on("API_Enable_Rate_Limiter") || c.user != nil && s.may(c.user, "api-bypass-rate-limit", nil) {
		return nil
	}
	now := s.clock.Now()
	key := c.Method + " " + name
	made := slices.DeleteFunc(s.limited[key], func(t time.Time) bool { return now.Sub(t) >= s.o.LimitTime })
	over := len(made) >= s.o.Limit
	if !over {
		made = append(made, now)
	}
	s.limited[key] = made
	left := s.o.LimitTime - now.Sub(made[0])
	header.Set("X-RateLimit-Limit", strconv.Itoa(s.o.Limit))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(s.o.Limit-len(made)))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(now.Add(left).UnixMilli(), 10))
	if !over {
		return nil
	}
	text := fmt.Sprintf("Error, too many requests. Please slow down. You must wait %d seconds before trying this endpoint again.",
		int(math.Ceil(left.Seconds())))
	return &refusal{status: http.StatusTooManyRequests, body: object{"success": false, "error": text + " [error-too-many-requests]"}}
}

func isForm(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "multipart/form-data"
}
