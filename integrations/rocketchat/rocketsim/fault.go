package rocketsim

import (
	"net/http"
)

// Fault is how a route fails the next time.
type Fault struct {
	// Status is the HTTP status; 0 is 502.
	Status int
	// Code is the server's error code, Body what is answered in its place.
	Code, Body string
	// Late says that it does what it should before it fails; Cut that the connection is cut in place of an answer.
	Late, Cut bool
}

// Fail makes a route ("chat.sendMessage", "file-upload") fail the next times it is called.
func (s *Sim) Fail(route string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.faults[route] = append(s.faults[route], &f)
	}
}

// fault takes the next fault of a route; nil is none. It is called with the lock held.
func (s *Sim) fault(route string) *Fault {
	if s.down {
		return &Fault{Status: http.StatusBadGateway}
	}
	waiting := s.faults[route]
	if len(waiting) == 0 {
		return nil
	}
	s.faults[route] = waiting[1:]
	return waiting[0]
}

// stumble fails a request as a fault says.
func (s *Sim) stumble(w http.ResponseWriter, f *Fault) {
	if f == nil {
		f = &Fault{}
	}
	if f.Cut {
		if h, ok := w.(http.Hijacker); ok {
			if conn, _, err := h.Hijack(); err == nil {
				conn.Close()
				return
			}
		}
	}
	if f.Code != "" {
		status, answer := s.answered(nil, fail(f.Code, ""))
		if f.Status != 0 {
			status = f.Status
		}
		respond(w, status, answer)
		return
	}
	if f.Status == 0 {
		f.Status = http.StatusBadGateway
	}
	respond(w, f.Status, []byte(f.Body))
}
