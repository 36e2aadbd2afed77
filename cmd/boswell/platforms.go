package main

import (
	"context"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/incident"
	"boswell/integrations/discord"
	"boswell/integrations/local"
	"boswell/integrations/rocketchat"
	"boswell/integrations/slack"
	"boswell/web"
)

// A kind is one outside system that there can be connections to.
type kind struct {
	name, help string
	// connection is a fresh one, with the defaults of its keys.
	connection func() connection
	// manifest writes what is to be set up on the other side; nil where nothing is.
	manifest func(io.Writer) error
}

// kinds are all that there are: a new integration is a line here, and a function that opens it.
var kinds = []kind{
	{"local", "the chat that is built in, on a page of this machine", builtIn, nil},
	{"slack", "a Slack workspace", slackWorkspace, slack.Manifest},
	{"discord", "a Discord server, or several", discordBot, discord.Config{}.Manifest},
	{"rocketchat", "a Rocket.Chat server", rocketChatAccount, rocketchat.Config{}.Manifest},
}

// A connection is one as it is configured.
type connection struct {
	kind string
	// keys point to the configuration that the integration has for it, besides the kind; nil is none. A Validate method says
	// what is wrong with them, each thing behind the name of its key, in errors that are joined.
	keys any
	open func(chat.PlatformID, site) (connected, error)
	// examine checks the connection as `doctor` does; nil where there is nothing to check.
	examine func(ctx context.Context, out io.Writer, s site) error
}

// A site is what connections of any kind need to know of the program that they are part of.
type site struct {
	data string // the data folder
	url  string // where the pages of this program are, without a slash at its end; empty is nowhere
	now  func() time.Time
	log  zerolog.Logger
}

// connected is an open connection. Close is called after the bot has stopped.
type connected struct {
	chat.Platform
	io.Closer
	// page is the chat in a browser, with parts of the site beside it; nil where people have another client.
	page func(*web.Site, zerolog.Logger) http.Handler
}

func builtIn() connection { return connection{kind: "local", open: openLocal} }

// chatsName is the folder of the built-in chats, each in one of its own.
const chatsName = "chats"

func openLocal(id chat.PlatformID, s site) (connected, error) {
	c, err := local.Open(local.Options{Platform: id, Folder: filepath.Join(s.data, chatsName, string(id)), Now: s.now, URL: s.url})
	if err != nil {
		return connected{}, err
	}
	page := func(parts *web.Site, log zerolog.Logger) http.Handler {
		return c.Pages(local.PageOptions{
			Beside:  func(channel chat.ChannelID) string { return web.RoomPart(id, channel) },
			Changed: parts.Changed,
			Styles:  []string{web.Stylesheet},
			Scripts: []string{web.Script},
			Log:     log,
		})
	}
	return connected{Platform: c.Platform(), Closer: c, page: page}, nil
}

func slackWorkspace() connection {
	keys := &slack.Config{Connections: 2}
	return outside("slack", keys, func(id chat.PlatformID, s site) (examined, error) {
		return slack.New(*keys, slack.Options{Name: id, Log: s.log, Now: s.now})
	})
}

func discordBot() connection {
	keys := &discord.Config{Rooms: discord.RoomsChannel}
	return outside("discord", keys, func(id chat.PlatformID, s site) (examined, error) {
		return discord.New(*keys, discord.Options{Name: id, Log: s.log, Now: s.now})
	})
}

func rocketChatAccount() connection {
	keys := &rocketchat.Config{Prefix: "!incident", Rooms: rocketchat.RoomsChannel}
	return outside("rocketchat", keys, func(id chat.PlatformID, s site) (examined, error) {
		p, err := rocketchat.New(*keys, rocketchat.Options{Name: id, Log: s.log, Now: s.now})
		if err != nil || keys.AppSecret.IsZero() {
			return p, err
		}
		return p.WithApp(), nil
	})
}

// examined is a platform that can say whether it may do what it has to.
type examined interface {
	chat.Platform
	Doctor(ctx context.Context, out io.Writer) error
}

// outside is a connection to a system that is not part of this program. made touches no network.
func outside(kind string, keys any, made func(chat.PlatformID, site) (examined, error)) connection {
	return connection{
		kind: kind,
		keys: keys,
		open: func(id chat.PlatformID, s site) (connected, error) {
			p, err := made(id, s)
			return connected{Platform: p, Closer: nothing{}}, err
		},
		examine: func(ctx context.Context, out io.Writer, s site) error {
			p, err := made(chat.PlatformID(kind), s)
			if err != nil {
				return err
			}
			return p.Doctor(ctx, out)
		},
	}
}

// nothing is to be closed of a connection that ends with Run.
type nothing struct{}

func (nothing) Close() error { return nil }

// connections are the configured ones, by their names.
type connections map[string]connection

func (c connections) sorted() []string { return slices.Sorted(maps.Keys(c)) }

// names are those of all connections, as a refusal lists them.
func (c connections) names() string { return strings.Join(c.sorted(), ", ") }

// builtIn are the names of the built-in chats.
func (c connections) builtIn() []string {
	return slices.DeleteFunc(c.sorted(), func(name string) bool { return c[name].kind != "local" })
}

var connectionName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// read reads each connection by the keys of its kind.
func (c *connections) read(r *reading, node ast.Node, path string) {
	*c = connections{}
	for k, value := range r.keys(node, path) {
		if !connectionName.MatchString(k.name) {
			r.wrong(k.path, "the name of a connection is made of a to z, 0 to 9 and -, 40 characters at most. Rename it.")
			continue
		}
		made, ok := r.kind(value, k.path)
		if !ok {
			continue
		}
		(*c)[k.name] = made
		r.section(made.fields(), value, k.path, "kind")
		if checked, ok := made.keys.(interface{ Validate() error }); ok {
			r.wrongKeys(k.path, checked.Validate())
		}
	}
}

// fields are the keys of a connection besides its kind.
func (c connection) fields() reflect.Value {
	if c.keys == nil {
		return reflect.ValueOf(struct{}{})
	}
	return reflect.ValueOf(c.keys).Elem()
}

// wrongKeys notes what an integration finds wrong with its keys.
func (r *reading) wrongKeys(path string, err error) {
	if err == nil {
		return
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			r.wrongKeys(path, one)
		}
		return
	}
	if key, text, ok := strings.Cut(err.Error(), ": "); ok && !strings.Contains(key, " ") {
		r.wrong(path+"."+key, "%s", text)
		return
	}
	r.wrong(path, "%v", err)
}

// kind finds which kind of connection a section is.
func (r *reading) kind(node ast.Node, path string) (connection, bool) {
	name := ""
	for k, value := range r.keys(node, path) {
		if k.name == "kind" {
			r.value(reflect.ValueOf(&name).Elem(), value, k.path)
		}
	}
	var known []string
	for _, k := range kinds {
		if k.name == name {
			return k.connection(), true
		}
		known = append(known, k.name)
	}
	if name == "" {
		r.wrong(path, "it has no kind. Set `kind` to one of: %s.", strings.Join(known, ", "))
	} else {
		r.wrong(path+".kind", "there is no kind %q.%s Write one of: %s.", name, incident.DidYouMean(name, known), strings.Join(known, ", "))
	}
	return connection{}, false
}
