package rocketchat

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"boswell/chat"
)

const (
	// codeTooMany is the server's code of a rate limit, over REST and over DDP.
	codeTooMany = "error-too-many-requests"
	// codeTooLong is its code of a message that is longer than the setting says.
	codeTooLong = "error-message-size-exceeded"
)

// scrub takes the address out of an error of the HTTP client: it says no more than the error, and may hold what is private.
func scrub(err error) error {
	var u *url.Error
	if !errors.As(err, &u) {
		return err
	}
	host := ""
	if parsed, parseErr := url.Parse(u.URL); parseErr == nil {
		host = parsed.Host
	}
	return fmt.Errorf("%s %s: %w", strings.ToLower(u.Op), host, u.Err)
}

// sorted says of an error whether trying again may help, and whether it may have worked all the same.
func sorted(doing string, err error) error {
	var f *chat.Failure
	if err == nil || errors.As(err, &f) {
		return err
	}
	err = fmt.Errorf("%s: %w", doing, scrub(err))
	var said *apiError
	switch {
	case errors.Is(err, chat.ErrGone):
		return chat.Final(err, "")
	case errors.As(err, &said):
		return said.sorted(err)
	case notSent(err):
		return chat.Temporary(err, 0)
	default:
		return chat.InDoubt(err)
	}
}

// notSent says that a request never left: the connection could not be made.
func notSent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns)
}

// operatorPause is how long to wait for an operator to mend what only an operator can.
const operatorPause = time.Minute

// sorted sorts what the server said. err is this error with what was being done.
func (e *apiError) sorted(err error) error {
	switch {
	case e.status == http.StatusTooManyRequests:
		return chat.Temporary(err, e.after)
	case e.status >= 500 || e.status == http.StatusRequestTimeout:
		return chat.InDoubt(err)
	case e.status == http.StatusUnauthorized:
		return &chat.Failure{Err: err, Temporary: true, After: operatorPause, Tell: tellToken}
	}
	if tell, ok := forOperators[e.code]; ok {
		return &chat.Failure{Err: err, Temporary: true, After: operatorPause, Tell: tell}
	}
	if slices.Contains(goneCodes, e.code) {
		return chat.Final(fmt.Errorf("%w: %w", chat.ErrGone, err), forPeople[e.code])
	}
	if tell, ok := forPeople[e.code]; ok {
		return chat.Final(err, tell)
	}
	for part, tell := range forWords { // before the codes that say little
		if strings.Contains(strings.ToLower(e.text), part) {
			return chat.Final(err, tell)
		}
	}
	if tell, ok := forLittle[e.code]; ok {
		return chat.Final(err, tell)
	}
	if e.status == http.StatusForbidden {
		return &chat.Failure{Err: err, Temporary: true, After: operatorPause, Tell: forOperators["error-unauthorized"]}
	}
	return chat.Final(err, "Rocket.Chat refused that ("+first(e.code, fmt.Sprintf("HTTP status %d", e.status))+"). The log has more.")
}

const (
	tellToken = "Rocket.Chat does not accept my token any more. An operator has to make a new personal access token and put it into the configuration."
	tellTwo   = "Rocket.Chat asks for a second factor, which I do not have. An operator has to make my personal access token again, " +
		"with Ignore Two Factor Authentication."
)

// forOperators are the codes that an operator can mend while what is owed waits.
var forOperators = map[string]string{
	"totp-required":             tellTwo,
	"error-unauthorized":        "My Rocket.Chat account lacks a permission. An operator finds out with `boswell doctor` which, and gives my account the role bot.",
	"unauthorized":              "My Rocket.Chat account lacks a permission. An operator finds out with `boswell doctor` which, and gives my account the role bot.",
	"error-user-not-active":     "My Rocket.Chat account is deactivated. An operator has to activate it again.",
	"error-pinning-not-allowed": "This server does not let messages be pinned. An administrator can allow it under Settings, Message.",
	"error-invalid-user":        "Rocket.Chat does not know my account any more. An operator has to check user_id in the configuration.",
}

