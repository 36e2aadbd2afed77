package rocketchat

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"boswell/chat"
)

// The kinds of room that can be made for an incident.
const (
	RoomsChannel    = "channel"
	RoomsPrivate    = "private"
	RoomsDiscussion = "discussion"
)

// Config is the part of the configuration that describes a Rocket.Chat server.
type Config struct {
	// URL is where the server is, such as https://chat.example.org.
	URL string `yaml:"url" help:"Where the server is, such as https://chat.example.org."`
	// UserID is the bot's identifier, shown once beside the token.
	UserID string `yaml:"user_id" help:"The identifier of the bot's account. Rocket.Chat shows it once, together with the token."`
	// Token is a personal access token that ignores two-factor authentication.
	Token chat.Secret `yaml:"token" help:"A personal access token of the bot's account, made with Ignore Two Factor Authentication."`
	// Prefix is what people type before the words of a command; empty is !incident.
	Prefix string `yaml:"prefix" help:"What people type before the words of a command."`
	// Rooms is what is made for an incident: RoomsChannel, RoomsPrivate or RoomsDiscussion; empty is RoomsChannel.
	Rooms string `yaml:"rooms" help:"What is made for an incident: channel, private (a group that people are invited to) or discussion (below the room where the incident was opened)."`
	// AppSecret is what Boswell's app in the server signs its requests with; empty where the app is not installed.
	AppSecret chat.Secret `yaml:"app_secret" help:"The secret that Boswell's app in the server has in its settings. Leave it out without the app."`
	// Listen is the address, host:port, where the requests of the app arrive; it goes with AppSecret.
	Listen string `yaml:"listen" help:"Address and port for the requests of Boswell's app in the server, such as 127.0.0.1:8081. Needed with app_secret."`
}

// Validate reports everything that is wrong at once, each in a sentence of its own.
func (c Config) Validate() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if u, err := url.Parse(c.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.User != nil {
		say("url: %q is no address of a server. Write one like https://chat.example.org.", c.URL)
	}
	if c.UserID == "" || strings.ContainsAny(c.UserID, " \t\r\n/") {
		say("user_id: it is the identifier that Rocket.Chat shows beside a new personal access token. Make one under My Account, Personal Access Tokens.")
	}
	if c.Token.IsZero() || strings.ContainsAny(c.Token.Reveal(), " \t\r\n") {
		say("token: a personal access token is needed. Make one under My Account, Personal Access Tokens, with Ignore Two Factor Authentication.")
	}
	if strings.ContainsAny(c.Prefix, " \t\r\n@") {
		say("prefix: %q has a blank or an @ in it. Write one word, like !incident.", c.Prefix)
	}
	switch c.Rooms {
	case "", RoomsChannel, RoomsPrivate, RoomsDiscussion:
	default:
		say("rooms: there is no kind of room %q. Write channel, private or discussion.", c.Rooms)
	}
	if n := len(c.AppSecret.Reveal()); n > 0 && n < 16 {
		say("app_secret: it has %d characters, and others could guess it. Write at least 16.", n)
	}
	switch _, _, err := net.SplitHostPort(c.Listen); {
	case c.Listen == "" && !c.AppSecret.IsZero():
		say("listen: the app needs an address at which it reaches Boswell. Write one like 127.0.0.1:8081, or leave app_secret out.")
	case c.Listen != "" && c.AppSecret.IsZero():
		say("app_secret: without it nothing that arrives at listen could be trusted. Write the secret that the app has, or leave listen out.")
	case c.Listen != "" && err != nil:
		say("listen: %q is no address. Write one like 127.0.0.1:8081.", c.Listen)
	}
	return errors.Join(wrong...)
}

// usualPrefix is what people type before the words of a command, unless it is configured.
const usualPrefix = "!incident"

func (c Config) filled() Config {
	if c.Prefix == "" {
		c.Prefix = usualPrefix
	}
	if c.Rooms == "" {
		c.Rooms = RoomsChannel
	}
	c.URL = strings.TrimRight(c.URL, "/")
	return c
}
