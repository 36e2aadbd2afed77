package rocketchat_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// applied are the schemas that the server applies to the arguments of a route, by the names of the vendor's own package.
var applied = map[string]string{
	"chat.sendMessage":         "isChatSendMessageProps",
	"chat.update":              "isChatUpdateProps",
	"chat.react":               "isChatReactProps",
	"chat.getMessage":          "isChatGetMessageProps",
	"chat.syncMessages":        "isChatSyncMessagesProps",
	"chat.getDeletedMessages":  "isChatGetDeletedMessagesProps",
	"chat.getThreadMessages":   "isChatGetThreadMessagesProps",
	"channels.create":          "isChannelsCreateProps",
	"channels.archive":         "isChannelsArchiveProps",
	"channels.unarchive":       "isChannelsUnarchiveProps",
	"channels.join":            "isChannelsJoinProps",
	"channels.setAnnouncement": "isChannelsSetAnnouncementProps",
	"groups.create":            "isGroupsCreateProps",
	"groups.invite":            "isGroupsInviteProps",
	"groups.archive":           "isGroupsArchiveProps",
	"groups.unarchive":         "isGroupsUnarchiveProps",
	"groups.setTopic":          "isGroupsSetTopicProps",
	"groups.setDescription":    "isGroupsSetDescriptionProps",
	"groups.setAnnouncement":   "isGroupsSetAnnouncementProps",
	"groups.setEncrypted":      "isGroupsSetEncryptedProps",
	"dm.create":                "isDmCreateProps",
	"rooms.createDiscussion":   "isRoomsCreateDiscussionProps",
	"rooms.info":               "isRoomsInfoProps",
	"subscriptions.get":        "isSubscriptionsGetProps",
	"settings.public":          "isSettingsPublicWithPaginationProps",
	"users.info":               "isUsersInfoParamsGetProps",
	"users.autocomplete":       "isUsersAutocompleteProps",
}

// specs is the folder of the vendor's descriptions, which lies beside that of the cases.
func specs(t *testing.T) string {
	t.Helper()
	cases := os.Getenv(chattest.CasesVariable)
	if cases == "" && os.Getenv("CI") == "true" {
		t.Fatalf("%s is not set: the vendor's descriptions lie beside the cases", chattest.CasesVariable)
	}
	if cases == "" {
		t.Skipf("%s is not set: the vendor's descriptions lie beside the cases", chattest.CasesVariable)
	}
	return filepath.Join(cases, "..", "specs")
}

// recorded are the requests that the adapter makes while it does everything it can.
func recorded(t *testing.T) []rocketsim.Exchange {
	t.Helper()
	var worlds []*rocketsim.World
	t.Run("everything", func(t *testing.T) {
		chattest.Conform(t, func(t *testing.T) chattest.World {
			w, _ := newWorld(t, chattest.NewClock(morning), rocketsim.Options{})
			worlds = append(worlds, w)
			return w
		})
	})
	d := openDesk(t, rocketsim.Options{})
	place, _, err := d.p.MakeRoom(d.ctx, "k", chat.NewRoom{Near: d.ops, Name: "war room", Private: true, Topic: "a topic"})
	d.must(err)
	d.must(d.p.Invite(d.ctx, place, []chat.UserID{d.ann, d.ben}))
	d.must(d.p.SetTopic(d.ctx, place, "another topic"))
	d.must(d.p.Bookmark(d.ctx, place, "Timeline", "http://127.0.0.1:1/"))
	d.must(d.p.Archive(d.ctx, place, false))
	d.must(d.p.Archive(d.ctx, place, true))
	var calls []rocketsim.Exchange
	for _, w := range append(worlds, d.w) {
		calls = append(calls, w.Calls()...)
	}
	return calls
}

