package discord

import (
	"fmt"
	"io"
	"strings"
)

// permissions are all that the configuration needs, in one number, as the invite link names them.
func (c Config) permissions() bits {
	var all bits
	for _, n := range c.needs() {
		all |= n.bit
	}
	return all
}

// Manifest writes how the bot is set up and invited: the intents to turn on, and a link with exactly the permissions that the
// configuration makes use of, each with its reason. It touches no network, so the link has a place to put the application's
// number into, unless the token tells it.
func (c Config) Manifest(w io.Writer) error {
	if c.Rooms == "" {
		c.Rooms = RoomsChannel
	}
	var b strings.Builder
	b.WriteString("In the developer portal, on the page Bot, turn on:\n  Message Content Intent  to read what is said in the rooms of incidents\n")
	b.WriteString("and turn off:\n  Public Bot              so that nobody else invites the bot into a server of theirs\n")
	fmt.Fprintf(&b, "\nThen invite the bot:\n  %s\n\nThe permissions in that link:\n", c.invite(applicationOf(c.Token.Reveal())))
	for _, n := range c.needs() {
		fmt.Fprintf(&b, "  %-25s %s\n", n.name, n.why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c Config) invite(application string) string {
	return "https://discord.com/oauth2/authorize?client_id=" + orElse(application, "APPLICATION_ID") +
		"&scope=bot+applications.commands&permissions=" + c.permissions().String()
}
