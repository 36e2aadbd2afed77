package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"boswell/chat"
)

// The numbers by which Discord tells errors apart.
const (
	codeUnknownChannel  = 10003
	codeUnknownMember   = 10007
	codeUnknownMessage  = 10008
	codeUnknownUser     = 10013
	codeUnknownEmoji    = 10014
	codeWriteLimit      = 20028
	codePinsFull        = 30003
	codeReactionsFull   = 30010
	codeChannelsFull    = 30013
	codeMembersFull     = 30033
	codeCommandsFull    = 30034
	codeOldEdits        = 30046
	codeAlreadyAnswered = 40060
	codeLimited         = 40062
	codeTagWanted       = 40067
	codeNoAccess        = 50001
	codeCannotMessage   = 50007
	codeNoPermission    = 50013
	codeInvalidForm     = 50035
	codeArchived        = 50083
	codeOverloaded      = 130000
	codeThreadsFull     = 160006
)

// An apiError is a refusal of Discord's.
type apiError struct {
	Route   string
	Status  int
	Code    int
	Message string
}

func (e *apiError) Error() string {
	return fmt.Sprintf("%s: status %d, code %d: %s", e.Route, e.Status, e.Code, e.Message)
}

// tells are the sentences for people, by the number of the error.
var tells = map[int]string{
	codeUnknownChannel: "The channel is not there any more, or the bot may not see it. Use another one, or let the bot in.",
	codeUnknownMessage: "The message is not there any more.",
	codeUnknownMember:  notInServer,
	codeUnknownUser:    notInServer,
	codePinsFull:       "The channel has as many pins as Discord allows. Unpin something.",
	codeReactionsFull:  "The message has as many different reactions as Discord allows. Remove one.",
	codeChannelsFull:   "The server has as many channels as Discord allows. Delete some, or let rooms be threads.",
	codeMembersFull:    "The thread has as many members as Discord allows.",
	codeCommandsFull:   "Discord takes no more new commands for this server today. Try again tomorrow.",
	codeTagWanted:      "Posts in the forum need a tag. Turn that off in the settings of the forum, or name another one.",
	codeNoAccess:       "The bot may not see that channel. Give it the permission View Channel there.",
	codeCannotMessage:  "That person takes no direct messages from the bot. They can allow them in the privacy settings of the server.",
	codeNoPermission:   "The bot lacks a permission there. `boswell doctor` says which.",
	codeUnknownEmoji:   "Discord does not know that emoji. Use another one.",
	codeThreadsFull:    "The server has as many open threads as Discord allows. Archive some.",
	codeArchived:       "The thread is archived. Open it again.",
	codeInvalidForm:    "Discord does not take it in that form. Make it shorter or simpler.",
}

const notInServer = "That person is not in the server. Invite them into it first."

// errRevoked says that the token is no longer good.
func errRevoked() error {
	return chat.Final(errors.New("the token was refused"),
		"Discord does not accept the bot's token any more. Make a new one in the developer portal and put it into the configuration.")
}

// refused sorts a refusal of Discord's.
func refused(q request, answer *http.Response, body []byte) error {
	e := &apiError{Route: q.route(), Status: answer.StatusCode}
	var said struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(body, &said); err == nil {
		e.Code, e.Message = said.Code, clip(said.Message, 300)
	} else {
		e.Message = "not from the API itself"
	}
	switch {
	case answer.StatusCode == http.StatusTooManyRequests:
		after, _ := pauseOf(answer.Header, body)
		return chat.Temporary(e, after)
	case answer.StatusCode >= 500:
		return chat.InDoubt(e)
	case answer.StatusCode == http.StatusUnauthorized && !q.open:
		return chat.Final(e, chat.AsFailure(errRevoked()).Tell)
	case isCode(e, codeWriteLimit, codeLimited, codeOverloaded, codeOldEdits):
		return chat.Temporary(e, 0)
	case isCode(e, codeUnknownMessage, codeUnknownChannel, codeUnknownUser, codeUnknownMember):
		return chat.Final(fmt.Errorf("%w: %w", e, chat.ErrGone), tellOf(e))
	case e.Code == 0 && answer.StatusCode == http.StatusForbidden:
		return chat.Temporary(e, usualPause) // Cloudflare's page, not Discord's word
	default:
		return chat.Final(e, tellOf(e))
	}
}

func tellOf(e *apiError) string {
	if tell, ok := tells[e.Code]; ok {
		return tell
	}
	return "Discord refused it: " + e.Message
}

// together is several failures as one, and nothing where none is an error. If one of them may be tried again all may: what is
// done already is not done twice.
func together(errs ...error) error {
	all := &chat.Failure{Err: errors.Join(errs...)}
	if all.Err == nil {
		return nil
	}
	var tells []string
	for _, err := range errs {
		if err == nil {
			continue
		}
		f := chat.AsFailure(err)
		all.Temporary, all.After = all.Temporary || f.Temporary, max(all.After, f.After)
		if f.Tell != "" {
			tells = append(tells, f.Tell)
		}
	}
	all.Tell = strings.Join(tells, "\n")
	return all
}

// isCode says that an error is one of these refusals.
func isCode(err error, codes ...int) bool {
	var e *apiError
	if !errors.As(err, &e) {
		return false
	}
	for _, code := range codes {
		if e.Code == code {
			return true
		}
	}
	return false
}

// clip is a text of at most most characters.
func clip(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// noSuchPlace says that a place or message is none of this platform's.
func noSuchPlace() error {
	return chat.Final(fmt.Errorf("no identifier of this platform: %w", chat.ErrGone), "That place is not on Discord.")
}