// TestRequestsFitTheSchemas: the adapter's requests pass the server's own checks, and where those are not known, they have
// the arguments that the description of the API names.
func TestRequestsFitTheSchemas(t *testing.T) {
	folder := specs(t)
	schemas := readSchemas(t, filepath.Join(folder, "rocketchat-rest-typings", "schemas-8.8.1.json"))
	described := readDescriptions(t, filepath.Join(folder, "rocketchat"))
	passed, named := map[string]bool{}, map[string]bool{}
	for _, c := range recorded(t) {
		name := applied[c.Route]
		var err error
		switch {
		case c.Method != "GET" && c.Body == nil:
		case name != "":
			passed[c.Route] = true
			err = schemas(name).Validate(arguments(t, c))
		case len(described[c.Method+" "+c.Route]) > 0:
			named[c.Route] = true
			err = misfit(described[c.Method+" "+c.Route], arguments(t, c))
		}
		if err != nil {
			t.Errorf("%s %s: %v\n%s %v", c.Method, c.Route, err, c.Body, c.Query)
		}
	}
	if len(passed) < 15 || len(named) < 4 {
		t.Errorf("only these routes were checked by schemas: %v, and these by the description: %v", passed, named)
	}
}

// readSchemas are the vendor's schemas, compiled when they are asked for.
func readSchemas(t *testing.T, path string) func(name string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft7)
	if err := compiler.AddResource("mem:///rest-typings.json", all); err != nil {
		t.Fatal(err)
	}
	return func(name string) *jsonschema.Schema {
		schema, err := compiler.Compile("mem:///rest-typings.json#/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return schema
	}
}

// arguments are those of a request. In a query, numbers are text, which the server reads as numbers.
func arguments(t *testing.T, c rocketsim.Exchange) any {
	t.Helper()
	if c.Method != "GET" {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(c.Body))
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	value := map[string]any{}
	for name, text := range c.Query {
		value[name] = text
		if _, err := strconv.Atoi(text); err == nil && (name == "count" || name == "offset") {
			value[name] = json.Number(text)
		}
	}
	return value
}

// An operation is a route of the description, as far as it is looked at.
type operation struct {
	Parameters []struct {
		Name string `json:"name"`
		In   string `json:"in"`
	} `json:"parameters"`
	Body struct {
		Content map[string]struct {
			Schema shape `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
}

// A shape is what a body looks like.
type shape struct {
	Properties map[string]any `json:"properties"`
	One        []shape        `json:"oneOf"`
	Any        []shape        `json:"anyOf"`
	All        []shape        `json:"allOf"`
}

func (s shape) names() []string {
	var names []string
	for name := range s.Properties {
		names = append(names, name)
	}
	for _, part := range slices.Concat(s.One, s.Any, s.All) {
		names = append(names, part.names()...)
	}
	return names
}

// readDescriptions are the names of the arguments of each route, by method and route.
func readDescriptions(t *testing.T, folder string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s holds no descriptions: %v", folder, err)
	}
	all := map[string][]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if data, err = yaml.YAMLToJSON(data); err != nil {
			t.Fatal(err)
		}
		var spec struct {
			Paths map[string]map[string]json.RawMessage `json:"paths"`
		}
		if err := json.Unmarshal(data, &spec); err != nil {
			t.Fatal(err)
		}
		for path, methods := range spec.Paths {
			route, _, _ := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/")
			for method, text := range methods {
				var o operation
				if json.Unmarshal(text, &o) == nil { // what all methods of a path have in common is none
					all[strings.ToUpper(method)+" "+route] = o.names()
				}
			}
		}
	}
	return all
}

func (o operation) names() []string {
	var names []string
	for _, p := range o.Parameters {
		if p.In == "query" {
			names = append(names, p.Name)
		}
	}
	return append(names, o.Body.Content["application/json"].Schema.names()...)
}

// misfit says which argument is not among those that are named.
func misfit(names []string, args any) error {
	values, _ := args.(map[string]any)
	for name := range values {
		if !slices.Contains(names, name) {
			return fmt.Errorf("there is no argument %s, only %v", name, names)
		}
	}
	return nil
}
