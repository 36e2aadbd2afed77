package incident_test

import (
	"slices"
	"strings"
	"testing"

	"boswell/incident"
)

func TestNearest(t *testing.T) {
	words := []string{"resolve", "reopen", "role", "start", "status", "stop", "close"}
	for _, c := range []struct {
		typed string
		limit int
		want  []string
	}{
		{"resovle", 3, []string{"resolve"}},
		{"STATUS", 3, []string{"status"}},
		{"sta", 3, []string{"start", "status"}},
		{"st", 2, []string{"start", "status"}},
		{"strat", 3, []string{"start"}},
		{"clsoe", 3, []string{"close"}},
		{"rol", 3, []string{"role"}},
		{"banana", 3, nil},
		{"", 3, nil},
		{"start", 0, nil},
		{"start", -1, nil},
		{strings.Repeat("s", 1000), 3, nil},
	} {
		if got := incident.Nearest(c.typed, words, c.limit); !slices.Equal(got, c.want) {
			t.Errorf("Nearest(%.20q, %d) = %q, want %q", c.typed, c.limit, got, c.want)
		}
	}
}

func TestNearestPutsTheWordItselfFirst(t *testing.T) {
	got := incident.Nearest("mark", []string{"marker", "mark", "park"}, 3)
	if want := []string{"mark", "marker", "park"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDidYouMean(t *testing.T) {
	words := []string{"start", "status", "close"}
	for typed, want := range map[string]string{
		"sta":    ` Did you mean "start" or "status"?`,
		"clos":   ` Did you mean "close"?`,
		"banana": "",
	} {
		if got := incident.DidYouMean(typed, words); got != want {
			t.Errorf("DidYouMean(%q) = %q, want %q", typed, got, want)
		}
	}
}
