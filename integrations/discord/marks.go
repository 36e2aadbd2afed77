package discord

import (
	"slices"

	"boswell/chat"
)

// marks remembers which emoji were seen on messages: when all are removed at once, Discord does not say which they were.
type marks struct{ on bounded[chat.Ref, []string] }

func (m *marks) put(on chat.Ref, emoji string) {
	known, _ := m.on.get(on)
	if !slices.Contains(known, emoji) {
		m.on.put(on, append(slices.Clone(known), emoji))
	}
}

// take forgets the emoji of a message and returns them.
func (m *marks) take(on chat.Ref) []string {
	known, _ := m.on.get(on)
	if len(known) > 0 {
		m.on.put(on, nil)
	}
	return known
}
