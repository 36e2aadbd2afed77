// Package emoji reads the names that a chat system has for emoji.
//
// Its invariant: a name leads to characters, and those characters lead back to a name of the same emoji, with or without a
// variation selector and in any colour of skin.
package emoji

import (
	"strconv"
	"strings"
)

// Names are the names of one chat system, without colons.
type Names struct {
	// Characters are those that each name of the table stands for. They are only read.
	Characters map[string]string

	usual map[string]string // by the characters without variation selectors
	tones [5]string
}

// lightest is the character of the lightest colour of skin; the four behind it are the others.
const lightest = 0x1f3fb

// Read reads a table: one line per emoji, the code points in hexadecimal with - between them and then the names, the usual
// one first. tones are what stands behind a name for each colour of skin, the lightest first. The table is part of the
// program; what is not so written stands for other characters.
func Read(table string, tones [5]string) *Names {
	n := &Names{Characters: map[string]string{}, usual: map[string]string{}, tones: tones}
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		characters := fromHex(fields[0])
		for _, name := range fields[1:] {
			n.Characters[name] = characters
		}
		n.usual[Unvaried(characters)] = fields[1]
	}
	return n
}

func fromHex(points string) string {
	var b strings.Builder
	for point := range strings.SplitSeq(points, "-") {
		// What is no number becomes 0, which tests of the table find.
		r, _ := strconv.ParseUint(point, 16, 32)
		b.WriteRune(rune(r))
	}
	return b.String()
}

// Unvaried is characters without variation selectors, which say how an emoji is drawn and not which it is.
func Unvaried(characters string) string { return strings.ReplaceAll(characters, "\ufe0f", "") }

// Of is the characters that a name stands for, with its colour of skin.
func (n *Names) Of(name string) (characters string, ok bool) {
	if characters, ok = n.Characters[name]; ok {
		return characters, true
	}
	for i, tone := range n.tones {
		base, toned := strings.CutSuffix(name, tone)
		if characters, ok = n.Characters[base]; toned && ok {
			return characters + string(rune(lightest+i)), true
		}
	}
	return "", false
}

// Name is the usual name of an emoji.
func (n *Names) Name(characters string) (name string, ok bool) {
	plain := Unvaried(characters)
	if name, ok = n.usual[plain]; ok {
		return name, true
	}
	for i, tone := range n.tones {
		base, toned := strings.CutSuffix(plain, string(rune(lightest+i)))
		if name, ok = n.usual[base]; toned && ok {
			return name + tone, true
		}
	}
	return "", false
}