// goneCodes are the codes of what is no longer there.
var goneCodes = []string{"error-message-not-found", "error-invalid-message", "error-user-not-found", "error-file-not-found"}

const (
	tellArchived  = "That room is archived. Unarchive it, or go on in another one with `room link`."
	tellNoRoom    = "I cannot see that room: it is gone, or I am not in it. Invite me there and try again."
	tellNotThere  = "I am not in that room. Invite me there and try again."
	tellReadOnly  = "That room is read-only, or I am muted there. Its owner can let me write."
	tellEncrypted = "That room is end-to-end encrypted: I can neither read nor write there. Switch encryption off in the room, or use another one."
	tellTooLong   = "The message is too long for this server."
	tellEmpty     = "There is nothing in the message."
)

// forPeople are the codes that people can do something about.
var forPeople = map[string]string{
	"error-room-archived":                    tellArchived,
	"room_is_archived":                       tellArchived,
	"error-room-not-found":                   tellNoRoom,
	"error-invalid-room":                     tellNoRoom,
	"error-not-in-room":                      tellNotThere,
	"error-user-not-in-room":                 tellNotThere,
	"error-logged-user-not-in-room":          tellNotThere,
	"room_is_blocked":                        "That person does not take messages from me.",
	codeTooLong:                              tellTooLong,
	"error-user-is-muted":                    tellReadOnly,
	"you_have_been_muted":                    tellReadOnly,
	"error-room-is-read-only":                tellReadOnly,
	"error-message-editing-blocked":          "This server does not let messages be changed that late. An administrator can give me the permission bypass-time-limit-edit-and-delete.",
	"error-duplicate-channel-name":           "A room of that name is there already.",
	"error-invalid-room-name":                "Rocket.Chat does not take that name for a room.",
	"error-invalid-file-type":                "This server does not take files of that type. An administrator can allow it under Settings, File Upload.",
	"error-cant-invite-for-direct-room":      "Nobody can be invited into a direct conversation.",
	"error-direct-message-max-user-exceeded": "That conversation has as many people as it may have.",
	"error-not-allowed-in-encrypted-room":    tellEncrypted,
}

// forLittle are the codes that the server has for many things. Its words may say which.
var forLittle = map[string]string{
	"error-action-not-allowed": "This server does not let me do that. An operator finds out with `boswell doctor` which permission is missing.",
	"error-not-allowed":        "This server does not let me do that there. Am I in the room, and may I write in it?",
}

// forWords are what the server says without a code, or with one that says little.
var forWords = map[string]string{
	"archived":    tellArchived,
	"muted":       tellReadOnly,
	"readonly":    tellReadOnly,
	"read-only":   tellReadOnly,
	"read only":   tellReadOnly,
	"encrypted":   tellEncrypted,
	"not in room": tellNotThere,
}

// hopeless says that connecting again cannot help, and in which words.
func hopeless(err error) (tell string, yes bool) {
	var said *apiError
	if !errors.As(err, &said) {
		return "", false
	}
	switch {
	case said.code == "totp-required":
		return tellTwo, true
	case said.status == http.StatusUnauthorized:
		return tellToken, true
	case said.code == "error-user-not-active":
		return forOperators[said.code], true
	default:
		return "", false
	}
}

// code is the server's own code of an error, if it is one of the server's.
func code(err error) string {
	var said *apiError
	if errors.As(err, &said) {
		return said.code
	}
	return ""
}

// refused says that the server answered and said no, for a reason that trying again does not change.
func refused(err error) bool {
	var said *apiError
	return errors.As(err, &said) && said.status/100 == 4 && said.status != http.StatusTooManyRequests &&
		said.status != http.StatusUnauthorized && said.status != http.StatusRequestTimeout
}

// stopped says that an error only tells of being told to stop.
func stopped(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, ctx.Err())
}

// pause waits for a while, and says whether ctx let it.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
