package rocketchat

import (
	"fmt"
	"io"
	"strings"
)

// Manifest writes what is to be set up on the server: the account, its token, the permissions with their reasons, the
// settings, and the app for whoever can install it. It touches no network.
func (c Config) Manifest(w io.Writer) error {
	c = c.filled()
	var b strings.Builder
	b.WriteString(`In Rocket.Chat, as an administrator:

1. Administration, Workspace, Users, New: make an account, such as boswell, with the role bot.
2. Administration, Workspace, Permissions: give the role bot these permissions. A fresh server has given it some of them.
`)
	for _, n := range c.needs() {
		fmt.Fprintf(&b, "     %-34s %s\n", n.permission, n.why)
	}
	b.WriteString(`3. Sign in as that account; My Account, Personal Access Tokens: make a token with Ignore Two Factor Authentication.
   (If the page is missing, give the role bot the permission create-personal-access-tokens for as long as that takes.)
   It is shown once, beside the account's identifier. They are token and user_id of the configuration.
4. Invite the account into the rooms where it is to listen: /invite @boswell

`)
	fmt.Fprintf(&b, "People then write %s start …, @boswell start …, or a direct message.\n", c.Prefix)
	b.WriteString(`
Settings that help (Administration, Workspace, Settings):
  Message, Allow Message Pinning             for the status card
  Message, Allow Message Editing             for the status card
  Threads, Enable                            for answers below a command
  Message, Allow Unrecognized Slash Commands for /incident without the app; everybody then sees what is typed

The app is not needed. It adds /incident as a real command, forms, Add to timeline in the menu of messages, and answers that
one person alone sees. Rocket.Chat 7 and 8 take apps of one's own on paid plans (Starter, Pro, Enterprise) only:
  Administration, Marketplace, Private Apps, Upload private app: boswell-rocketchat-app.zip of the release.
  In the configuration, write a secret of at least 16 characters under app_secret, and under listen an address of this machine.
  In the settings of the app, write how the server reaches that address into Address of the bot, such as
  http://boswell.internal:8081, and the same secret into Shared secret.
`)
	_, err := io.WriteString(w, b.String())
	return err
}
