package rocketsim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"boswell/chat"
)

// AppID is the identifier of the bot's app.
const AppID = "5ae1b6c0-6d5c-4c4e-9d4f-6f8a1c1f0b27"

// A server with the bot's app in it.
type (
	// installed is the app with its settings.
	installed struct{ door, secret string }
	// whisper is a message that one person alone was shown, while their client was open.
	whisper struct {
		id      string
		to      *user
		message *message
	}
	// view is a form that somebody has open.
	view struct {
		to      *user
		room    string
		thread  string
		content object
		typed   map[chat.FieldID]string // what was sent and refused
		seen    bool
	}
	// answer is what the app was told to show.
	answer struct {
		Ephemeral []appMessage                 `json:"ephemeral"`
		Room      string                       `json:"room"`
		Thread    string                       `json:"thread"`
		Modal     object                       `json:"modal"`
		Errors    map[string]string            `json:"errors"`
		Previews  []struct{ ID, Label string } `json:"previews"`
		Error     string                       `json:"error"`
	}
	appMessage struct {
		Text   string `json:"text"`
		Blocks []any  `json:"blocks"`
	}
)

// Install puts the bot's app into the server, with the address of the bot's door and the secret that both know.
func (s *Sim) Install(door, secret string) {
	s.within(func() { s.app = &installed{door: door, secret: secret} })
}

// Asked is how often the app told the bot of something.
func (s *Sim) Asked() (n int) {
	s.within(func() { n = s.asked })
	return n
}

// GoOffline closes somebody's client: what is shown to them alone is lost.
func (s *Sim) GoOffline(who chat.UserID, on bool) {
	s.within(func() { s.users[string(who)].offline = on })
}

// vouch signs a text as the app and the bot do.
func vouch(h http.Header, secret, text, stamp string) {
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte(stamp + "." + text))
	h.Set("X-Boswell-Timestamp", stamp)
	h.Set("X-Boswell-Signature", "v1="+hex.EncodeToString(sum.Sum(nil)))
}

// tell tells the bot what somebody did, as the app does, and returns what it is to show.
func (s *Sim) tell(ctx context.Context, request object) (a answer, err error) {
	s.mu.Lock()
	s.asked++
	app, stamp := s.app, strconv.FormatInt(s.clock.Now().Unix(), 10)
	s.mu.Unlock()
	if app == nil {
		return a, errors.New("no such command: the app is not installed")
	}
	body, err := json.Marshal(request)
	if err != nil {
		return a, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, app.door, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	req.Header.Set("Content-Type", "application/json")
	vouch(req.Header, app.secret, string(body), stamp)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{Error: "Boswell does not answer."}, nil
	}
	defer res.Body.Close()
	if err := json.NewDecoder(io.LimitReader(res.Body, bodyMost)).Decode(&a); err != nil {
		return a, fmt.Errorf("the door answers with status %d and no JSON: %w", res.StatusCode, err)
	}
	return a, nil
}

// whisper shows somebody a message that nobody else sees. It is called with the lock held.
func (s *Sim) whisper(to *user, r *room, thread string, m appMessage) {
	shown := &message{id: s.newID(), in: r, by: s.users[BotID], thread: thread, text: m.Text, at: s.now()}
	if len(m.Blocks) > 0 {
		shown.blocks = m.Blocks
	}
	s.whispers = append(s.whispers, &whisper{id: shown.id, to: to, message: shown})
}

// fromBot takes what the bot asks the app for by itself.
func (s *Sim) fromBot(w http.ResponseWriter, r *http.Request) {
	var body struct{ Payload string }
	err := json.NewDecoder(io.LimitReader(r.Body, bodyMost)).Decode(&body)
	s.mu.Lock()
	defer s.mu.Unlock()
	var status int
	var says object
	switch {
	case s.app == nil || r.PathValue("app") != AppID:
		status, says = http.StatusNotFound, object{"error": "no such app"}
	case err != nil || !s.vouched(r.Header, body.Payload):
		status, says = http.StatusUnauthorized, object{"error": "not signed with the shared secret"}
	default:
		status, says = s.wish(body.Payload)
	}
	data, err := json.Marshal(says)
	if err != nil {
		status = http.StatusInternalServerError
	}
	respond(w, status, data)
}

// vouched says whether a text was signed with the secret.
func (s *Sim) vouched(h http.Header, text string) bool {
	want := http.Header{}
	vouch(want, s.app.secret, text, h.Get("X-Boswell-Timestamp"))
	return hmac.Equal([]byte(want.Get("X-Boswell-Signature")), []byte(h.Get("X-Boswell-Signature")))
}

// wish does what the bot asks for.
func (s *Sim) wish(payload string) (int, object) {
	var wish struct {
		Kind, User, Room, Thread string
		Message                  appMessage
		Trigger                  string `json:"triggerId"`
		Modal                    object
	}
	if err := json.Unmarshal([]byte(payload), &wish); err != nil {
		return http.StatusBadRequest, object{"error": "no JSON"}
	}
	u, r := s.users[wish.User], s.rooms[wish.Room]
	switch {
	case wish.Kind == "hello":
		return http.StatusOK, object{}
	case u == nil, wish.Kind == "whisper" && r == nil:
		return http.StatusNotFound, object{"error": "there is no such person or room"}
	case wish.Kind == "whisper":
		if !u.offline {
			s.whisper(u, r, wish.Thread, wish.Message)
		}
		return http.StatusOK, object{"shown": !u.offline}
	case wish.Kind == "modal":
		pulled, there := s.triggers[wish.Trigger]
		if !there || pulled.to != u {
			return http.StatusInternalServerError, object{"error": "the trigger is used or unknown"}
		}
		delete(s.triggers, wish.Trigger)
		s.open(&view{to: u, room: pulled.room, thread: pulled.thread, content: wish.Modal})
		return http.StatusOK, object{}
	default:
		return http.StatusBadRequest, object{"error": "unknown wish"}
	}
}

// open shows somebody a form. It is called with the lock held.
func (s *Sim) open(v *view) string {
	id, _ := v.content["id"].(string)
	s.views[id] = v
	return id
}
