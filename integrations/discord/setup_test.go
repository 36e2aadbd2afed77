package discord_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/commands"
	"boswell/integrations/discord"
	"boswell/integrations/discord/discordsim"
)

func TestConfig(t *testing.T) {
	if err := (discord.Config{Token: chat.NewSecret("t")}).Validate(); err != nil {
		t.Errorf("the least that can be configured is refused: %v", err)
	}
	err := discord.Config{Servers: []string{"x"}, Prefix: "/incident", Rooms: "cellar", Closed: "#old"}.Validate()
	for _, key := range []string{"token:", "servers:", "prefix:", "rooms:", "closed:"} {
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%v does not say what is wrong with %s", err, key)
		}
	}
	if err := (discord.Config{Token: chat.NewSecret("Bot hunter2")}).Validate(); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a token with blanks gives %v", err)
	}
}

func TestSecretIsNotPrinted(t *testing.T) {
	c := discord.Config{Token: chat.NewSecret("hunter2")}
	text, err := json.Marshal(c)
	if err != nil || strings.Contains(string(text)+fmt.Sprintf("%v %+v %#v", c, c, c), "hunter2") {
		t.Errorf("the token is printed: %s", text)
	}
}

func TestManifest(t *testing.T) {
	for rooms, permissions := range map[string]string{"channel": "2252074960145488", "thread": "2252195219229776", "forum": "2252092140014672"} {
		c := discord.Config{Token: chat.NewSecret("MTAwMDAwMDAwMDAwMDAwMDAx.x.y"), Rooms: rooms}
		var b bytes.Buffer
		if err := c.Manifest(&b); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"client_id=100000000000000001&", "permissions=" + permissions, "Message Content Intent", "Public Bot", "Pin Messages", "scope=bot+applications.commands"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: %q is missing in\n%s", rooms, want, b.String())
			}
		}
		if strings.Contains(b.String(), "MTAw") {
			t.Error("the token is printed")
		}
	}
}

func TestDoctor(t *testing.T) {
	d := newDesk(t, quick())
	p := must(discord.New(discord.Config{Token: chat.NewSecret(discordsim.Token)}, discord.Options{Base: d.w.Sim().URL()}))(t)
	var b bytes.Buffer
	if err := p.Doctor(t.Context(), &b); err == nil || !strings.Contains(b.String(), "✗ /incident is not registered") {
		t.Errorf("before the registration: %v\n%s", err, b.String())
	}
	d.register(commands.Declared()...)
	b.Reset()
	if err := p.Doctor(t.Context(), &b); err != nil || strings.Contains(b.String(), "✗") {
		t.Errorf("a bot that has everything: %v\n%s", err, b.String())
	}
	o := quick()
	o.Sim.NoContent = true
	unread := must(discord.New(discord.Config{Token: chat.NewSecret(discordsim.Token)}, discord.Options{Base: newDesk(t, o).w.Sim().URL()}))(t)
	b.Reset()
	if err := unread.Doctor(t.Context(), &b); err == nil || !strings.Contains(b.String(), "✗ The bot may not read messages. Turn on Message Content Intent") {
		t.Errorf("without the intent: %v\n%s", err, b.String())
	}
	d.w.Sim().Forbid(discordsim.ChannelID(d.room), 1<<51|1<<16, true)
	b.Reset()
	if err := p.Doctor(t.Context(), &b); err == nil || !strings.Contains(b.String(), "In #ops of The Server the bot lacks: Read Message History, Pin Messages.") {
		t.Errorf("a channel without two permissions: %v\n%s", err, b.String())
	}
	d.w.Sim().Revoke()
	b.Reset()
	fresh := must(discord.New(discord.Config{Token: chat.NewSecret(discordsim.Token)}, discord.Options{Base: d.w.Sim().URL()}))(t)
	if err := fresh.Doctor(t.Context(), &b); err == nil || !strings.Contains(b.String(), "token") {
		t.Errorf("a worthless token: %v\n%s", err, b.String())
	}
}

// The whole tree of commands fits what Discord takes.
func TestAllCommandsFit(t *testing.T) {
	d := newDesk(t, quick())
	d.register(commands.Declared()...)
	if n := d.w.Sim().Registrations(); n != 1 {
		t.Errorf("they were written %d times", n)
	}
}
