package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// eventsAdvice is where the events are that Slack sends.
const eventsAdvice = "only the settings of the app show them: Event Subscriptions should list those of `boswell manifest slack`"

// skewMost is how far the clock of this machine may be from Slack's.
const skewMost = time.Minute

// A verdict is what a check makes of something, as it is shown.
type verdict string

const (
	fine   verdict = "ok  "
	wrong  verdict = "FAIL"
	unseen verdict = "look" // only a person can see it
)

// A finding is what came of one check.
type finding struct {
	what    string
	verdict verdict
	// say is what was found; of what is wrong, also what to click.
	say string
}

// Doctor checks the tokens, the scopes, Socket Mode and the clock, and writes for each what it found and what to do about
// it; and where a person has to look, since Slack does not tell. The error says how many checks failed.
func (p *Platform) Doctor(ctx context.Context, w io.Writer) error {
	findings := p.examine(ctx)
	failed := 0
	for _, f := range findings {
		if f.verdict == wrong {
			failed++
		}
		if _, err := fmt.Fprintf(w, "%s  %s: %s\n", f.verdict, f.what, f.say); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks of Slack failed", failed, len(findings))
	}
	return nil
}

func (p *Platform) examine(ctx context.Context) []finding {
	auth, err := p.api.AuthTestContext(ctx)
	if err != nil {
		return []finding{{"bot token", wrong, advice(err, "OAuth & Permissions: copy the Bot User OAuth Token into bot_token.")}}
	}
	found := []finding{
		{"bot token", fine, fmt.Sprintf("it belongs to @%s of %s", auth.User, auth.Team)},
		scopesFound(auth.Header),
		p.clockFound(auth.Header),
	}
	if p.cfg.Listen != "" {
		found = append(found, p.invitedFound(ctx)...)
		return append(found, finding{"requests", unseen, "they are expected at " + p.cfg.Listen +
			"; Slack tries the address when you save it under Event Subscriptions, and /healthz says if the signing secret is wrong"})
	}
	found = append(found, p.invitedFound(ctx)...)
	found = append(found, p.socketFound(ctx))
	return append(found, finding{"events", unseen, eventsAdvice})
}

// advice is an error of Slack's with what to click.
func advice(err error, click string) string {
	if c := code(err); c != "" {
		return "Slack says " + c + ". " + click
	}
	return "Slack did not answer (" + scrub(err).Error() + "). Is there a way out of this network?"
}

// scopesFound compares the scopes that the token has with those of the manifest.
func scopesFound(h http.Header) finding {
	granted := strings.FieldsFunc(h.Get("X-OAuth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
	var missing []string
	for _, s := range scopes() {
		if !slices.Contains(granted, s) {
			missing = append(missing, s)
		}
	}
	if len(missing) > 0 {
		return finding{"scopes", wrong, "missing are " + strings.Join(missing, ", ") +
			". OAuth & Permissions, Scopes: add them, then Reinstall to Workspace."}
	}
	return finding{"scopes", fine, fmt.Sprintf("all %d are granted", len(scopes()))}
}

// clockFound compares the clock of this machine with Slack's.
func (p *Platform) clockFound(h http.Header) finding {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return finding{"clock", fine, "Slack did not say what time it is"}
	}
	skew := p.o.Now().Sub(theirs).Abs().Truncate(time.Second)
	if skew > skewMost {
		return finding{"clock", wrong, fmt.Sprintf("this machine is %s away from Slack. Set its clock, best by NTP.", skew)}
	}
	return finding{"clock", fine, "it agrees with Slack's"}
}

// invitedFound looks for the groups and people who come to incidents unasked; nobody is nothing to look for.
func (p *Platform) invitedFound(ctx context.Context) []finding {
	var all []finding
	for _, severity := range slices.Sorted(maps.Keys(p.cfg.Invite.bySeverity())) {
		for _, u := range p.Summon(severity) {
			if _, err := p.meant(ctx, u); err != nil {
				all = append(all, finding{"invite", wrong, first(chat.AsFailure(err).Tell, advice(err, "Correct invite in the configuration."))})
			} else {
				all = append(all, finding{"invite", fine, string(u) + " is known"})
			}
		}
	}
	return all
}

// socketFound asks for a socket and leaves it unused, so that a bot that is running loses nothing to it.
func (p *Platform) socketFound(ctx context.Context) finding {
	_, _, err := p.api.StartSocketModeContext(ctx)
	var refused slack.SlackErrorResponse
	switch {
	case err == nil:
		return finding{"Socket Mode", fine, "it is on, and the app token opens it"}
	case errors.As(err, &refused) && refused.Err == "missing_scope":
		return finding{"Socket Mode", wrong, "the app token lacks connections:write. Basic Information, App-Level Tokens: make one that has it."}
	default:
		return finding{"Socket Mode", wrong, advice(err, "Settings, Socket Mode: switch it on. Basic Information, App-Level Tokens: "+
			"make one with connections:write and put it into app_token.")}
	}
}
