package chattest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"boswell/chat/chattest"
)

func bakery(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("testdata/bakery.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestReadReplay(t *testing.T) {
	r, err := chattest.ReadReplay(strings.NewReader(bakery(t)))
	if err != nil {
		t.Fatal(err)
	}
	if r.Slug != "bakery" || r.Home != "rooftop" || r.Entries != 2 || len(r.Steps) != 16 || !slices.Equal(r.Unlisted, []string{"m1"}) {
		t.Errorf("the replay is %+v", r)
	}
	if want := []string{"#ovens", "#orders", "Bakers among themselves"}; !slices.Equal(r.Rooms, want) {
		t.Errorf("the rooms are %q, want %q", r.Rooms, want)
	}
	if r.People["Jon"] != (chattest.Actor{Handle: "jon.w"}) || r.People["ovenwatch"] != (chattest.Actor{Handle: "ovenwatch", Bot: true}) || len(r.People) != 3 {
		t.Errorf("the people are %+v", r.People)
	}
	if s := r.Steps[2]; s.Text != "start Oven 2 is cold" || s.Room != "#ovens" {
		t.Errorf("the command is %+v", s)
	}
	if s := r.Steps[6]; !s.Bridged || s.Room != "#orders" || s.From != "Rosa" {
		t.Errorf("what the bridge carries is %+v", s)
	}
	if s := r.Steps[13]; s.Text != "The log:" || s.File.Name != "fuse.log" || string(s.File.Contents) != "06:00 F2 off\n" {
		t.Errorf("the attachment is %+v", s)
	}
}

// TestReadReplayRefuses: what is wrong in a file is named, with the step it is in.
func TestReadReplayRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"an unknown key":            {"note: invented", "nope: invented", "nope"},
		"an unknown key in a step":  {"op: add}", "opp: add}", "opp"},
		"no slug":                   {"slug: bakery", "slug: ''", "no slug"},
		"an unknown kind":           {"kind: alert", "kind: rumour", "step 1: kind"},
		"a time that is none":       {"06:00:30Z", "6 oclock", "step 2: at: \"2026-02-03T6 oclock\" is not a time"},
		"a time that runs back":     {"06:00:30Z", "05:00:30Z", "step 2: at"},
		"somebody unknown":          {"from: Mila, platform: rooftop, channel: '#ovens', kind: message", "from: Max, platform: rooftop, channel: '#ovens', kind: message", "step 2: from"},
		"a command without slash":   {"/incident start", "incident start", "step 3: a command"},
		"a message unheard of":      {"ref: m2, op: add", "ref: m99, op: add", "step 4: ref"},
		"a later message":           {"ref: m2, op: add", "ref: m5, op: add", "step 4: ref"},
		"a reaction without op":     {"ref: m2, op: add", "ref: m2", "step 4: op"},
		"an edit of nothing":        {"kind: edit, ref: m5", "kind: edit", "step 11: ref"},
		"an id that is taken":       {"id: m5", "id: m2", "step 10: id"},
		"a message without id":      {"id: m5, ", "", "step 10: id"},
		"a bridge to nowhere":       {"via: 'rooftop:#orders'", "via: 'tower:#orders'", "step 7: pigeon"},
		"another platform":          {"platform: rooftop, channel: 'Bakers", "platform: cellar, channel: 'Bakers", "step 9: cellar"},
		"an attachment, no name":    {"filename: fuse.log, ", "", "step 14: an attachment"},
		"no channel":                {"channel: 'Bakers among themselves'", "channel: ''", "step 9: it happens in no channel"},
		"a count that is not right": {"steps: 16", "steps: 15", "15 steps and has 16"},
		"no YAML":                   {"slug: bakery", "slug: [", "line 2: "},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(bakery(t), c.old, c.new, 1)
			if text == bakery(t) {
				t.Fatalf("%q is not in the file", c.old)
			}
			if _, err := chattest.ReadReplay(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestReadReplayTooLong(t *testing.T) {
	if _, err := chattest.ReadReplay(strings.NewReader(strings.Repeat("#\n", chattest.MaxReplay/2+1))); err == nil || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("the error is %v", err)
	}
}

// TestReadCases reads the recorded incidents.
func TestReadCases(t *testing.T) {
	dir := os.Getenv(chattest.CasesVariable)
	if dir == "" && os.Getenv("CI") != "true" {
		t.Skipf("%s is not set, so no case is read", chattest.CasesVariable)
	}
	files, err := filepath.Glob(filepath.Join(dir, "replays", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s=%q holds no replays: %v", chattest.CasesVariable, dir, err)
	}
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := chattest.ReadReplay(f); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// FuzzReplay reads any file: it never panics, and what it takes can be played, every reference in it known.
func FuzzReplay(f *testing.F) {
	f.Add(bakery(f))
	f.Add("slug: a\nsteps:\n- {at: '2026-02-03T06:00:00Z', from: A, platform: p, channel: c, kind: command, text: /incident show}\npeople: {A: {handle: a}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := chattest.ReadReplay(strings.NewReader(text))
		if err != nil {
			return
		}
		said := map[string]bool{"": true}
		for i, s := range r.Steps {
			_, known := r.People[s.From]
			if !said[s.On] || !slices.Contains(r.Rooms, s.Room) || !known && !s.Bridged {
				t.Fatalf("step %d refers to what is not there: %+v", i+1, s)
			}
			said[s.ID] = true
		}
	})
}
