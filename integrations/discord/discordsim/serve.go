package discordsim

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
)

// A Fault is what happens to a request in the place of its answer.
type Fault struct {
	Status int
	Header map[string]string
	Body   string
	// After says that the request is obeyed first, so that only its answer is lost.
	After bool
	// Hang says that no answer comes: the connection is closed.
	Hang bool
}

type faults struct {
	mu    sync.Mutex
	by    map[string][]Fault
	calls map[string]int
}

// Fail makes the next requests of a route fail, one fault each. A route is a method and a path with {} for identifiers, such
// as "POST /channels/{}/messages".
func (s *Sim) Fail(route string, list ...Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	if s.faults.by == nil {
		s.faults.by = map[string][]Fault{}
	}
	s.faults.by[route] = append(s.faults.by[route], list...)
}

// Calls is how often a route was asked, as Fail names it.
func (s *Sim) Calls(route string) int {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	return s.faults.calls[route]
}

func (f *faults) take(route string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == nil {
		f.calls = map[string]int{}
	}
	f.calls[route]++
	list := f.by[route]
	if len(list) == 0 {
		return Fault{}, false
	}
	f.by[route] = list[1:]
	return list[0], true
}

// routeOf is a request as Fail names it.
func routeOf(method, path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i := range parts {
		before := ""
		if i > 0 {
			before = parts[i-1]
		}
		if strings.Trim(parts[i], "0123456789") == "" || before == "reactions" || i == 2 && (parts[0] == "webhooks" || parts[0] == "interactions") {
			parts[i] = "{}"
		}
	}
	return method + " /" + strings.Join(parts, "/")
}

type endpoint func(c *call) (any, *refusal)

// bodyMost is how many bytes of a request are read.
const bodyMost = 30 << 20

// serve makes a handler of an endpoint. open is one whose address is the permission.
func (s *Sim) serve(open bool, do endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/api/"), "/")
		path = "/" + path
		fault, failing := s.faults.take(routeOf(r.Method, path))
		if failing && !fault.After {
			fault.answer(w)
			return
		}
		c := &call{s: s, r: r}
		status, answer := http.StatusOK, any(nil)
		if refused := s.admit(c, open); refused != nil {
			status, answer = refused.status, refused.object()
		} else if result, refused := s.locked(c, do); refused != nil {
			status, answer = refused.status, refused.object()
		} else {
			status, answer = outcome(result)
		}
		if failing {
			fault.answer(w)
			return
		}
		s.write(w, r, path, c, status, answer)
	}
}

// created is the answer of what made something that has a place of its own.
type created struct{ made any }

func outcome(result any) (int, any) {
	switch r := result.(type) {
	case nil:
		return http.StatusNoContent, nil
	case created:
		return http.StatusCreated, r.made
	default:
		return http.StatusOK, r
	}
}

func (s *Sim) locked(c *call, do endpoint) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return do(c)
}

func (r *refusal) object() object {
	if r.after > 0 {
		return object{"message": r.text, "retry_after": r.after.Seconds(), "global": false}
	}
	return object{"code": r.code, "message": r.text}
}

func (f Fault) answer(w http.ResponseWriter) {
	if f.Hang {
		if h, ok := w.(http.Hijacker); ok {
			if conn, _, err := h.Hijack(); err == nil {
				// There is nobody left to tell.
				_ = conn.Close()
			}
		}
		return
	}
	for k, v := range f.Header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(f.Status)
	// The client may be gone; that is its own affair.
	_, _ = io.WriteString(w, f.Body)
}

// admit checks who asks, and reads what is asked.
func (s *Sim) admit(c *call, open bool) *refusal {
	if !strings.HasPrefix(c.r.UserAgent(), "DiscordBot (") {
		return no(http.StatusForbidden, 40333, "internal network error")
	}
	s.mu.Lock()
	revoked := s.revoked
	s.mu.Unlock()
	if !open && (c.r.Header.Get("Authorization") != "Bot "+Token || revoked) {
		return no(http.StatusUnauthorized, 0, "401: Unauthorized")
	}
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		return c.readParts(multipart.NewReader(io.LimitReader(c.r.Body, bodyMost), params["boundary"]))
	}
	if c.text, err = io.ReadAll(io.LimitReader(c.r.Body, bodyMost)); err != nil {
		return badForm
	}
	return c.readBody()
}

func (c *call) readBody() *refusal {
	if len(c.text) == 0 || c.text[0] == '[' {
		return nil
	}
	if err := json.Unmarshal(c.text, &c.body); err != nil {
		return no(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	}
	return nil
}

func (c *call) readParts(parts *multipart.Reader) *refusal {
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return c.readBody()
		}
		if err != nil {
			return badForm
		}
		contents, err := io.ReadAll(part)
		if err != nil {
			return badForm
		}
		if part.FormName() == "payload_json" {
			c.text = contents
		} else {
			c.files = append(c.files, &file{name: part.FileName(), contents: contents})
		}
	}
}

func (s *Sim) write(w http.ResponseWriter, r *http.Request, path string, c *call, status int, answer any) {
	var text []byte
	if status != http.StatusNoContent {
		var err error
		if text, err = json.Marshal(answer); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	if s.o.Heard != nil {
		s.o.Heard(Exchange{Method: r.Method, Path: path, Request: bytes.Clone(c.text), Status: status, Answer: text})
	}
	if status != http.StatusNoContent {
		w.Header().Set("Content-Type", "application/json")
	}
	w.Header().Set("X-RateLimit-Limit", "50")
	w.Header().Set("X-RateLimit-Remaining", "49")
	w.Header().Set("X-RateLimit-Reset-After", "0.001")
	w.Header().Set("X-RateLimit-Bucket", routeOf(r.Method, path))
	w.WriteHeader(status)
	// The client may be gone; that is its own affair.
	_, _ = w.Write(text)
}
