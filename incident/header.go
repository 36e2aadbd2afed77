package incident

import (
	"encoding/hex"
	"strconv"
	"time"
)

// header is the part of a record that the chain hashes. It holds the digest of the contents, never the contents, so that
// these can be erased and the chain still verifies.
type header struct {
	Incident ID        `json:"incident"`
	Seq      uint64    `json:"seq"`
	At       time.Time `json:"at"`
	By       PersonID  `json:"by,omitempty"`
	Cause    string    `json:"cause,omitempty"`
	Kind     string    `json:"kind"`
	Prev     Hash      `json:"prev"`
	Digest   Hash      `json:"digest"`
}

// headerRoom is room for a header but for its By and Cause, and for what parts the lines of a record.
const headerRoom = 320

// appendTo writes h as marshal does. Every record has one, so it is written by hand, which takes a fraction of the time; one
// with a text that needs escaping is left to marshal.
func (h header) appendTo(b []byte) ([]byte, error) {
	if !plain(string(h.By)) || !plain(h.Cause) {
		text, err := marshal(h)
		return append(b, text...), err
	}
	b = strconv.AppendUint(append(b, `{"incident":`...), uint64(h.Incident), 10)
	b = strconv.AppendUint(append(b, `,"seq":`...), h.Seq, 10)
	b, err := h.At.AppendText(append(b, `,"at":"`...))
	if err != nil {
		return nil, err
	}
	if h.By != "" {
		b = append(append(b, `","by":"`...), h.By...)
	}
	if h.Cause != "" {
		b = append(append(b, `","cause":"`...), h.Cause...)
	}
	b = append(append(b, `","kind":"`...), h.Kind...)
	b = hex.AppendEncode(append(b, `","prev":"`...), h.Prev[:])
	b = hex.AppendEncode(append(b, `","digest":"`...), h.Digest[:])
	return append(b, `"}`...), nil
}

// plain says that a text stands in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
