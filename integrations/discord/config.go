package discord

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"boswell/chat"
)

// Where the room of an incident is made.
const (
	RoomsChannel = "channel" // a text channel of its own
	RoomsThread  = "thread"  // a thread of the channel where it was asked for
	RoomsForum   = "forum"   // a post in the forum that Parent names
)

// Config is the part of the configuration that describes one bot account.
type Config struct {
	// Token is the bot's token, from the page Bot of the developer portal, without the word "Bot".
	Token chat.Secret `yaml:"token" help:"The bot's token, from the page Bot of the developer portal."`
	// Servers are the identifiers of the servers that are served; what happens in others is ignored. Commands are then
	// registered in each and there at once. Empty is every server that the bot is in, with commands for all.
	Servers []string `yaml:"servers" help:"The identifiers of the servers that are served. Without any, all that the bot is in share their incidents."`
	// Prefix, if set, is what makes a command of a line of text, such as "!incident".
	Prefix string `yaml:"prefix" help:"A word that makes a command of a line of text, such as !incident. Without it / and mentions do."`
	// Rooms is RoomsChannel, RoomsThread or RoomsForum; empty is RoomsChannel.
	Rooms string `yaml:"rooms" help:"What the room of an incident is: channel, thread or forum."`
	// Parent is the identifier of the category for new channels, of the channel for threads, of the forum for posts.
	// Empty is where the command was given; a forum has to be named.
	Parent string `yaml:"parent" help:"Where rooms are made: the identifier of a category, of a channel for threads, or of a forum. Without it, beside the room where it was asked for."`
	// Closed is the identifier of the category that closed channels move to; empty leaves them where they are.
	Closed string `yaml:"closed" help:"The identifier of the category that closed channels move to."`
}

// Validate reports everything that is wrong at once, each in a sentence of its own.
func (c Config) Validate() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	switch token := c.Token.Reveal(); {
	case token == "":
		say("token: the bot needs one. Make it on the page Bot of the developer portal")
	case strings.ContainsAny(token, " \t\r\n"):
		say("token: it has blanks in it. Leave out the word \"Bot\" and the ends of lines")
	}
	for _, id := range c.Servers {
		if !isSnowflake(id) {
			say("servers: %q is no identifier. Turn on the developer mode and copy that of the server", id)
		}
	}
	if strings.ContainsAny(c.Prefix, " \t\r\n") || strings.HasPrefix(c.Prefix, "/") {
		say("prefix: %q cannot be one. Write one word that does not begin with /, such as !incident", c.Prefix)
	}
	if !slices.Contains([]string{"", RoomsChannel, RoomsThread, RoomsForum}, c.Rooms) {
		say("rooms: there are no rooms of kind %q. Write channel, thread or forum", c.Rooms)
	}
	if c.Rooms == RoomsForum && c.Parent == "" {
		say("parent: a forum has to be named. Copy its identifier")
	}
	for _, key := range []struct{ name, id string }{{"parent", c.Parent}, {"closed", c.Closed}} {
		if key.id != "" && !isSnowflake(key.id) {
			say("%s: %q is no identifier. Turn on the developer mode and copy that of the channel or category", key.name, key.id)
		}
	}
	return errors.Join(wrong...)
}

func (c Config) serves(guildID string) bool {
	return len(c.Servers) == 0 || guildID == "" || slices.Contains(c.Servers, guildID)
}
