package slack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/slack/slacksim"
)

// recorded are the requests that the adapter makes while it does everything it can.
func recorded(t *testing.T) []slacksim.Call {
	t.Helper()
	var worlds []*slacksim.World
	t.Run("everything", func(t *testing.T) {
		chattest.Conform(t, func(t *testing.T) chattest.World {
			w, _ := newWorld(t, chattest.NewClock(morning), quick())
			worlds = append(worlds, w)
			return w
		})
	})
	d := openDesk(t, quick())
	_, err := d.w.Home(d.ctx, d.ann)
	d.must(err)
	group := d.w.AddGroup("sre", d.ann)
	d.must(d.w.React(d.ctx, d.ann, d.say("tagged"), ":own:", true))
	await[chat.Reacted](d, 1)
	place, _, err := d.p.MakeRoom(d.ctx, "k", chat.NewRoom{Near: d.ops, Name: "war room", Private: true})
	d.must(err)
	d.must(d.p.Invite(d.ctx, place, []chat.UserID{group}))
	d.must(d.w.Leave(d.ctx, slacksim.BotUser, d.ops))
	_, err = d.post("k", "hello")
	d.must(err)
	var calls []slacksim.Call
	for _, w := range append(worlds, d.w) {
		calls = append(calls, w.Calls()...)
	}
	return calls
}

// described is the part of Slack's description of its Web API that is looked at.
type described struct {
	Paths map[string]map[string]struct {
		Parameters []struct {
			Name     string `json:"name"`
			In       string `json:"in"`
			Type     string `json:"type"`
			Required bool   `json:"required"`
		} `json:"parameters"`
	} `json:"paths"`
}

// newer are the arguments that are younger than the description.
var newer = map[string][]string{
	"chat.postMessage":      {"metadata"},
	"chat.update":           {"metadata"},
	"conversations.history": {"include_all_metadata"},
	"conversations.replies": {"include_all_metadata"},
	"reactions.get":         {},
}

// TestRequestsFitTheDescription: where Slack describes a method, the adapter's requests have the arguments that it names, of
// its types, and all that are required.
func TestRequestsFitTheDescription(t *testing.T) {
	cases := os.Getenv(chattest.CasesVariable)
	if cases == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not set: Slack's description lies beside the cases", chattest.CasesVariable)
		}
		t.Skipf("%s is not set: Slack's description lies beside the cases", chattest.CasesVariable)
	}
	data, err := os.ReadFile(filepath.Join(cases, "..", "specs", "slack", "slack_web_openapi_v2.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec described
	if err := json.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	checked := map[string]bool{}
	for _, c := range recorded(t) {
		if ops, ok := spec.Paths["/"+c.Method]; ok && !strings.HasPrefix(c.Method, "views.") {
			checked[c.Method] = true
			for _, problem := range unfit(ops, c) {
				t.Errorf("%s: %s", c.Method, problem)
			}
		}
	}
	if len(checked) < 20 {
		t.Errorf("only %d methods were checked: %v", len(checked), checked)
	}
}

// unfit is what is wrong with a request.
func unfit(ops map[string]struct {
	Parameters []struct {
		Name     string `json:"name"`
		In       string `json:"in"`
		Type     string `json:"type"`
		Required bool   `json:"required"`
	} `json:"parameters"`
}, c slacksim.Call) []string {
	var problems []string
	known := map[string]string{}
	for _, op := range ops {
		for _, p := range op.Parameters {
			if p.In == "header" {
				continue
			}
			known[p.Name] = p.Type
			if _, there := c.Args[p.Name]; p.Required && !there && p.Name != "token" {
				problems = append(problems, "the argument "+p.Name+" is missing")
			}
		}
	}
	for name, value := range c.Args {
		kind, ok := known[name]
		switch {
		case !ok && !slices.Contains(newer[c.Method], name):
			problems = append(problems, "there is no argument "+name)
		case ok && !hasType(kind, fmt.Sprint(value)):
			problems = append(problems, fmt.Sprintf("the argument %s is %q, which is no %s", name, value, kind))
		}
	}
	return problems
}

func hasType(kind, value string) bool {
	switch kind {
	case "integer":
		_, err := strconv.ParseInt(value, 10, 64)
		return err == nil
	case "number":
		_, err := strconv.ParseFloat(value, 64)
		return err == nil
	case "boolean":
		_, err := strconv.ParseBool(value)
		return err == nil
	default:
		return true
	}
}

// TestRequestsFitTheVendorsTypes: the adapter's requests compile as the arguments of the vendor's own client.
func TestRequestsFitTheVendorsTypes(t *testing.T) {
	folder := vendor.Installed(t)
	var source bytes.Buffer
	source.WriteString("import { WebClient } from '@slack/web-api'\nconst web = new WebClient('')\n")
	seen := map[string]bool{}
	for _, c := range recorded(t) {
		args, err := json.Marshal(typed(c))
		if err != nil {
			t.Fatal(err)
		}
		name := strings.Join(argNames(c), " ")
		if c.Method == "reactions.get" || seen[c.Method+name] && len(args) < 1000 || c.Method == "apps.connections.open" {
			continue // "full" came after the types; the token of the app is not an argument
		}
		seen[c.Method+name] = true
		fmt.Fprintf(&source, "await web.%s(%s)\n", c.Method, args)
	}
	if err := os.WriteFile(filepath.Join(folder, "requests.mts"), source.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	tsc := exec.CommandContext(t.Context(), "npm", "run", "--silent", "types", "--", "requests.mts")
	tsc.Dir = folder
	if out, err := tsc.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n%s", err, out, source.String())
	}
}

func argNames(c slacksim.Call) []string {
	var names []string
	for n := range c.Args {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// typed are the arguments of a form as the types that they are in JSON.
func typed(c slacksim.Call) map[string]any {
	args := map[string]any{}
	for name, v := range c.Args {
		text, ok := v.(string)
		var decoded any
		switch {
		case !ok:
			args[name] = v
		case slices.Contains([]string{"limit", "length"}, name):
			n, _ := strconv.Atoi(text) // the client would refuse anything else
			args[name] = n
		case text == "true" || text == "false":
			args[name] = text == "true"
		case json.Unmarshal([]byte(text), &decoded) == nil && strings.ContainsAny(text[:1], "[{"):
			args[name] = decoded
		default:
			args[name] = text
		}
	}
	return args
}
