package slack

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"boswell/chat"
)

// Config is the part of the configuration that describes a workspace.
type Config struct {
	// BotToken begins with xoxb- and is given when the app is installed.
	BotToken chat.Secret `yaml:"bot_token" help:"The bot token, which begins with xoxb-. It is given when the app is installed."`
	// AppToken begins with xapp- and is made by hand; Socket Mode needs it.
	AppToken chat.Secret `yaml:"app_token" help:"The app-level token for Socket Mode, which begins with xapp-. It is made by hand, with the scope connections:write."`
	// SigningSecret is what Slack signs requests with; HTTP needs it.
	SigningSecret chat.Secret `yaml:"signing_secret" help:"What Slack signs its requests with. Only HTTP needs it."`
	// Listen is the address, host:port, where Slack's requests arrive. Empty is Socket Mode, which needs no address.
	Listen string `yaml:"listen" help:"Address and port for Slack's requests over HTTP, such as 127.0.0.1:8080. Without it Socket Mode is used, which needs no address."`
	// Connections is how many sockets are kept open at once, from 1 to 10; 0 is 2, so that one can be renewed without a gap.
	Connections int `yaml:"connections" help:"How many sockets are open at once, from 1 to 10. With two, one is renewed without a gap."`
	// Invite says who comes to incidents unasked.
	Invite Invitations `yaml:"invite" help:"Who is brought into the room that is made for an incident: user groups and people, as @handle."`
	// APIURL is where the Web API is; empty is Slack's own.
	APIURL string `yaml:"api_url" help:"Where Slack's Web API is, for a workspace in a cloud of its own."`
}

// Invitations are the handles, like @oncall, of the user groups and people who are brought into the room that was made for an
// incident: into every one, and besides by the severity that it has or gets.
type Invitations struct {
	Always []string `yaml:"always" help:"Into the room of every incident."`
	Sev1   []string `yaml:"sev1" help:"Into that of an incident of the severity sev1."`
	Sev2   []string `yaml:"sev2" help:"Into that of an incident of the severity sev2."`
	Sev3   []string `yaml:"sev3" help:"Into that of an incident of the severity sev3."`
	Sev4   []string `yaml:"sev4" help:"Into that of an incident of the severity sev4."`
	Sev5   []string `yaml:"sev5" help:"Into that of an incident of the severity sev5."`
}

// bySeverity are the lists by the severity that they are for; the empty one is every incident.
func (i Invitations) bySeverity() map[string][]string {
	return map[string][]string{"": i.Always, "sev1": i.Sev1, "sev2": i.Sev2, "sev3": i.Sev3, "sev4": i.Sev4, "sev5": i.Sev5}
}

// Validate reports everything that is wrong at once, each in a sentence of its own.
func (c Config) Validate() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if !strings.HasPrefix(c.BotToken.Reveal(), "xoxb-") {
		say("bot_token: a bot token begins with xoxb-. It stands in the settings of the app under OAuth & Permissions.")
	}
	if c.Listen == "" && !strings.HasPrefix(c.AppToken.Reveal(), "xapp-") {
		say("app_token: Socket Mode needs an app-level token, which begins with xapp-. Make one with the scope connections:write" +
			" under Basic Information, or set listen for HTTP.")
	}
	if c.Listen != "" {
		if _, _, err := net.SplitHostPort(c.Listen); err != nil {
			say("listen: %q is no address. Write one like 127.0.0.1:8080.", c.Listen)
		}
		if c.SigningSecret.IsZero() {
			say("signing_secret: HTTP needs it to tell Slack's requests from others. It stands under Basic Information.")
		}
	}
	if c.Connections < 0 || c.Connections > 10 {
		say("connections: Slack allows 1 to 10, not %d.", c.Connections)
	}
	if u, err := url.Parse(c.APIURL); err != nil || c.APIURL != "" && (u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		say("api_url: %q is no address. Write one like https://slack.com/api/.", c.APIURL)
	}
	for severity, handles := range c.Invite.bySeverity() {
		for _, h := range handles {
			if name := strings.TrimPrefix(h, "@"); name == "" || strings.ContainsAny(name, " @<>,") {
				say("invite.%s: %q is no handle. Write one as people type it, like @oncall.", first(severity, "always"), h)
			}
		}
	}
	return errors.Join(wrong...)
}

func (c Config) filled() Config {
	if c.Connections == 0 {
		c.Connections = 2
	}
	if c.APIURL == "" {
		c.APIURL = "https://slack.com/api/"
	}
	if !strings.HasSuffix(c.APIURL, "/") {
		c.APIURL += "/"
	}
	return c
}
