package rocketchat

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// emojiData is the table of Rocket.Chat's names of emoji: one line per emoji, the code points and then the names, the usual
// one first.
//
//go:embed emoji.txt
var emojiData string

type emojiTable struct {
	byName map[string]string
	names  map[string]string // by the characters without variation selectors
}

var emojis = sync.OnceValue(func() emojiTable {
	t := emojiTable{byName: map[string]string{}, names: map[string]string{}}
	for line := range strings.Lines(emojiData) {
		fields := strings.Fields(line)
		characters := fromHex(fields[0])
		for _, name := range fields[1:] {
			t.byName[name] = characters
		}
		t.names[unvaried(characters)] = fields[1]
	}
	return t
})

func fromHex(points string) string {
	var b strings.Builder
	for point := range strings.SplitSeq(points, "-") {
		// The table is part of the program, and a test reads all of it.
		r, _ := strconv.ParseUint(point, 16, 32)
		b.WriteRune(rune(r))
	}
	return b.String()
}

func unvaried(characters string) string { return strings.ReplaceAll(characters, "\ufe0f", "") }

// toneMark stands between the name of an emoji and the number of its skin tone.
const toneMark = "_tone"

// toneBase is the character before that of skin tone 1.
const toneBase = 0x1f3fa

// emojiOf is the character that a name stands for, with its skin tone; of a name of the server's own, ":name:".
func emojiOf(name string) string {
	name = strings.Trim(name, ":")
	if characters, ok := emojis().byName[name]; ok {
		return characters
	}
	base, tone, _ := strings.Cut(name, toneMark)
	characters, ok := emojis().byName[base]
	if n, err := strconv.Atoi(tone); ok && err == nil && n >= 1 && n <= 5 {
		return characters + string(rune(toneBase+n))
	}
	return ":" + name + ":"
}

// nameOfEmoji is the name of an emoji, with colons.
func nameOfEmoji(emoji string) (string, bool) {
	if name := strings.Trim(emoji, ":"); name != emoji {
		return ":" + name + ":", name != ""
	}
	plain := unvaried(emoji)
	if name, ok := emojis().names[plain]; ok {
		return ":" + name + ":", true
	}
	runes := []rune(plain)
	last := len(runes) - 1
	if last < 1 || runes[last] <= toneBase || runes[last] > toneBase+5 {
		return "", false
	}
	name, ok := emojis().names[string(runes[:last])]
	return ":" + name + toneMark + strconv.Itoa(int(runes[last]-toneBase)) + ":", ok
}
