package incident_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"boswell/incident"

	"pgregory.net/rapid"
)

// header is the first line of a stored record.
type header struct {
	Incident incident.ID       `json:"incident"`
	Seq      uint64            `json:"seq"`
	At       time.Time         `json:"at"`
	By       incident.PersonID `json:"by,omitempty"`
	Cause    string            `json:"cause,omitempty"`
	Kind     string            `json:"kind"`
	Prev     incident.Hash     `json:"prev"`
	Digest   incident.Hash     `json:"digest"`
}

// TestHeaderIsWhatJSONMakesOfIt compares the first line of records with what encoding/json writes, byte for byte.
func TestHeaderIsWhatJSONMakesOfIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := incident.Record{
			Incident: incident.ID(rapid.Uint64().Draw(t, "incident")),
			Seq:      rapid.Uint64().Draw(t, "seq"),
			At:       time.Unix(rapid.Int64Range(0, 1<<37).Draw(t, "second"), rapid.Int64Range(0, 1e9).Draw(t, "nanosecond")),
			By:       incident.PersonID(drawnText.Draw(t, "by")),
			Cause:    drawnText.Draw(t, "cause"),
			Prev:     sha256.Sum256([]byte(drawnText.Draw(t, "prev"))),
			Event:    incident.Closed{},
		}
		stored, sum, err := incident.Seal(r, incident.Salt{})
		if err != nil {
			t.Fatal(err)
		}
		line, _, _ := bytes.Cut(stored, []byte("\n"))
		want := inJSON(t, header{r.Incident, r.Seq, r.At.UTC(), r.By, r.Cause, "closed", r.Prev,
			sha256.Sum256([]byte(hex.EncodeToString(make([]byte, len(incident.Salt{}))) + "{}"))})
		if !bytes.Equal(line, want) || sum != sha256.Sum256(want) {
			t.Fatalf("the header is\n%s\nwant\n%s", line, want)
		}
	})
}

func inJSON(t *rapid.T, v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
