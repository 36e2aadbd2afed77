package discord_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord"
	"boswell/integrations/discord/discordsim"
)

// A spec is Discord's own description of its API.
type spec struct {
	compiler *jsonschema.Compiler
	paths    map[string]map[string]json.RawMessage

	mu       sync.Mutex
	compiled map[string]*jsonschema.Schema
}

type operation struct {
	Body struct {
		Content map[string]json.RawMessage `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content map[string]json.RawMessage `json:"content"`
	} `json:"responses"`
}

const specName = "mem:///discord.json"

// published reads the description from the folder beside that of the cases.
func published(t *testing.T) *spec {
	t.Helper()
	cases := os.Getenv(chattest.CasesVariable)
	if cases == "" && os.Getenv("CI") != "true" {
		t.Skipf("%s is not set, so Discord's description of its API is not at hand", chattest.CasesVariable)
	}
	text := must(os.ReadFile(filepath.Join(cases, "..", "specs", "discord", "openapi.json")))(t)
	s := &spec{compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	check(t, json.Unmarshal(text, &struct {
		Paths *map[string]map[string]json.RawMessage `json:"paths"`
	}{&s.paths}))
	check(t, s.compiler.AddResource(specName, must(jsonschema.UnmarshalJSON(bytes.NewReader(text)))(t)))
	return s
}

// find is the path of the description that an address is one of.
func (s *spec) find(path string) (string, bool) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	best, bestFixed := "", -1
	for template := range s.paths {
		fixed, fits := 0, true
		wanted := strings.Split(strings.Trim(template, "/"), "/")
		for i := range wanted {
			if len(wanted) != len(parts) || !strings.HasPrefix(wanted[i], "{") && wanted[i] != parts[i] {
				fits = false
				break
			}
			if wanted[i] == parts[i] {
				fixed++
			}
		}
		if fits && fixed > bestFixed {
			best, bestFixed = template, fixed
		}
	}
	return best, bestFixed >= 0
}

// check says what a request, or its answer, has that the description does not allow.
func (s *spec) check(x discordsim.Exchange) error {
	path, ok := s.find(x.Path)
	if !ok {
		return fmt.Errorf("%s %s is not described", x.Method, x.Path)
	}
	method := strings.ToLower(x.Method)
	var op operation
	if err := json.Unmarshal(s.paths[path][method], &op); err != nil {
		return fmt.Errorf("%s %s is not described: %w", x.Method, path, err)
	}
	base := "#/paths/" + strings.ReplaceAll(path, "/", "~1") + "/" + method
	if _, described := op.Body.Content["application/json"]; described && len(x.Request) > 0 {
		if err := s.validate(base+"/requestBody/content/application~1json/schema", x.Request, numbered); err != nil {
			return fmt.Errorf("the request %s %s: %w\n%s", x.Method, path, err, x.Request)
		}
	}
	status := fmt.Sprint(x.Status)
	if _, described := op.Responses[status].Content["application/json"]; described {
		if err := s.validate(base+"/responses/"+status+"/content/application~1json/schema", x.Answer, asIs); err != nil {
			return fmt.Errorf("the answer to %s %s: %w\n%s", x.Method, path, err, x.Answer)
		}
		return nil
	}
	if _, known := op.Responses[status]; !known && x.Status < 400 {
		return fmt.Errorf("%s %s is never answered with %d", x.Method, path, x.Status)
	}
	return nil
}

func asIs(value any) any { return value }

// numbered makes numbers of permissions: the description of requests has numbers where Discord's documentation, its answers
// and its clients have text.
func numbered(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = numbered(v[i])
		}
	case map[string]any:
		for key := range v {
			if text, ok := v[key].(string); ok && (key == "allow" || key == "deny") {
				v[key] = json.Number(text)
			} else {
				v[key] = numbered(v[key])
			}
		}
	}
	return value
}

func (s *spec) validate(at string, text []byte, as func(any) any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	schema, ok := s.compiled[at]
	if !ok {
		var err error
		if schema, err = s.compiler.Compile(specName + at); err != nil {
			return err
		}
		s.compiled[at] = schema
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(as(value))
}

// TestSchema holds every request of the adapter, and every answer of the simulator, against Discord's description, over all
// that a platform can do.
func TestSchema(t *testing.T) {
	s := published(t)
	var mu sync.Mutex
	seen, wrong := map[string]int{}, map[string]error{}
	heard := func(x discordsim.Exchange) {
		mu.Lock()
		defer mu.Unlock()
		path, _ := s.find(x.Path)
		name := x.Method + " " + path
		seen[name]++
		if err := s.check(x); err != nil && wrong[name] == nil {
			wrong[name] = err
		}
	}
	chattest.Conform(t, func(t *testing.T) chattest.World {
		return open(t, discordsim.WorldOptions{Sim: discordsim.Options{Heard: heard}})
	})
	for _, rooms := range []string{"channel", "thread", "forum"} {
		o := discordsim.WorldOptions{Sim: discordsim.Options{Heard: heard}}
		roomsOf(t, o, rooms)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(seen) < 20 {
		t.Errorf("only %d endpoints were used: %v", len(seen), seen)
	}
	for _, err := range wrong {
		t.Error(err)
	}
}

// roomsOf makes and closes a room of each kind.
func roomsOf(t *testing.T, o discordsim.WorldOptions, rooms string) {
	t.Helper()
	o.Config.Rooms = rooms
	if rooms == "forum" {
		o.Config.Parent = "100000000000000300"
		o.Sim.Forum = o.Config.Parent
	}
	d := newDesk(t, o).online()
	for _, private := range []bool{false, true} {
		wanted := chat.NewRoom{Near: d.room, Name: "INC-7: Shop", Topic: "where it is fixed", Users: []chat.UserID{d.ann.ID}, Private: private}
		key := fmt.Sprint("room", private)
		place, name, err := d.p.(chat.RoomMaker).MakeRoom(t.Context(), key, wanted)
		check(t, err)
		if name == "" || place.Channel == d.room.Channel {
			t.Errorf("%s: the room is %v %q", rooms, place, name)
		}
		again, err := restartedMakes(t, d, o.Config, key, wanted)
		check(t, err)
		if again != place {
			t.Errorf("%s, private %v: after a restart the key makes %v, want %v again", rooms, private, again, place)
		}
		ref, err := d.p.Post(t.Context(), "card", place, chat.Message{Text: chat.Say("the card")})
		check(t, err, d.p.(chat.Pinner).Pin(t.Context(), ref, true), d.p.(chat.Topicer).SetTopic(t.Context(), place, "resolved"),
			d.p.(chat.Archiver).Archive(t.Context(), place, false))
		look := must(d.w.Look(t.Context(), place))(t)
		if !look.Archived {
			t.Errorf("%s, private %v: people see it as open after it was closed", rooms, private)
		}
	}
}

// restartedMakes is the room that another instance of the adapter makes of a key, without what the first remembers.
func restartedMakes(t *testing.T, d *desk, cfg discord.Config, key string, wanted chat.NewRoom) (chat.Place, error) {
	t.Helper()
	cfg.Token = chat.NewSecret(discordsim.Token)
	p := must(discord.New(cfg, discord.Options{Base: d.w.Sim().URL(), Now: d.w.Clock().Now}))(t)
	place, _, err := p.MakeRoom(t.Context(), key, wanted)
	return place, err
}
