package rocketchat

import (
	_ "embed"
	"strings"
	"sync"

	"boswell/chat/emoji"
)

// emojiData is the table of Rocket.Chat's names of emoji.
//
//go:embed emoji.txt
var emojiData string

var emojis = sync.OnceValue(func() *emoji.Names {
	return emoji.Read(emojiData, [5]string{"_tone1", "_tone2", "_tone3", "_tone4", "_tone5"})
})

// emojiOf is the character that a name stands for, with its skin tone; of a name of the server's own, ":name:".
func emojiOf(name string) string {
	name = strings.Trim(name, ":")
	if characters, ok := emojis().Of(name); ok {
		return characters
	}
	return ":" + name + ":"
}

// nameOfEmoji is the name of an emoji, with colons.
func nameOfEmoji(of string) (string, bool) {
	if name := strings.Trim(of, ":"); name != of {
		return ":" + name + ":", name != ""
	}
	name, ok := emojis().Name(of)
	return ":" + name + ":", ok
}
