package main

import (
	"strings"
	"time"
	"unicode"

	"github.com/robfig/cron/v3"
	"github.com/rs/zerolog"

	"boswell/bot"
	"boswell/incident"
)

// A config is the configuration. Each key has its default in defaults and a sentence of help in its tag; the file that
// `boswell init` writes and docs/configuration.md are made of these, so they cannot tell anything else than the program does.
type config struct {
	Data      string       `yaml:"data" help:"The data folder: the database, kept files, the socket of the running bot. A relative path begins at the folder of this file."`
	Log       logConfig    `yaml:"log" help:"The log, on standard error."`
	Web       webConfig    `yaml:"web" help:"Pages and /healthz."`
	Platforms connections  `yaml:"platforms" help:"The chats to connect to. The name of a connection is yours to choose (a to z, 0 to 9 and -) and stays as it is: incidents refer to it."`
	Incidents incidentKeys `yaml:"incidents" help:"How incidents are run."`
}

type logConfig struct {
	Level  logLevel  `yaml:"level" help:"What is worth a line: debug, info, warn or error."`
	Format logFormat `yaml:"format" help:"text to be read by people, json by programs."`
}

type webConfig struct {
	Addr    address `yaml:"addr" help:"Address and port to listen on. There is no sign-in, so it has to be an address of this machine alone. off for no pages."`
	Private bool    `yaml:"private" help:"Whether the pages show private incidents too, to all who reach them."`
	URL     baseURL `yaml:"url" help:"Address under which people reach the pages, such as that of a proxy with a sign-in. Only with it are links to pages given."`
}

type incidentKeys struct {
	Zone           incident.Zone `yaml:"zone" help:"Time zone of new incidents: Europe/Paris, UTC or UTC+02:00."`
	NewRoom        bool          `yaml:"new_room" help:"Whether start makes a room for the incident, unless asked otherwise, where the chat can."`
	Announce       announceKeys  `yaml:"announce" help:"The room that hears of every incident that is not private, and of status updates. Without it nothing is announced."`
	ArchiveOnClose bool          `yaml:"archive_on_close" help:"Whether the room of an incident is archived when the incident is closed."`
	Window         span          `yaml:"window" help:"How far back the messages of a room are read when an incident starts, such as 24h or 90m."`
	Emoji          emojiKeys     `yaml:"emoji" help:"The reactions that tag a message, as characters or :names:."`
	Reminders      reminderKeys  `yaml:"reminders" help:"What people are reminded of: how often (5m), or when in cron's five fields, or off."`
	MaxFile        size          `yaml:"max_file" help:"Up to which size the files of tagged messages are kept, such as 25MiB. Of larger ones the name, size and link are."`
}

type announceKeys struct {
	Platform string `yaml:"platform" help:"The connection, by its name under platforms."`
	Room     string `yaml:"room" help:"The room, by its name there, such as #incidents. While it cannot be found, the log and /healthz say so, and the bot does the rest."`
}

type emojiKeys struct {
	Timeline   []string `yaml:"timeline" help:"Makes the message an entry of the timeline."`
	Supporting []string `yaml:"supporting" help:"Makes the message supporting information."`
}

type reminderKeys struct {
	Commander rhythm `yaml:"commander" help:"That nobody is incident commander."`
	Update    rhythm `yaml:"update" help:"That nobody outside has heard how it stands, at the highest severity."`
}

// by is the rhythm of each reminder, by the name that package bot gives it.
func (r reminderKeys) by() map[string]rhythm {
	return map[string]rhythm{"commander": r.Commander, "update": r.Update}
}

// usualData is the data folder where nobody names another.
const usualData = "boswell-data"

// usualAddr is where pages are served where nobody names another address.
const usualAddr = "127.0.0.1:8642"

// defaults are what holds for each key that the file does not set: the bot's own where it has some.
func defaults() config {
	usual := bot.Usual()
	c := config{
		Data: usualData,
		Log:  logConfig{Level: logLevel{zerolog.InfoLevel}, Format: "text"},
		Web:  webConfig{Addr: usualAddr},
		Incidents: incidentKeys{
			Zone:    incident.Zone{Name: "UTC"},
			Window:  span(usual.Window),
			Emoji:   emojiKeys{Timeline: usual.TimelineEmoji, Supporting: usual.SupportEmoji},
			MaxFile: size(usual.MaxFile),
			Reminders: reminderKeys{
				Commander: rhythm{"5m", cron.Every(5 * time.Minute)},
				Update:    rhythm{"30m", cron.Every(30 * time.Minute)},
			},
		},
	}
	return c
}

// reminders are the bot's own, each in the rhythm that was configured.
func (c config) reminders() []bot.Reminder {
	rhythms := c.Incidents.Reminders.by()
	kept := []bot.Reminder{}
	for _, r := range bot.UsualReminders() {
		if every := rhythms[r.Name].every; every != nil {
			r.Every = every
			kept = append(kept, r)
		}
	}
	return kept
}

// check finds what no single key shows to be wrong.
func (c config) check(r *reading) {
	a := c.Incidents.Announce
	switch _, known := c.Platforms[a.Platform]; {
	case a == announceKeys{}:
	case a.Platform == "":
		r.wrong("incidents.announce", "it names no connection. Set `platform` to one of: %s.", c.Platforms.names())
	case a.Room == "":
		r.wrong("incidents.announce", "it names no room. Set `room`, such as \"#incidents\".")
	case !known:
		r.wrong("incidents.announce.platform", "there is no connection %q. Choose one of: %s.", a.Platform, c.Platforms.names())
	}
	if len(c.Platforms) == 0 {
		r.wrong("platforms", "there is no chat to connect to. Add one, such as `chat: {kind: local}`, the built-in one.")
	}
	if chats := c.Platforms.builtIn(); len(chats) > 1 {
		r.wrong("platforms."+chats[1], "there is a built-in chat already, %s, and one page has room for one. Take one out.", chats[0])
	}
	for _, key := range []struct {
		path  string
		emoji []string
	}{{"incidents.emoji.timeline", c.Incidents.Emoji.Timeline}, {"incidents.emoji.supporting", c.Incidents.Emoji.Supporting}} {
		if len(key.emoji) == 0 {
			r.wrong(key.path, "the list is empty. Name at least one reaction, such as \"📌\".")
		}
		for _, e := range key.emoji {
			if !isEmoji(e) {
				r.wrong(key.path, "%q is no reaction. Write the character itself, such as 📌, or its name between colons, such as \":pushpin:\".", e)
			}
		}
	}
}

// isEmoji says that a text can be a reaction: a character beyond ASCII, or a name between colons.
func isEmoji(text string) bool {
	name, named := strings.CutPrefix(text, ":")
	if named {
		name, named = strings.CutSuffix(name, ":")
		return named && name != "" && !strings.ContainsAny(name, ": ")
	}
	return strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 &&
		strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsSpace(r) }) < 0
}
