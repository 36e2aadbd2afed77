package local_test

import (
	"bufio"
	"bytes"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/chat/chattest"
)

// What the kill test reads from its environment.
const (
	killsVariable = "BOSWELL_KILLS" // how many times to kill, over all cases
	seedVariable  = "BOSWELL_SEED"  // of the moments
)

const usualKills = 12

// TestKill plays every recorded incident in a process that is killed at random moments and started again, on a real disk
// with every sync. What comes out, what is in the log and what people see is what it would have been without, and whatever was
// acknowledged stays.
func TestKill(t *testing.T) {
	replays := caseFiles(t)
	kills, seed := numberFrom(t, killsVariable, usualKills), uint64(numberFrom(t, seedVariable, int(time.Now().UnixNano()>>10)))
	t.Logf("%s=%d %s=%d", killsVariable, kills, seedVariable, seed)
	for i, path := range replays {
		slug := strings.TrimSuffix(filepath.Base(path), ".yaml")
		share := (kills + len(replays) - 1 - i) / len(replays)
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			name := fnv.New64()
			name.Write([]byte(slug))
			h := &hunt{path: path, steps: len(readCase(t, path).Steps), random: rand.New(rand.NewPCG(seed, name.Sum64()))}
			h.run(t, share)
		})
	}
}

// caseFiles are the replays of the recorded incidents.
func caseFiles(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv(chattest.CasesVariable)
	switch {
	case dir == "" && os.Getenv("CI") == "true":
		t.Fatalf("%s is not set: it names the folder of the cases", chattest.CasesVariable)
	case dir == "":
		t.Skipf("%s is not set, so no case is played", chattest.CasesVariable)
	}
	replays, err := filepath.Glob(filepath.Join(dir, "replays", "*.yaml"))
	if err != nil || len(replays) == 0 {
		t.Fatalf("%s holds no replays: %v", dir, err)
	}
	return replays
}

func numberFrom(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s=%q is no number", variable, text)
	}
	return n
}

// A hunt kills the processes that play one case.
type hunt struct {
	path   string
	steps  int
	random *rand.Rand
	took   time.Duration // of a process that nobody kills
	at     []int         // the steps in which it was killed, from 1; 0 is before the first
}

// run plays the case undisturbed, and then until it was killed often enough; each time to its end.
func (h *hunt) run(t *testing.T, kills int) {
	calm := t.TempDir()
	begin := time.Now()
	if h.play(t, calm, 0) {
		t.Fatal("a process that nobody kills was killed")
	}
	h.took = time.Since(begin)
	want := lookAround(t, calm)
	golden, err := os.ReadFile(filepath.Join(filepath.Dir(h.path), "..", "golden", "sre", strings.TrimSuffix(filepath.Base(h.path), ".yaml")+".md"))
	if err != nil {
		t.Fatal(err)
	}
	if want.Export != string(golden) {
		t.Error("the export of the undisturbed play is not the golden one")
	}
	for len(h.at) < kills {
		folder := t.TempDir()
		for h.playKilled(t, folder, kills) {
		}
		if diff := cmp.Diff(want, lookAround(t, folder)); diff != "" {
			t.Fatalf("killed in the steps %v, it ended in something else (-undisturbed +killed):\n%s", h.at, diff)
		}
	}
	t.Logf("%d steps in %v; killed in the steps %v", h.steps, h.took.Round(time.Millisecond), h.at)
}

// playKilled plays on, with a kill at a random moment while there are some left, and says whether it was killed.
func (h *hunt) playKilled(t *testing.T, folder string, kills int) bool {
	t.Helper()
	after := time.Duration(0)
	if len(h.at) < kills {
		after = 1 + rand.N(h.took)
	}
	if !h.play(t, folder, after) {
		return false
	}
	marks, err := readMarks(folder)
	if err != nil {
		t.Fatal(err)
	}
	h.at = append(h.at, nextStep(marks))
	return true
}

// play starts a process that plays on, kills it after a while unless that is 0, and says whether it was killed.
func (h *hunt) play(t *testing.T, folder string, after time.Duration) (killed bool) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPlayedUntilKilled$", "-test.timeout=2m")
	child.Env = append(os.Environ(), killedFolder+"="+folder, killedCase+"="+h.path)
	var complaints, said bytes.Buffer
	child.Stderr = &complaints
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); err != nil || line != begun+"\n" {
		t.Errorf("the process began with %q, %v", line, err)
	}
	if after > 0 {
		timer := time.AfterFunc(after, func() { child.Process.Kill() })
		defer timer.Stop()
	}
	if _, err := lines.WriteTo(&said); err != nil {
		t.Error(err)
	}
	err = child.Wait()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && !exit.Exited() && after > 0 {
		return true
	}
	if err != nil {
		t.Fatalf("the process ended with %v and said:\n%s%s", err, &said, &complaints)
	}
	return false
}
