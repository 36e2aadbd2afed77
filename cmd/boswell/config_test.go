package main

import (
	"bytes"
	"encoding"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/bot"
	"boswell/chat"
	"boswell/incident"
)

var update = flag.Bool("update", false, "write docs/configuration.md again")

func TestDocs(t *testing.T) {
	const path = "../../docs/configuration.md"
	var want bytes.Buffer
	if err := describe(&want); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(have)); diff != "" {
		t.Errorf("%s is not what the program would write. Run: go test ./cmd/boswell -run TestDocs -update\n%s", path, diff)
	}
}

func TestEveryKeyHasHelp(t *testing.T) {
	all, err := settings(reflect.ValueOf(defaults()), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.help == "" || strings.HasSuffix(s.path, ".") {
			t.Errorf("the key %q has no name or no help", s.path)
		}
	}
}

// TestSampleIsTheDefaults reads what `init` writes: it says what holds anyway.
func TestSampleIsTheDefaults(t *testing.T) {
	var text bytes.Buffer
	if err := sample(&text); err != nil {
		t.Fatal(err)
	}
	want, have := defaults(), config{}
	if err := decode(&have, "boswell.yaml", text.Bytes()); err != nil {
		t.Fatal(err)
	}
	if names := have.Platforms.names(); names != "chat" || have.Platforms["chat"].kind != "local" {
		t.Errorf("its connections are %s", names)
	}
	have.Platforms = nil
	if diff := cmp.Diff(want, have, cmp.AllowUnexported(rhythm{})); diff != "" {
		t.Error(diff)
	}
}

// tokened is the configuration of an integration that has a secret and checks itself.
type tokened struct {
	Token chat.Secret `yaml:"token" help:"A token."`
	Count int         `yaml:"count" help:"A number."`
}

func (k tokened) Validate() error {
	var wrong []error
	if k.Token.IsZero() {
		wrong = append(wrong, errors.New("token: it is needed"))
	}
	if k.Count > 3 {
		wrong = append(wrong, fmt.Errorf("count: 3 is the most, not %d", k.Count))
	}
	return errors.Join(wrong...)
}

