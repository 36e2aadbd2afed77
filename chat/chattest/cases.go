package chattest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"boswell/chat"
)

// CasesVariable names the folder of recorded incidents, which belong to other people: replays, with what must come out of
// them. Without it Cases is skipped, unless CI=true, where it fails.
const CasesVariable = "BOSWELL_CASES"

// ShufflesVariable says in how many orders, of all that is possible, each case is played; without it, in one. The orders are
// numbered, so a number always stands for the same one.
const ShufflesVariable = "BOSWELL_SHUFFLES"

// A Stage is where a case is played: what there is to bring along for one platform.
type Stage[T any] struct {
	// Start makes a World where nothing has happened, with the whole bot running in it, both by clock, until t ends.
	Start func(t T, clock *Clock) (World, Bot)
	// Agree says in which of the things that are compared a JSON export differs from an incident as it is recorded.
	Agree func(export, incident []byte) []string
}

// A Restarter is a Bot that can be stopped and started again on what it has kept.
type Restarter interface {
	Restart(ctx context.Context) error
}

// Cases plays every recorded incident, one subtest each, in every way that the World allows, and compares the exports: the
// standard format byte for byte, and JSON in what is compared.
func Cases[T Runner[T]](t T, stage Stage[T]) {
	dir := os.Getenv(CasesVariable)
	if dir == "" && os.Getenv("CI") == "true" {
		t.Fatalf("%s is not set: it names the folder of the cases", CasesVariable)
	}
	if dir == "" {
		t.Skipf("%s is not set, so no case is played", CasesVariable)
	}
	replays, err := filepath.Glob(filepath.Join(dir, "replays", "*.yaml"))
	if err != nil || len(replays) == 0 {
		t.Fatalf("%s holds no replays: %v", dir, err)
	}
	ways, err := variants(os.Getenv(ShufflesVariable))
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, path := range replays {
		slug := strings.TrimSuffix(filepath.Base(path), ".yaml")
		t.Run(slug, func(t T) {
			for _, v := range ways {
				t.Run(v.name, func(t T) { playCase(t, stage, dir, slug, v) })
			}
		})
	}
}

// A variant is a way to play a case. The result must not show it.
type variant struct {
	name string
	// options says how, for a World and bot that can; why says why not.
	options func(w World, bot Bot, r *Replay) (o Options, why string)
}

// variants are the ways to play a case, with as many orders as are asked for.
func variants(orders string) ([]variant, error) {
	all := []variant{
		{"plain", func(World, Bot, *Replay) (Options, string) { return Options{}, "" }},
		{"twice", twice},
		{"shuffled", shuffled(1)},
		{"cut", cutOff},
		{"restarted", restarted},
	}
	if orders == "" {
		return all, nil
	}
	n, err := strconv.ParseUint(orders, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ShufflesVariable, err)
	}
	for order := uint64(2); order <= n; order++ {
		all = append(all, variant{fmt.Sprintf("shuffled %d", order), shuffled(order)})
	}
	return all, nil
}

func twice(w World, _ Bot, _ *Replay) (Options, string) {
	if _, ok := w.(Redeliverer); !ok {
		return Options{}, "nothing is delivered twice here"
	}
	return Options{Twice: true}, ""
}

// shuffled lets what happens between two commands arrive in the order of that number.
func shuffled(order uint64) func(World, Bot, *Replay) (Options, string) {
	return func(w World, _ Bot, r *Replay) (Options, string) {
		if _, ok := w.(Shuffler); !ok {
			return Options{}, "nothing arrives out of order here"
		}
		return Options{Shuffle: rand.New(rand.NewPCG(uint64(len(r.Steps)), order))}, ""
	}
}

// cutOff loses everything that is said between commands, so that it has to be read back.
func cutOff(w World, _ Bot, r *Replay) (Options, string) {
	cutter, ok := w.(Cutter)
	if _, reads := w.Platform().(chat.Historian); !ok || !reads {
		return Options{}, "nothing is lost here that can be read back"
	}
	cut := false
	return Options{Between: func(ctx context.Context, step int) error {
		if want := r.Steps[step].Kind != StepCommand; want == cut {
			return nil
		}
		cut = !cut
		if cut {
			return cutter.Cut(ctx)
		}
		return cutter.Mend(ctx)
	}}, ""
}

// restarted stops the bot and starts it again before every third step.
func restarted(_ World, bot Bot, _ *Replay) (Options, string) {
	r, ok := bot.(Restarter)
	if !ok {
		return Options{}, "the bot is not restarted here"
	}
	return Options{Between: func(ctx context.Context, step int) error {
		if step%3 != 2 {
			return nil
		}
		return r.Restart(ctx)
	}}, ""
}

// patienceWithCase is how long one case may take.
const patienceWithCase = 2 * time.Minute

func playCase[T Runner[T]](t T, stage Stage[T], dir, slug string, v variant) {
	t.Helper()
	r := readCase(t, dir, slug)
	w, bot := stage.Start(t, NewClock(r.Steps[0].At))
	o, why := v.options(w, bot, r)
	if why != "" {
		t.Skipf("%s", why)
	}
	o.Export = []string{"sre", "json"}
	ctx, cancel := context.WithTimeout(t.Context(), patienceWithCase)
	defer cancel()
	result, err := Play(ctx, w, bot, r, o)
	if err != nil {
		t.Fatalf("%v", err)
	}
	compare(t, "the export", result.Exports["sre"].Contents, readBytes(t, filepath.Join(dir, "golden", "sre", slug+".md")))
	for _, difference := range stage.Agree(result.Exports["json"].Contents, readBytes(t, filepath.Join(dir, "incidents", slug+".json"))) {
		t.Errorf("json: %s", difference)
	}
	for style, answer := range result.Refused {
		if !strings.Contains(answer, "sre") || !strings.Contains(answer, "json") {
			t.Errorf("export %s was answered %q; want a refusal that lists the styles", style, answer)
		}
	}
}

func readCase(t Reporter, dir, slug string) *Replay {
	t.Helper()
	r, err := ReadReplay(bytes.NewReader(readBytes(t, filepath.Join(dir, "replays", slug+".yaml"))))
	if err != nil {
		t.Fatalf("%s: %v", slug, err)
	}
	return r
}

func readBytes(t Reporter, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return data
}

// compare reports the first line that differs.
func compare(t Reporter, what string, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	gotLines, wantLines := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		if g, w := lineAt(gotLines, i), lineAt(wantLines, i); g != w {
			t.Errorf("%s differs in line %d:\n got %s\nwant %s", what, i+1, g, w)
			return
		}
	}
}

func lineAt(lines []string, i int) string {
	if i >= len(lines) {
		return "nothing"
	}
	return fmt.Sprintf("%q", lines[i])
}
