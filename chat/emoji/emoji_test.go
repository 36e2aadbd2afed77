package emoji_test

import (
	"testing"

	"boswell/chat/emoji"
)

var names = emoji.Read("1f4cc pushpin pin\n2764-fe0f heart\n1f44d +1 thumbsup\n", [5]string{"_t1", "_t2", "_t3", "_t4", "_t5"})

func TestNames(t *testing.T) {
	for name, characters := range map[string]string{"pushpin": "📌", "pin": "📌", "heart": "❤️", "+1": "👍", "+1_t1": "👍🏻", "thumbsup_t5": "👍🏿"} {
		if got, ok := names.Of(name); !ok || got != characters {
			t.Errorf("%s stands for %q, %v", name, got, ok)
		}
	}
	for characters, name := range map[string]string{"📌": "pushpin", "❤️": "heart", "❤": "heart", "👍🏿": "+1_t5"} {
		if got, ok := names.Name(characters); !ok || got != name {
			t.Errorf("%s is called %q, %v", characters, got, ok)
		}
	}
	for _, name := range []string{"", "_t1", "shipit", "pushpin_t6"} {
		if got, ok := names.Of(name); ok {
			t.Errorf("%q stands for %q", name, got)
		}
	}
	for _, characters := range []string{"", "🏻", "x", "👎", "👎🏻"} {
		if got, ok := names.Name(characters); ok {
			t.Errorf("%q is called %q", characters, got)
		}
	}
}
