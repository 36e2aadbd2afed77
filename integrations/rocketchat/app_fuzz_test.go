package rocketchat

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"boswell/chat"
)

// FuzzAppRequest sends anything through the door, vouched for: it answers every time with JSON that the app can read, and what
// reaches the bot says who did it.
func FuzzAppRequest(f *testing.F) {
	f.Add(typedNote)
	f.Add(`{"id":"1","kind":"preview","user":{"id":"ann"},"room":{"id":"R"},"line":"note at:\"14 05"}`)
	f.Add(`{"id":"1","kind":"action","action":"supporting","message":"M","user":{"id":"ann"},"room":{"id":"R","type":"d","members":["bot",""]}}`)
	f.Add(`{"id":"1","kind":"press","action":"join#2","value":"INC-7","user":{"id":"eve"},"room":{"id":"R"},"thread":"T"}`)
	f.Add(`{"id":"1","kind":"submit","user":{"id":"ann"},"view":{"id":"e30.AA","state":{"text":{"text":7},"a":{"b":["c"]}}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		d, h := newDoor(t, asking(chat.Reply{Refused: true, Message: chat.Message{Text: chat.Say("no")}}))
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		sign(r.Header, appSecret, body, noon)
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		var a appAnswer
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			t.Fatalf("the answer %q: %v", w.Body.String(), err)
		}
		if (w.Code == http.StatusOK) == (a.Error != "" && a.Error != sayOldForm) {
			t.Errorf("%d with the error %q", w.Code, a.Error)
		}
		for _, in := range h.heard {
			m := in.Origin()
			if m.Delivery == "" || m.From.ID == "" || m.Place.Channel == "" {
				t.Errorf("the bot hears %+v", in)
			}
		}
	})
}

// FuzzRecall opens identifiers of forms that nobody sealed.
func FuzzRecall(f *testing.F) {
	sealed, err := formMemory{User: "ann", Room: "R", Action: "form", State: "note"}.seal(chat.NewSecret("another"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add(".")
	f.Add("e30.")
	f.Fuzz(func(t *testing.T, id string) {
		if m, ok := recall(id, "ann", appSecret); ok {
			t.Errorf("%q is taken for %+v", id, m)
		}
	})
}
