package rocketsim

import (
	"fmt"
	"strings"
)

// characters are the emoji that people of the simulator know, by the server's names for them.
var characters = map[string]string{"pushpin": "📌", "round_pushpin": "📍", "paperclip": "📎", "white_check_mark": "✅", "thumbsup": "👍",
	"eyes": "👀", "fire": "🔥", "heart": "❤️", "tada": "🎉", "rocket": "🚀", "warning": "⚠️", "pray": "🙏", "grinning": "😀", "x": "❌",
	"heavy_check_mark": "✔️", "rotating_light": "🚨", "hourglass": "⌛", "question": "❓", "no_entry": "⛔", "memo": "📝", "bookmark": "🔖",
	"clipboard": "📋", "link": "🔗", "thumbsdown": "👎", "smile": "😄"}

// tones are the endings of emoji that come in colours of skin.
var tones = map[rune]string{0x1f3fb: "_tone1", 0x1f3fc: "_tone2", 0x1f3fd: "_tone3", 0x1f3fe: "_tone4", 0x1f3ff: "_tone5"}

// emojiNames are the names that the server takes for a reaction; :shipit: was made by somebody here.
func emojiNames() map[string]bool {
	all := map[string]bool{":shipit:": true, ":+1:": true, ":-1:": true}
	for name := range characters {
		all[":"+name+":"] = true
		for _, tone := range tones {
			all[":"+name+tone+":"] = true
		}
	}
	return all
}

// nameOf is the server's name of an emoji, colons and all.
func nameOf(emoji string) (string, error) {
	if strings.HasPrefix(emoji, ":") {
		return emoji, nil
	}
	runes := []rune(emoji)
	tone := tones[runes[len(runes)-1]]
	if tone != "" {
		emoji = string(runes[:len(runes)-1])
	}
	for name, character := range characters {
		if character == emoji || strings.TrimSuffix(character, "\ufe0f") == emoji {
			return ":" + name + tone + ":", nil
		}
	}
	return "", fmt.Errorf("the simulator does not know the emoji %q", emoji)
}

// shownEmoji is what a client shows for a name.
func shownEmoji(name string) string {
	base := strings.Trim(name, ":")
	for r, tone := range tones {
		if plain, toned := strings.CutSuffix(base, tone); toned && characters[plain] != "" {
			return strings.TrimSuffix(characters[plain], "\ufe0f") + string(r)
		}
	}
	if character := characters[base]; character != "" {
		return character
	}
	return name
}
