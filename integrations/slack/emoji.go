package slack

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// emojiData is the table of Slack's names of emoji, as its own emoji data has them: one line per emoji, the code points and
// then the names, the usual one first.
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

const skinTone = "::skin-tone-"

// toneBase is the character of skin tone 1; Slack counts the tones of the table from 2.
const toneBase = 0x1f3fa

// emojiOf is the character that Slack's name of an emoji stands for, with its skin tone; of a name of the workspace's own,
// ":name:".
func emojiOf(name string) string {
	base, tone, toned := strings.Cut(strings.Trim(name, ":"), skinTone)
	characters, ok := emojis().byName[base]
	if !ok {
		return ":" + base + ":"
	}
	if n, err := strconv.Atoi(tone); toned && err == nil && n >= 2 && n <= 6 {
		return characters + string(rune(toneBase+n-1))
	}
	return characters
}

// nameOfEmoji is Slack's name of an emoji, without colons.
func nameOfEmoji(emoji string) (string, bool) {
	if name, ok := strings.CutPrefix(emoji, ":"); ok {
		name = strings.TrimSuffix(name, ":")
		return name, name != ""
	}
	plain := unvaried(emoji)
	if name, ok := emojis().names[plain]; ok {
		return name, true
	}
	runes := []rune(plain)
	last := len(runes) - 1
	if last < 1 || runes[last] <= toneBase || runes[last] > toneBase+5 {
		return "", false
	}
	name, ok := emojis().names[string(runes[:last])]
	return name + skinTone + strconv.Itoa(int(runes[last]-toneBase)+1), ok
}
