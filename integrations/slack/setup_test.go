package slack_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/slack"
	"boswell/integrations/slack/slacksim"
)

// TestConfig: everything that is wrong is said at once.
func TestConfig(t *testing.T) {
	good := slack.Config{BotToken: chat.NewSecret("xoxb-1"), AppToken: chat.NewSecret("xapp-1")}
	if err := good.Validate(); err != nil {
		t.Errorf("a good configuration is refused: %v", err)
	}
	bad := slack.Config{BotToken: chat.NewSecret("xoxp-1"), Listen: "nowhere", Connections: 11, APIURL: "ftp://x",
		Invite: slack.Invitations{Always: []string{"@"}, Sev1: []string{"@oncall", "the managers"}}}
	err := bad.Validate()
	for _, key := range []string{"bot_token", "listen", "signing_secret", "connections", "api_url", "invite.always", "invite.sev1"} {
		if err == nil || !strings.Contains(err.Error(), key+":") {
			t.Errorf("%s is not in %v", key, err)
		}
	}
	if err := (slack.Config{}).Validate(); err == nil || !strings.Contains(err.Error(), "app_token:") {
		t.Errorf("an empty configuration gives %v", err)
	}
}

type manifest struct {
	Display struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
	} `yaml:"display_information"`
	Features struct {
		Commands []struct {
			Command     string `yaml:"command"`
			Description string `yaml:"description"`
			Hint        string `yaml:"usage_hint"`
			Escape      bool   `yaml:"should_escape"`
		} `yaml:"slash_commands"`
		Shortcuts []struct {
			Name        string `yaml:"name"`
			Description string `yaml:"description"`
		} `yaml:"shortcuts"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
	} `yaml:"settings"`
}

func readManifest(t testing.TB) manifest {
	t.Helper()
	var text bytes.Buffer
	if err := slack.Manifest(&text); err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := yaml.Unmarshal(text.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestManifest: it is within Slack's limits.
func TestManifest(t *testing.T) {
	m := readManifest(t)
	if len(m.Display.Name) > 35 || len(m.Display.Description) > 140 || len(m.Features.Commands) != 1 || !m.Features.Commands[0].Escape {
		t.Errorf("the manifest is %+v", m)
	}
	for _, s := range m.Features.Shortcuts {
		if len(s.Name) > 24 || len(s.Description) > 150 {
			t.Errorf("the shortcut %+v is too long", s)
		}
	}
}

// TestDocumentedScopes: docs/slack.md gives a reason for each scope.
func TestDocumentedScopes(t *testing.T) {
	page, err := os.ReadFile("../../docs/slack.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range readManifest(t).OAuth.Scopes.Bot {
		if !strings.Contains(string(page), "`"+s+"`") {
			t.Errorf("docs/slack.md does not mention the scope %s", s)
		}
	}
}

// eventScopes are the scopes that Slack asks for to send events.
var eventScopes = map[string]string{"app_mention": "app_mentions:read", "message.channels": "channels:history",
	"message.groups": "groups:history", "message.im": "im:history", "pin_added": "pins:read", "pin_removed": "pins:read",
	"reaction_added": "reactions:read", "reaction_removed": "reactions:read", "user_change": "users:read",
	"channel_archive": "channels:read", "channel_deleted": "channels:read", "channel_left": "channels:read", "channel_rename": "channels:read",
	"group_archive": "groups:read", "group_deleted": "groups:read", "group_left": "groups:read", "group_rename": "groups:read",
	"member_joined_channel": "channels:read", "member_left_channel": "channels:read", "app_home_opened": "", "emoji_changed": "emoji:read"}

// TestConformWithManifest: the scopes and events of the manifest are all that the platform needs, and each of them is
// needed.
func TestConformWithManifest(t *testing.T) {
	m := readManifest(t)
	needed := map[string]bool{"commands": true, "metadata.message:read": true, "groups:write": true}
	var worlds []*slacksim.World
	chattest.Conform(t, func(t *testing.T) chattest.World {
		o := quick()
		o.Scopes, o.Events = m.OAuth.Scopes.Bot, m.Settings.Events.Bot
		w, _ := newWorld(t, chattest.NewClock(morning), o)
		worlds = append(worlds, w)
		return w
	})
	for _, w := range worlds {
		for _, c := range w.Calls() {
			for _, s := range slacksim.ScopesOf(c.Method) {
				needed[s] = true
			}
		}
	}
	needed["usergroups:read"], needed["channels:join"] = true, true // TestInvitations, TestTrapNotInChannel
	for _, e := range m.Settings.Events.Bot {
		scope, known := eventScopes[e]
		if !known {
			t.Errorf("nobody says which scope the event %s needs", e)
		}
		if scope != "" {
			needed[scope] = true
		}
	}
	for _, s := range m.OAuth.Scopes.Bot {
		if !needed[s] {
			t.Errorf("the scope %s is asked for and not needed", s)
		}
		delete(needed, s)
	}
	for s := range needed {
		if s != "" {
			t.Errorf("the scope %s is needed and not asked for", s)
		}
	}
}

// TestDoctor: it finds what is wrong, and says what to click.
func TestDoctor(t *testing.T) {
	all := readManifest(t).OAuth.Scopes.Bot
	for _, c := range []struct {
		name  string
		spoil func(*slacksim.World, *chattest.Clock)
		some  []string
		want  string
	}{
		{"all is well", func(*slacksim.World, *chattest.Clock) {}, all, ""},
		{"a scope is missing", func(*slacksim.World, *chattest.Clock) {}, slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "pins:read" }), "missing are pins:read. OAuth & Permissions"},
		{"a revoked token", func(w *slacksim.World, _ *chattest.Clock) { w.Revoke(slacksim.BotToken, "token_revoked") }, all, "token_revoked"},
		{"an app token without its scope", func(w *slacksim.World, _ *chattest.Clock) { w.Revoke(slacksim.AppToken, "missing_scope") }, all, "connections:write"},
		{"Socket Mode off", func(w *slacksim.World, _ *chattest.Clock) { w.SendTo("http://127.0.0.1:1", "") }, all, "Socket Mode: switch it on"},
		{"nobody there", func(w *slacksim.World, _ *chattest.Clock) { w.Close() }, all, "Is there a way out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := chattest.NewClock(morning)
			o := quick()
			o.Scopes = c.some
			w, p := newWorld(t, clock, o)
			c.spoil(w, clock)
			var report bytes.Buffer
			err := p.Doctor(t.Context(), &report)
			looks := strings.Contains(report.String(), "look  events: only the settings of the app show them")
			if looks != (c.name != "nobody there" && c.name != "a revoked token") {
				t.Errorf("the doctor says where to look for the events: %v\n%s", looks, report.String())
			}
			if (err == nil) != (c.want == "") || !strings.Contains(report.String(), c.want) {
				t.Errorf("the doctor says %v and\n%s", err, report.String())
			}
		})
	}
}

// TestNoEvents: operators are told that Slack sends no events, since when, and what to look at, until it does.
func TestNoEvents(t *testing.T) {
	o := quick()
	o.Events = []string{"app_home_opened"}
	d := openDesk(t, o)
	since := d.clock.Now()
	for n := range 4 {
		if trouble := d.p.Trouble(); trouble != "" {
			t.Errorf("after %d posts, %v after the first, the trouble is %q", n, d.clock.Now().Sub(since), trouble)
		}
		_, err := d.post(fmt.Sprint(n), "hello")
		d.must(err)
		d.clock.Advance(15 * time.Second)
	}
	if got := d.p.Trouble(); !strings.Contains(got, since.Format("since 2006-01-02 15:04 UTC")) || !strings.Contains(got, "Event Subscriptions") {
		t.Errorf("the trouble is %q", got)
	}
	d.w.Deliver(map[string]any{"type": "message", "channel": string(d.ops.Channel), "user": string(d.ann), "ts": "1772355600.000100", "text": "x"})
	await[chat.Said](d, 1)
	if trouble := d.p.Trouble(); trouble != "" {
		t.Errorf("when there is an event the trouble is %q", trouble)
	}
}

// TestDoctorOnInvitations: who is configured to come and is not known is told.
func TestDoctorOnInvitations(t *testing.T) {
	clock := chattest.NewClock(morning)
	w, p := newWorldWith(t, clock, slacksim.Options{Scopes: readManifest(t).OAuth.Scopes.Bot}, func(c *slack.Config) {
		c.Invite = slack.Invitations{Always: []string{"@oncall"}, Sev1: []string{"@managers"}}
	})
	w.AddGroup("oncall")
	var report bytes.Buffer
	err := p.Doctor(t.Context(), &report)
	if err == nil || !strings.Contains(report.String(), "ok    invite: @oncall is known") || !strings.Contains(report.String(), "FAIL  invite: There is neither") {
		t.Errorf("the doctor says %v and\n%s", err, report.String())
	}
}

// TestDoctorOnTime: a clock that is wrong is found.
func TestDoctorOnTime(t *testing.T) {
	clock := chattest.NewClock(morning)
	w, _ := newWorld(t, clock, slacksim.Options{Scopes: readManifest(t).OAuth.Scopes.Bot})
	p, err := slack.New(config(w.Sim), slack.Options{Now: func() time.Time { return clock.Now().Add(7 * time.Minute) }})
	if err != nil {
		t.Fatal(err)
	}
	var report bytes.Buffer
	if err := p.Doctor(t.Context(), &report); err == nil || !strings.Contains(report.String(), "7m0s away") {
		t.Errorf("the doctor says %v and\n%s", err, report.String())
	}
}
