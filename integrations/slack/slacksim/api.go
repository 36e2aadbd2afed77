package slacksim

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A method is one of the Web API.
type method struct {
	// app says that it takes the app-level token.
	app bool
	// scopes are those of which the token needs one; none is a method for any token.
	scopes []string
	// needs are the arguments without which it answers invalid_arguments, or the code that Slack has for it.
	needs []need
	do    func(*Sim, *call) (object, error)
}

// need is an argument that must be there; code is what Slack says if it is not.
type need struct{ arg, code string }

// A Call is a request as it was made, for tests that look at what the adapter sends.
type Call struct {
	Method string
	// Args are the arguments: text, or what the JSON of the request held.
	Args map[string]any
	// JSON says that the request was JSON, not a form.
	JSON bool
}

// call is a request that is being answered.
type call struct{ Call }

// refusal is one of Slack's error codes.
type refusal struct {
	code  string
	extra object
}

func (r refusal) Error() string { return r.code }

func refuse(code string) error { return refusal{code: code} }

// Fault is how a method fails the next time.
type Fault struct {
	// Status is the HTTP status; 0 is 200.
	Status int
	// RetryAfter comes with a 429, in seconds.
	RetryAfter int
	// Code is Slack's error code, with status 200.
	Code string
	// Late says that the method does what it should before it fails; Cut that the connection is cut in place of an answer.
	Late, Cut bool
}

// Fail makes a method fail the next times it is called.
func (s *Sim) Fail(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.faults[method] = append(s.faults[method], &f)
	}
}

// Revoke makes a token invalid from now on: every call with it gets the code.
func (s *Sim) Revoke(token, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked[token] = code
}

// Calls are the requests so far.
func (s *Sim) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// api answers a call of the Web API.
func (s *Sim) api(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	c, token, err := readCall(name, r)
	if err != nil {
		s.respond(w, refusalObject(err))
		return
	}
	s.mu.Lock()
	s.calls = append(s.calls, c.Call)
	if s.o.Tiers > 0 {
		if wait := s.meter.wait(c, s.now(), s.o.Tiers); wait > 0 {
			s.mu.Unlock()
			s.limit(w, wait)
			return
		}
	}
	fault := s.fault(name)
	var answer object
	if fault == nil || fault.Late {
		answer, err = s.perform(name, token, c)
	}
	s.mu.Unlock()
	if fault != nil {
		s.stumble(w, fault)
		return
	}
	if err != nil {
		answer = refusalObject(err)
	}
	s.respond(w, answer)
}

func (s *Sim) fault(name string) *Fault {
	waiting := s.faults[name]
	if len(waiting) == 0 {
		return nil
	}
	s.faults[name] = waiting[1:]
	return waiting[0]
}

// stumble fails a request as a fault says.
func (s *Sim) stumble(w http.ResponseWriter, f *Fault) {
	if f.Cut {
		if h, ok := w.(http.Hijacker); ok {
			if conn, _, err := h.Hijack(); err == nil {
				conn.Close()
				return
			}
		}
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	if f.Status != 0 {
		w.WriteHeader(f.Status)
	}
	if f.Code != "" {
		s.respond(w, refusalObject(refuse(f.Code)))
	}
}

func refusalObject(err error) object {
	answer := object{"ok": false, "error": "internal_error"}
	var r refusal
	if errors.As(err, &r) {
		answer["error"] = r.code
		for k, v := range r.extra {
			answer[k] = v
		}
	}
	return answer
}

func (s *Sim) respond(w http.ResponseWriter, answer object) {
	if _, told := answer["ok"]; !told {
		answer["ok"] = true
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-OAuth-Scopes", strings.Join(s.o.Scopes, ","))
	h.Set("Date", s.now().UTC().Format(http.TimeFormat))
	// A client that is gone wants no answer.
	_ = json.NewEncoder(w).Encode(answer)
}

// bodyMost bounds a request.
const bodyMost = 4 << 20

// readCall reads the arguments of a request, wherever they are.
func readCall(name string, r *http.Request) (*call, string, error) {
	c := &call{Call{Method: name, Args: map[string]any{}}}
	for k, v := range r.URL.Query() {
		c.Args[k] = v[0]
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMost))
	if err != nil {
		return nil, "", refuse("request_timeout")
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(body) == 0:
	case kind == "application/json":
		c.JSON = true
		if json.Unmarshal(body, &c.Args) != nil {
			return nil, "", refuse("invalid_json")
		}
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, "", refuse("invalid_form_data")
		}
		for k, v := range form {
			c.Args[k] = v[0]
		}
	default:
		return nil, "", refuse("invalid_post_type")
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		token = c.text("token")
	}
	delete(c.Args, "token")
	return c, token, nil
}

