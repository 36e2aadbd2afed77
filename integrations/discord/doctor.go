package discord

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"boswell/chat"
)

// applicationOf is the number of the application that a token is of; empty where it does not tell.
func applicationOf(token string) string {
	first, _, ok := strings.Cut(token, ".")
	id, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(first, "="))
	if !ok || err != nil || !isSnowflake(string(id)) {
		return ""
	}
	return string(id)
}

// The flags of an application that may read messages.
const contentGranted = 1<<18 | 1<<19

// errUnwell says that something was found that keeps the bot from working as it should.
var errUnwell = errors.New("something is missing; the lines above say what to do")

// Doctor checks token, intents, the permissions in each channel and the registration of the commands, and writes a line for
// each finding. The error says that something is missing, or that Discord did not answer.
func (p *Platform) Doctor(ctx context.Context, w io.Writer) error {
	who, err := p.self(ctx)
	if err != nil {
		return p.report(w, err)
	}
	d := &diagnosis{p: p, w: w}
	d.say(true, "The token is good.")
	d.say(who.flags&contentGranted != 0, "The bot may read messages.",
		"The bot may not read messages. Turn on Message Content Intent on the page Bot of the developer portal.")
	servers, err := p.servers(ctx)
	if err != nil {
		return p.report(w, err)
	}
	d.say(len(servers) > 0, "The bot is in a server.", "The bot is in no server. Invite it with the link that `boswell manifest discord` prints.")
	d.commands(ctx, who)
	for _, id := range servers {
		d.server(ctx, id, who)
	}
	if d.err == nil && d.missing {
		return errUnwell
	}
	return d.err
}

// report says what Discord answered in the place of what was asked.
func (p *Platform) report(w io.Writer, err error) error {
	if tell := chat.AsFailure(err).Tell; tell != "" {
		if _, failed := fmt.Fprintln(w, "✗ "+tell); failed != nil {
			return failed
		}
	}
	return err
}

// A diagnosis is one run of the doctor.
type diagnosis struct {
	p       *Platform
	w       io.Writer
	missing bool
	err     error
}

// say writes a finding: the first sentence if it is good, else the second.
func (d *diagnosis) say(good bool, sentences ...string) {
	line := "✓ " + sentences[0]
	if !good {
		line, d.missing = "✗ "+sentences[len(sentences)-1], true
	}
	if _, err := fmt.Fprintln(d.w, line); err != nil && d.err == nil {
		d.err = err
	}
}

// commands checks that the command is registered.
func (d *diagnosis) commands(ctx context.Context, who identity) {
	for _, path := range d.p.commandPaths(who) {
		var there []outCommand
		err := d.p.rest.get(ctx, path, &there)
		found := false
		for _, c := range there {
			found = found || c.Name == commandName
		}
		where := strings.TrimPrefix(path, "/applications/"+who.application+"/")
		d.say(err == nil && found, "/"+commandName+" is registered ("+where+").",
			"/"+commandName+" is not registered ("+where+"). Starting the bot registers it; the bot has to be invited with the scope applications.commands.")
	}
}

// server checks the permissions in each channel of a server.
func (d *diagnosis) server(ctx context.Context, id string, who identity) {
	var g guild
	var m member
	var channels []channel
	err := errors.Join(d.p.rest.get(ctx, "/guilds/"+id, &g), d.p.rest.get(ctx, "/guilds/"+id+"/members/"+who.user, &m),
		d.p.rest.get(ctx, "/guilds/"+id+"/channels", &channels))
	if err != nil {
		d.say(false, "The server "+id+" cannot be read. Invite the bot with the link that `boswell manifest discord` prints.")
		return
	}
	whole := true
	for _, c := range channels {
		if c.Type == channelCategory || c.Type == channelVoice {
			continue
		}
		if lacking := d.lacking(granted(g, c, m, who.user)); lacking != "" {
			whole = false
			d.say(false, fmt.Sprintf("In #%s of %s the bot lacks: %s.", c.Name, g.Name, lacking))
		}
	}
	if whole {
		d.say(true, "The bot has all permissions in the "+fmt.Sprint(len(channels))+" channels of "+g.Name+" that it sees.")
	}
}

func (d *diagnosis) lacking(has bits) string {
	var names []string
	for _, n := range d.p.cfg.needs() {
		if has&n.bit == 0 {
			names = append(names, n.name)
		}
	}
	return strings.Join(names, ", ")
}
