package rocketchat

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"boswell/chat"
)

// appPath is the app's own address in the server. Anybody can find it; what arrives there counts for nothing unless it is
// signed.
const appPath = "/api/apps/public/" + AppID + "/boswell"

// appPatience is how long the app may take, appSays how much of its answer is read, in bytes.
const (
	appPatience = 10 * time.Second
	appSays     = 64 << 10
)

// An appWish is what the bot asks the app for by itself.
type appWish struct {
	Kind    string      `json:"kind"` // "whisper", "modal", or "hello", which asks for nothing
	User    string      `json:"user,omitempty"`
	Room    string      `json:"room,omitempty"`
	Thread  string      `json:"thread,omitempty"`
	Message *appMessage `json:"message,omitempty"`
	Trigger string      `json:"triggerId,omitempty"`
	Modal   *uiView     `json:"modal,omitempty"`
}

// call asks the app for something. An app gets the body of a request only as the server has read it, never its bytes, so
// what is signed is a text within the body.
func (p *Platform) call(ctx context.Context, wish appWish) (shown bool, err error) {
	payload, err := json.Marshal(wish)
	if err != nil {
		return false, chat.Final(err, "")
	}
	body, err := json.Marshal(map[string]string{"payload": string(payload)})
	if err != nil {
		return false, chat.Final(err, "")
	}
	ctx, cancel := context.WithTimeout(ctx, appPatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.cfg.URL+appPath, bytes.NewReader(body))
	if err != nil {
		return false, chat.Final(err, "")
	}
	r.Header.Set("Content-Type", "application/json")
	sign(r.Header, p.cfg.AppSecret, string(payload), p.o.Now())
	response, err := p.o.HTTP.Do(r)
	if err != nil {
		return false, chat.InDoubt(fmt.Errorf("ask the app: %w", err))
	}
	defer response.Body.Close()
	return answered(response)
}

// answered reads what the app says.
func answered(response *http.Response) (shown bool, err error) {
	var says struct {
		Shown bool `json:"shown"`
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, appSays))
	if err != nil {
		return false, chat.InDoubt(fmt.Errorf("ask the app: %w", err))
	}
	if response.StatusCode == http.StatusOK && json.Unmarshal(body, &says) == nil {
		return says.Shown, nil
	}
	err = fmt.Errorf("the app answered with %s", response.Status)
	switch {
	case response.StatusCode == http.StatusUnauthorized:
		return false, chat.Final(err, "The shared secret in the settings of Boswell's app and app_secret differ, or the clocks do.")
	case response.StatusCode >= 500:
		return false, chat.InDoubt(err)
	default:
		return false, chat.Final(err, "Boswell's app is not enabled on this server.")
	}
}

// greetApp finds out whether the app is enabled and has the same secret.
func (p *Platform) greetApp(ctx context.Context) error {
	_, err := p.call(ctx, appWish{Kind: "hello"})
	return err
}

// whisper says something that one person alone sees. Where the app is not there, cannot be reached or finds the person away,
// it is a direct message. Where that cannot be either, the room reads that there was something, and not what: it may be of a
// private incident.
func (p *Platform) whisper(ctx context.Context, to chat.Place, user chat.UserID, m chat.Message) error {
	if !p.cfg.AppSecret.IsZero() {
		wish := appWish{Kind: "whisper", User: string(user), Room: string(to.Channel), Thread: string(to.Thread),
			Message: &appMessage{Text: markdown(m), Blocks: appBlocks(m)}}
		shown, err := p.call(ctx, wish)
		if shown {
			return nil
		}
		p.log.Debug().Err(err).Msg("the app did not show a whisper; it becomes a direct message")
	}
	err := p.sayAlone(ctx, user, inWords(m))
	if err == nil {
		return nil
	}
	p.log.Warn().Err(err).Msg("could not speak to somebody alone")
	withheld := chat.Reply{}.Withheld().Message
	withheld.Text = append(chat.Text{}.Mention(chat.User{ID: user}).Plain(" "), withheld.Text...)
	_, err = p.Post(ctx, "", to, withheld)
	return err
}

const (
	// aloneMost is how often a direct message is tried that did not go at once, alonePatience how long the pause before that
	// may be: somebody waits for the answer.
	aloneMost     = 3
	alonePatience = 5 * time.Second
)

// sayAlone sends a direct message.
func (p *Platform) sayAlone(ctx context.Context, user chat.UserID, m chat.Message) error {
	key := rand.Text()
	for n := 1; ; n++ {
		place, err := p.Direct(ctx, user)
		if err == nil {
			_, err = p.Post(ctx, key, place, m)
		}
		if err == nil || n == aloneMost {
			return err
		}
		f := chat.AsFailure(err)
		wait := max(time.Duration(n)*p.o.Retry, f.After)
		if !f.Temporary || wait > alonePatience || !pause(ctx, wait) {
			return err
		}
	}
}