// TestKeysOfAnIntegration reads a connection of a kind that has keys of its own: what is wrong with them is told at once, with
// lines, like everything else.
func TestKeysOfAnIntegration(t *testing.T) {
	usual := kinds
	defer func() { kinds = usual }()
	var keys tokened
	kinds = append([]kind{{"tokened", "a test", func() connection { return connection{kind: "tokened", keys: &keys} }, nil}}, usual...)
	t.Setenv("BOSWELL_TEST_TOKEN", "word")
	c := defaults()
	if err := decode(&c, "b.yaml", []byte("platforms:\n  a: {kind: tokened, token: '${BOSWELL_TEST_TOKEN}', count: 2}\n")); err != nil || keys.Token.Reveal() != "word" || keys.Count != 2 {
		t.Errorf("it is read as %q, %d (%v)", keys.Token.Reveal(), keys.Count, err)
	}
	keys = tokened{}
	err := decode(&c, "b.yaml", []byte("log: {level: loud}\nplatforms:\n  a:\n    kind: tokened\n    count: 4\n    tokn: x\n"))
	if err == nil {
		t.Fatal("it is taken")
	}
	want := []string{"b.yaml:1: log.level", "b.yaml:3: platforms.a.token: it is needed", "b.yaml:5: platforms.a.count: 3 is the most, not 4",
		`b.yaml:6: there is no key "tokn" in platforms.a. Did you mean "token"?`}
	lines := strings.Split(err.Error(), "\n")
	for i, w := range want {
		if i >= len(lines) || !strings.HasPrefix(lines[i], w) {
			t.Errorf("line %d of the refusal is not %q:\n%v", i+1, w, err)
		}
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct {
		value encoding.TextUnmarshaler
		text  string
		want  string // as written again; empty where the text is refused
	}{
		{new(span), "24h", "24h"},
		{new(span), "1h30m0s", "1h30m"},
		{new(span), "45s", "45s"},
		{new(span), "0s", ""},
		{new(span), "-1h", ""},
		{new(span), "1d", ""},
		{new(size), "25MiB", "25MiB"},
		{new(size), "1024 KiB", "1MiB"},
		{new(size), "7B", "7B"},
		{new(size), "0MiB", ""},
		{new(size), "9999999999GiB", ""},
		{new(size), "25MB", ""},
		{new(logLevel), "warn", "warn"},
		{new(logLevel), "WARN", ""},
		{new(logLevel), "trace", ""},
		{new(logFormat), "json", "json"},
		{new(logFormat), "", ""},
		{new(address), "127.0.0.1:0", "127.0.0.1:0"},
		{new(address), "[::1]:80", "[::1]:80"},
		{new(address), "localhost:8642", "localhost:8642"},
		{new(address), "off", "off"},
		{new(address), "127.0.0.1", ""},
		{new(address), "127.0.0.1:66000", ""},
		{new(address), ":8642", ""},
		{new(address), "10.0.0.1:8642", ""},
		{new(baseURL), "https://boswell.example.org/", "https://boswell.example.org"},
		{new(baseURL), "http://proxy/boswell", "http://proxy/boswell"},
		{new(baseURL), "boswell.example.org", ""},
		{new(baseURL), "https://user:word@boswell.example.org", ""},
		{new(baseURL), "javascript:alert(1)", ""},
		{new(rhythm), "5m", "5m"},
		{new(rhythm), "0 9 * * 1-5", "0 9 * * 1-5"},
		{new(rhythm), "off", "off"},
		{new(rhythm), "59s", ""},
		{new(rhythm), "@every 1s", ""},
		{new(rhythm), "0 0 30 2 *", ""},
		{new(rhythm), "whenever", ""},
	} {
		t.Run(fmt.Sprintf("%T %s", c.value, c.text), func(t *testing.T) {
			err := c.value.UnmarshalText([]byte(c.text))
			if c.want == "" {
				if !errors.As(err, new(incident.Refusal)) {
					t.Fatalf("%q gives %v, want a refusal", c.text, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			text, err := c.value.(encoding.TextMarshaler).MarshalText()
			if err != nil || string(text) != c.want {
				t.Errorf("%q is written as %q (%v), want %q", c.text, text, err, c.want)
			}
		})
	}
}

func TestDataFolderBeginsAtTheFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "etc", "boswell.yaml")
	put(t, path, "data: ../var\nplatforms: {chat: {kind: local}}\n")
	c, err := readConfig(path)
	if want := filepath.Join(dir, "var"); err != nil || c.Data != want {
		t.Errorf("data is %q (%v), want %q", c.Data, err, want)
	}
}

// TestReminders sees that each reminder that the bot has can be configured, and that off leaves it out.
func TestReminders(t *testing.T) {
	c := defaults()
	var names []string
	for _, r := range bot.UsualReminders() {
		names = append(names, r.Name)
		if r.Every.Next(time.Unix(0, 0)) != c.Incidents.Reminders.by()[r.Name].every.Next(time.Unix(0, 0)) {
			t.Errorf("the default of reminders.%s is not the bot's own", r.Name)
		}
	}
	if have := c.reminders(); len(have) != len(names) || len(c.Incidents.Reminders.by()) != len(names) {
		t.Errorf("there are %d reminders and keys for %d, want those of %q", len(have), len(c.Incidents.Reminders.by()), names)
	}
	c.Incidents.Reminders.Update = rhythm{text: off}
	if have := c.reminders(); len(have) != 1 || have[0].Name != "commander" {
		t.Errorf("with update off there are %d reminders", len(have))
	}
	c.Incidents.Reminders.Commander = rhythm{text: off}
	if have := c.reminders(); have == nil || len(have) != 0 {
		t.Errorf("with both off they are %v, want an empty list", have)
	}
}

func TestSecretIsReadFromElsewhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	put(t, file, "  from a file\n")
	t.Setenv("BOSWELL_TEST_TOKEN", "from the environment")
	for text, want := range map[string]string{
		"${BOSWELL_TEST_TOKEN}":  "from the environment",
		"${file:" + file + "}":   "from a file",
		"${BOSWELL_TEST_UNSET}":  "",
		"${file:" + file + "no}": "",
		"xoxb-in-the-open":       "",
	} {
		var keys struct {
			Token chat.Secret `yaml:"token" help:"A token."`
		}
		err := decodeStruct(&keys, "token: "+text)
		if want == "" && (err == nil || strings.Contains(err.Error(), "xoxb")) {
			t.Errorf("%s gives %v, want a refusal that does not repeat it", text, err)
		}
		if keys.Token.Reveal() != want {
			t.Errorf("%s is read as %q (%v)", text, keys.Token.Reveal(), err)
		}
	}
}

// FuzzConfig reads anything: it is either a configuration or refused in words.
func FuzzConfig(f *testing.F) {
	var text bytes.Buffer
	if err := sample(&text); err != nil {
		f.Fatal(err)
	}
	f.Add(text.String())
	for _, seed := range []string{"", "{}", "[]", "- a", "platforms: x", "platforms: {a: }", "platforms: {a: {kind: [1]}}", "log: &x {level: info}\nweb: *x",
		"log: {<<: {level: warn}}", "---\n---\n", "? [a]\n: b", "data: !!binary aGk=", "incidents: {emoji: {timeline: {a: b}}}", "data: |\n  x\n  y\n", "\t"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := defaults()
		err := decode(&c, "boswell.yaml", []byte(text))
		if err != nil && !errors.As(err, new(incident.Refusal)) {
			t.Fatalf("%q is refused without words for people: %v", text, err)
		}
		if err == nil && len(c.Platforms) == 0 {
			t.Fatalf("%q is taken without a chat to connect to", text)
		}
	})
}

func decodeStruct(into any, text string) error {
	r := &reading{file: "boswell.yaml", lines: map[string]int{}}
	if err := r.document(reflect.ValueOf(into).Elem(), []byte(text)); err != nil {
		return err
	}
	return r.refusal()
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
