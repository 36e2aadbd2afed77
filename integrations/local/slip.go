package local

import (
	"slices"
	"strings"

	"boswell/chat"
)

// meant is the command that a text nearly begins with: Slash with a slip of the finger, or the name of a command without it.
// It is empty where the text is meant to be posted.
func (c *Chat) meant(text string) string {
	word, _, _ := strings.Cut(text, " ")
	typed := strings.ToLower(strings.TrimSpace(word))
	name, begins := strings.CutPrefix(typed, "/")
	switch {
	case !begins:
		return ""
	case slip(typed, Slash):
		return Slash
	case slices.ContainsFunc(c.Commands(), func(declared chat.Command) bool { return declared.Name == name }):
		return Slash + " " + name
	default:
		return ""
	}
}

// slip says that two words are the same but for one letter that is missing, too many or wrong, or two that changed places.
func slip(typed, wanted string) bool {
	begin := 0
	for begin < min(len(typed), len(wanted)) && typed[begin] == wanted[begin] {
		begin++
	}
	typed, wanted = typed[begin:], wanted[begin:]
	end := 0
	for end < min(len(typed), len(wanted)) && typed[len(typed)-1-end] == wanted[len(wanted)-1-end] {
		end++
	}
	typed, wanted = typed[:len(typed)-end], wanted[:len(wanted)-end]
	if len(typed) == 2 && len(wanted) == 2 {
		return typed[0] == wanted[1] && typed[1] == wanted[0]
	}
	return len(typed) <= 1 && len(wanted) <= 1
}
