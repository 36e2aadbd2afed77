package chat

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rs/zerolog"
)

func TestSecretIsNeverPrinted(t *testing.T) {
	const word = "hunter2"
	s := NewSecret(word)
	type config struct{ Token, token Secret }
	around := config{s, s}
	var logged, slogged strings.Builder
	logger := zerolog.New(&logged)
	logger.Info().Interface("config", around).Stringer("token", s).Any("any", s).Send()
	slog.New(slog.NewTextHandler(&slogged, nil)).Info("started", "token", s, "config", around)
	printed := []string{logged.String(), slogged.String(), s.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed = append(printed, fmt.Sprintf(verb, s), fmt.Sprintf(verb, around), fmt.Sprintf(verb, &around), fmt.Sprintf(verb, []Secret{s}))
	}
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, yaml.Marshal} {
		text, err := marshal(around)
		if err != nil {
			t.Fatal(err)
		}
		printed = append(printed, string(text))
	}
	for _, p := range printed {
		if strings.Contains(p, word) || strings.Contains(p, fmt.Sprintf("%x", word)) {
			t.Errorf("the secret is in %q", p)
		}
	}
}

func TestSecretReveals(t *testing.T) {
	if got := NewSecret("hunter2").Reveal(); got != "hunter2" {
		t.Errorf("Reveal() = %q", got)
	}
	if none := NewSecret(""); !none.IsZero() || none.String() != "" || none.Reveal() != "" {
		t.Errorf("the empty secret is %q", none.String())
	}
	if NewSecret("x").IsZero() {
		t.Error("a secret is none")
	}
}
