package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// scrub takes the address out of an error of the HTTP client: the address of an answer or of a socket is as good as a key.
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
func (p *Platform) sorted(doing string, err error) error {
	var f *chat.Failure
	if err == nil || errors.As(err, &f) {
		return err
	}
	err = fmt.Errorf("%s: %w", doing, scrub(err))
	var limited *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	var status slack.StatusCodeError
	switch {
	case errors.As(err, &limited):
		return chat.Temporary(err, limited.RetryAfter)
	case errors.As(err, &refused):
		return p.refused(err, refused)
	case errors.As(err, &status):
		return byStatus(err, status.Code)
	case notSent(err):
		return chat.Temporary(err, 0)
	default:
		return chat.InDoubt(err)
	}
}

// byStatus sorts an answer that is no answer of the Web API: of a server in trouble nobody knows what it has done.
func byStatus(err error, code int) error {
	switch {
	case code >= 500 || code == 408:
		return chat.InDoubt(err)
	case code == 429:
		return chat.Temporary(err, time.Second)
	default:
		return chat.Final(err, fmt.Sprintf("Slack refused that with HTTP status %d. The log has more.", code))
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

// refused sorts Slack's own error codes.
func (p *Platform) refused(err error, r slack.SlackErrorResponse) error {
	if r.Needed != "" {
		err = fmt.Errorf("%w (needed: %s)", err, r.Needed)
	}
	if tell, ok := forOperators[r.Err]; ok {
		if r.Needed != "" {
			tell += " The missing scope is " + r.Needed + "."
		}
		return &chat.Failure{Err: err, Temporary: true, After: operatorPause, Tell: tell}
	}
	switch r.Err {
	case "ratelimited", "rate_limited", "message_limit_exceeded", "rollup_error":
		return chat.Temporary(err, time.Second)
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "accesslimited":
		return chat.InDoubt(err)
	case "message_not_found", "thread_not_found", "file_not_found", "file_deleted", "user_not_found", "users_not_found":
		return chat.Final(fmt.Errorf("%w: %w", chat.ErrGone, err), "")
	}
	if tell, ok := forPeople[r.Err]; ok {
		return chat.Final(err, tell)
	}
	return chat.Final(err, "Slack refused that ("+r.Err+"). The log has more.")
}

// forOperators are the codes that an operator can mend while what is owed waits.
var forOperators = map[string]string{
	"invalid_auth":           "Slack does not accept my token any more. An operator has to put a valid one into the configuration.",
	"not_authed":             "Slack does not accept my token. An operator has to put a valid one into the configuration.",
	"token_revoked":          "My Slack token was revoked. An operator has to install the app again and configure the new token.",
	"token_expired":          "My Slack token has expired. An operator has to configure a new one.",
	"account_inactive":       "My Slack account is deactivated. An operator has to install the app again.",
	"missing_scope":          "My Slack app lacks a permission. An operator has to add it to the app and install it again; `boswell doctor` says which.",
	"no_permission":          "My Slack app lacks a permission. An operator finds out with `boswell doctor`.",
	"not_allowed_token_type": "That needs another kind of Slack token. An operator finds out with `boswell doctor`.",
	"access_denied":          "An administrator of the workspace does not let me do that.",
}

// forPeople are the codes that people can do something about.
var forPeople = map[string]string{
	"not_in_channel":                        "I am not in that channel. Type `/invite @boswell` there and try again.",
	"channel_not_found":                     "I cannot see that channel: it is gone, or private and I am not in it. `/invite @boswell` there lets me in.",
	"is_archived":                           "That channel is archived. Unarchive it, or go on in another one with `/incident room link`.",
	"already_archived":                      "That channel is archived already.",
	"restricted_action":                     "The workspace does not let apps do that. An administrator can allow it under Workspace settings.",
	"msg_too_long":                          "The message is too long for Slack.",
	"msg_blocks_too_long":                   "The message is too long for Slack.",
	"no_text":                               "There is nothing in the message.",
	"cant_update_message":                   "I can change my own messages only.",
	"edit_window_closed":                    "The workspace does not let messages be changed that late.",
	"too_many_pins":                         "The channel has too many pins. Take one away and try again.",
	"not_pinnable":                          "That message cannot be pinned.",
	"user_is_bot":                           "Bots cannot be invited or written to.",
	"user_is_restricted":                    "That person is a guest and may not be invited there.",
	"user_is_ultra_restricted":              "That person is a guest of one channel and may not be invited elsewhere.",
	"user_not_in_channel":                   "That person is not in the channel.",
	"user_disabled":                         "That person's account is deactivated.",
	"cannot_dm_bot":                         "Bots cannot be written to.",
	"ura_max_channels":                      "That guest is in as many channels as they may be.",
	"cant_invite":                           "That person cannot be invited there.",
	"org_user_not_in_team":                  "That person is not in this workspace.",
	"invalid_name":                          "Slack does not take that name for a channel.",
	"name_taken":                            "A channel of that name is there already.",
	"cant_archive_general":                  "The channel #general cannot be archived.",
	"method_not_supported_for_channel_type": "That cannot be done in a conversation of this kind.",
	"file_uploads_disabled":                 "The workspace does not take files.",
	"storage_limit_reached":                 "The workspace has no room for more files.",
	"expired_trigger_id":                    "That took too long. Try it again.",
	"trigger_expired":                       "That took too long. Try it again.",
	"channel_type_not_supported":            "That cannot be done in a conversation of this kind.",
	"shared_channel_not_allowed":            "That cannot be done in a channel that is shared with another workspace.",
}

// hopeless are the codes after which connecting again cannot help.
var hopeless = map[string]bool{"invalid_auth": true, "not_authed": true, "token_revoked": true, "token_expired": true,
	"account_inactive": true, "missing_scope": true, "not_allowed_token_type": true}

// giveUp says that an error cannot be mended by trying again, and tells why.
func giveUp(err error) bool {
	var r slack.SlackErrorResponse
	return errors.As(err, &r) && hopeless[r.Err]
}

// code is Slack's own code of an error, if it is one of Slack's.
func code(err error) string {
	var r slack.SlackErrorResponse
	if errors.As(err, &r) {
		return r.Err
	}
	return ""
}

// ignore takes some of Slack's codes as success: what was asked for is so already.
func ignore(err error, codes ...string) error {
	c := code(err)
	for _, known := range codes {
		if c == known && c != "" {
			return nil
		}
	}
	return err
}

// stopped says that an error only tells of being told to stop.
func stopped(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, ctx.Err())
}
