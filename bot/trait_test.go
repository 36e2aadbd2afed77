package bot

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"boswell/chat"
)

func TestEveryEffectHasItsTraits(t *testing.T) {
	if diff := cmp.Diff(chat.EffectKinds(), slices.Sorted(maps.Keys(traits))); diff != "" {
		t.Errorf("the effects and those with traits differ (-effects +traits):\n%s", diff)
	}
	for kind, trait := range traits {
		if trait.patience == 0 {
			t.Errorf("nobody waits for an answer to %s", kind)
		}
	}
}
