package rocketchat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
)

// appRequestMost bounds one request of the app's, in bytes.
const appRequestMost = 256 << 10

// answerWithin is how long the app waits at most for what the bot says. It asks again after that, and the trigger of a form
// is no good any more after five seconds.
const answerWithin = 3 * time.Second

// An appHost is the connection that a door belongs to.
type appHost interface {
	// ask hands in to the bot and returns its answer, or errAway while there is no connection.
	ask(ctx context.Context, in chat.Inbound) (chat.Reply, error)
	// inRoom does something after everything that came from a room before, and waits for it.
	inRoom(ctx context.Context, room string, do func() error) error
	account(ctx context.Context, id string) (chat.User, error)
	place(room, thread string) chat.Place
	ref(room, message string) chat.Ref
	Post(ctx context.Context, key string, to chat.Place, m chat.Message) (chat.Ref, error)
	whisper(ctx context.Context, to chat.Place, user chat.UserID, m chat.Message) error
}

// A door takes what the app tells. Nothing in a request is read before it is clear that it comes from somebody who has the
// secret.
type door struct {
	host     appHost
	self     string // the bot's own identifier
	secret   chat.Secret
	now      func() time.Time
	within   time.Duration
	commands func() []chat.Command
	log      zerolog.Logger
	// refused are the submissions of forms that were refused, and what they are called when they come again.
	refused bounded[chat.DeliveryID, chat.DeliveryID]
}

// What people read of a request that was not taken.
const (
	sayUnsigned = "Boswell does not trust this server. The shared secret in the settings of the app and app_secret of the bot differ. An administrator writes the same in both."
	saySkewed   = "The clocks of this server and of Boswell differ by more than five minutes. An administrator sets them right."
	sayTooLong  = "That is too much at once. Write less, or send it as a file."
	sayUnread   = "Boswell does not understand this version of the app. An administrator installs the app that came with the bot."
	sayAway     = "Boswell is not connected to this server just now. Nothing was changed. Try again in a minute."
	sayBroke    = "Something broke on my side. Nothing was changed."
	sayOldForm  = "I do not know that form any more. Type the command again."
)

// ServeHTTP takes one request and answers with what the app is to show.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, sayUnread)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, appRequestMost))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, sayTooLong)
		return
	}
	if err := vouched(r.Header, d.secret, string(body), d.now()); err != nil {
		d.log.Warn().Err(err).Str("from", r.RemoteAddr).Msg("refused a request at the door of the app")
		refuse(w, http.StatusUnauthorized, distrust(err))
		return
	}
	q, err := openRequest(body)
	if err != nil {
		d.log.Error().Err(err).Str("kind", q.Kind).Msg("could not read a request of the app's")
		refuse(w, http.StatusBadRequest, sayUnread)
		return
	}
	d.serve(r.Context(), w, q)
}

// distrust says to people why a request was refused.
func distrust(err error) string {
	if errors.As(err, new(skew)) {
		return saySkewed
	}
	return sayUnsigned
}

func (d *door) serve(ctx context.Context, w http.ResponseWriter, q appRequest) {
	answer, err := d.answer(ctx, q)
	switch {
	case errors.Is(err, errAway):
		refuse(w, http.StatusServiceUnavailable, sayAway)
	case err != nil:
		d.log.Error().Err(err).Str("kind", q.Kind).Str("delivery", q.ID).Msg("could not handle a request of the app's")
		refuse(w, http.StatusInternalServerError, sayBroke)
	default:
		respond(w, http.StatusOK, answer)
	}
}

func refuse(w http.ResponseWriter, status int, sentence string) {
	respond(w, status, appAnswer{Error: sentence})
}

func respond(w http.ResponseWriter, status int, answer appAnswer) {
	data, err := json.Marshal(answer)
	if err != nil {
		status, data = http.StatusInternalServerError, []byte(`{"error":"`+sayBroke+`"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(data) // nobody is there to tell if it fails: the app asks again
}
