package rocketchat

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"boswell/chat"
)

// The headers by which the app and the bot vouch for what they say to each other. The secret itself never travels.
const (
	headerTimestamp = "X-Boswell-Timestamp"
	headerSignature = "X-Boswell-Signature"
)

// vouchedFor is how far the clocks of both and a slow network may be apart.
const vouchedFor = 5 * time.Minute

var errUnsigned = errors.New("it is not signed with app_secret")

// A skew is the age of a request that is signed rightly, and too old or from the future.
type skew time.Duration

// Error says how old it is.
func (s skew) Error() string {
	return fmt.Sprintf("its time stamp is %s away from now", time.Duration(s).Abs().Truncate(time.Second))
}

func sealOf(secret chat.Secret, text ...string) []byte {
	sum := hmac.New(sha256.New, []byte(secret.Reveal()))
	for _, t := range text {
		sum.Write([]byte(t))
	}
	return sum.Sum(nil)
}

func signature(secret chat.Secret, timestamp, body string) string {
	return "v1=" + hex.EncodeToString(sealOf(secret, timestamp, ".", body))
}

// sign vouches for a body.
func sign(h http.Header, secret chat.Secret, body string, now time.Time) {
	timestamp := strconv.FormatInt(now.Unix(), 10)
	h.Set(headerTimestamp, timestamp)
	h.Set(headerSignature, signature(secret, timestamp, body))
}

// vouched checks that the headers vouch for a body, and that it is not an old one again. Without a secret nothing does.
func vouched(h http.Header, secret chat.Secret, body string, now time.Time) error {
	timestamp := h.Get(headerTimestamp)
	if secret.IsZero() || !hmac.Equal([]byte(signature(secret, timestamp, body)), []byte(h.Get(headerSignature))) {
		return errUnsigned
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return errUnsigned
	}
	if age := now.Sub(time.Unix(seconds, 0)); age.Abs() > vouchedFor {
		return skew(age)
	}
	return nil
}

// A formMemory comes back with a form that was filled in: the server does not tell where it was opened. It goes through the
// hands of the person who fills the form in, so it is sealed, and good for that person alone.
type formMemory struct {
	Once   string        `json:"n"` // one modal differs from the next
	User   string        `json:"u"`
	Room   string        `json:"r"`
	Thread string        `json:"t,omitempty"`
	Direct bool          `json:"d,omitempty"`
	Action chat.ActionID `json:"a"`
	State  string        `json:"s,omitempty"`
}

// memorySeal keeps the seals of memories apart from those of bodies, which begin with a number.
const memorySeal = "form."

// seal writes a memory as the identifier of a view.
func (m formMemory) seal(secret chat.Secret) (string, error) {
	data, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(data)
	return text + "." + base64.RawURLEncoding.EncodeToString(sealOf(secret, memorySeal, text)), nil
}

// recall reads the memory in the identifier of a view that was opened for a person.
func recall(view, user string, secret chat.Secret) (m formMemory, ok bool) {
	text, seal, _ := strings.Cut(view, ".")
	given, err := base64.RawURLEncoding.DecodeString(seal)
	if err != nil || secret.IsZero() || !hmac.Equal(given, sealOf(secret, memorySeal, text)) {
		return m, false
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(data, &m) != nil {
		return m, false
	}
	return m, m.User == user
}
