package slack

import (
	_ "embed"
	"strings"
	"sync"

	"boswell/chat/emoji"
)

// emojiData is the table of Slack's names of emoji, as its own emoji data has them.
//
//go:embed emoji.txt
var emojiData string

// emojis counts the colours of skin as Slack does, from 2.
var emojis = sync.OnceValue(func() *emoji.Names {
	return emoji.Read(emojiData, [5]string{"::skin-tone-2", "::skin-tone-3", "::skin-tone-4", "::skin-tone-5", "::skin-tone-6"})
})

// emojiOf is the character that Slack's name of an emoji stands for, with its skin tone; of a name of the workspace's own,
// ":name:".
func emojiOf(name string) string {
	name = strings.Trim(name, ":")
	if characters, ok := emojis().Of(name); ok {
		return characters
	}
	own, _, _ := strings.Cut(name, "::")
	return ":" + own + ":"
}

// nameOfEmoji is Slack's name of an emoji, without colons.
func nameOfEmoji(of string) (string, bool) {
	if name, ok := strings.CutPrefix(of, ":"); ok {
		name = strings.TrimSuffix(name, ":")
		return name, name != ""
	}
	return emojis().Name(of)
}
