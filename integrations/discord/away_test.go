package discord_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"boswell/chat/chattest"
	"boswell/integrations/discord/discordsim"
)

// trouble is what befalls the connection between two steps of a replay.
type trouble struct {
	name string
	// befall lets it happen; before says that a command comes next, which nobody could read back if it were lost.
	befall func(ctx context.Context, w *discordsim.World, command bool) error
}

var troubles = []trouble{
	{"resumed", func(_ context.Context, w *discordsim.World, _ bool) error {
		w.Sim().Drop(4000)
		return nil
	}},
	{"lost", func(ctx context.Context, w *discordsim.World, command bool) error {
		w.Sim().Lose()
		if command {
			return w.Connected(ctx)
		}
		return nil
	}},
	{"told to reconnect in the place of the greeting", func(ctx context.Context, w *discordsim.World, command bool) error {
		w.Sim().Turn(7)
		w.Sim().Drop(4000)
		if command {
			return w.Connected(ctx)
		}
		return nil
	}},
}

// TestCasesInTrouble plays the recorded incidents while the connection drops at random moments. The export does not show it.
func TestCasesInTrouble(t *testing.T) {
	dir := os.Getenv(chattest.CasesVariable)
	if dir == "" && os.Getenv("CI") != "true" {
		t.Skipf("%s is not set, so no case is played", chattest.CasesVariable)
	}
	if testing.Short() {
		t.Skip("each drop takes a second of discordgo's")
	}
	replays, err := filepath.Glob(filepath.Join(dir, "replays", "*.yaml"))
	if err != nil || len(replays) == 0 {
		t.Fatalf("%s holds no replays: %v", dir, err)
	}
	for _, path := range replays {
		slug := strings.TrimSuffix(filepath.Base(path), ".yaml")
		for _, trouble := range troubles {
			t.Run(slug+"/"+trouble.name, func(t *testing.T) {
				t.Parallel()
				playInTrouble(t, dir, slug, trouble)
			})
		}
	}
}

func playInTrouble(t *testing.T, dir, slug string, trouble trouble) {
	t.Helper()
	r := must(chattest.ReadReplay(bytes.NewReader(must(os.ReadFile(filepath.Join(dir, "replays", slug+".yaml")))(t))))(t)
	h := newHouse(t, chattest.NewClock(r.Steps[0].At), quick())
	random := rand.New(rand.NewPCG(uint64(len(r.Steps)), uint64(len(trouble.name))))
	often := max(len(r.Steps)/2, 1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	result, err := chattest.Play(ctx, h.world, h, r, chattest.Options{Export: []string{"sre"}, Between: func(ctx context.Context, step int) error {
		if random.IntN(often) != 0 {
			return nil
		}
		return trouble.befall(ctx, h.world, r.Steps[step].Kind == chattest.StepCommand)
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := must(os.ReadFile(filepath.Join(dir, "golden", "sre", slug+".md")))(t); !bytes.Equal(result.Exports["sre"].Contents, want) {
		t.Errorf("the export differs:\n%s", result.Exports["sre"].Contents)
	}
}