// text is an argument as text; numbers and truth come as either.
func (c *call) text(name string) string {
	switch v := c.Args[name].(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return ""
	}
}

func (c *call) yes(name string) bool { return c.text(name) == "true" || c.text(name) == "1" }

// value is an argument that is JSON, within JSON or as text in a form; nil is none.
func (c *call) value(name string) (any, error) {
	text, isText := c.Args[name].(string)
	if !isText {
		return c.Args[name], nil
	}
	if text == "" {
		return nil, nil
	}
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return nil, refuse("invalid_arguments")
	}
	return v, nil
}

// number is an argument between 1 and most; usual where it is not given.
func (c *call) number(name string, usual, most int) (int, error) {
	text := c.text(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, refuse("invalid_limit")
	}
	return n, nil
}

// perform checks who calls and does what is asked. It is called with the lock held.
func (s *Sim) perform(name, token string, c *call) (object, error) {
	m, known := methods[name]
	if !known {
		return nil, refuse("unknown_method")
	}
	if err := s.allowed(m, token); err != nil {
		return nil, err
	}
	for _, n := range m.needs {
		if _, there := c.Args[n.arg]; there {
			continue
		}
		if n.code != "" {
			return nil, refuse(n.code)
		}
		return nil, refusal{code: "invalid_arguments", extra: object{"response_metadata": object{
			"messages": []string{"[ERROR] missing required field: " + n.arg}}}}
	}
	return m.do(s, c)
}

func (s *Sim) allowed(m method, token string) error {
	if code := s.revoked[token]; code != "" {
		return refuse(code)
	}
	want, other := BotToken, AppToken
	if m.app {
		want, other = AppToken, BotToken
	}
	switch token {
	case "":
		return refuse("not_authed")
	case other:
		return refuse("not_allowed_token_type")
	case want:
	default:
		return refuse("invalid_auth")
	}
	if m.app || len(m.scopes) == 0 || s.o.Scopes == nil {
		return nil
	}
	for _, scope := range m.scopes {
		if slices.Contains(s.o.Scopes, scope) {
			return nil
		}
	}
	return refusal{code: "missing_scope", extra: object{"needed": strings.Join(m.scopes, ","), "provided": strings.Join(s.o.Scopes, ",")}}
}

// may says that the bot has a scope.
func (s *Sim) may(scope string) bool { return s.o.Scopes == nil || slices.Contains(s.o.Scopes, scope) }

// methods are all that the simulator answers.
var methods map[string]method

func init() {
	methods = map[string]method{}
	for _, some := range []map[string]method{appMethods, chatMethods, roomMethods, readMethods, tagMethods, fileMethods, peopleMethods, viewMethods} {
		for name, m := range some {
			methods[name] = m
		}
	}
}

var appMethods = map[string]method{
	"auth.test": {do: func(s *Sim, _ *call) (object, error) {
		return object{"url": s.workspace(), "team": "Simulated", "team_id": TeamID, "user": "boswell", "user_id": BotUser,
			"bot_id": BotID, "is_enterprise_install": false}, nil
	}},
	"api.test": {do: func(_ *Sim, c *call) (object, error) { return object{"args": c.Args}, nil }},
	"apps.connections.open": {app: true, do: func(s *Sim, _ *call) (object, error) {
		switch {
		case s.o.RequestURL != "":
			return nil, refuse("socket_mode_not_enabled")
		case s.mail.isCut():
			return nil, refuse("service_unavailable")
		}
		id := s.newID("k")
		s.triggers["ticket/"+id] = &trigger{at: s.now()}
		return object{"url": "ws" + strings.TrimPrefix(s.URL(), "http") + "/link/?ticket=" + id + "&app_id=" + AppID}, nil
	}},
}

// trigger is what opens a form, or a ticket for a socket.
type trigger struct {
	user string
	at   time.Time
	used bool
	view *view
}

// ScopesOf are the scopes of which a method needs one.
func ScopesOf(method string) []string { return methods[method].scopes }
