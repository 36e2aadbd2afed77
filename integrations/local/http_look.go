package local

import (
	"fmt"
	"hash/crc32"
	"strings"

	"boswell/chat"
)

// initials are the first letters of a name, for the picture of somebody who has none.
func initials(name string) string {
	var letters []rune
	for _, word := range strings.Fields(name) {
		if len(letters) < 2 {
			letters = append(letters, []rune(strings.ToUpper(word))[0])
		}
	}
	return string(letters)
}

// hues is how many colours the pictures have.
const hues = 8

// hue is the colour of somebody's picture, always the same.
func hue(u chat.User) int {
	return int(crc32.ChecksumIEEE([]byte(string(u.ID)+u.Alias)) % hues)
}

// sizeOf is a number of bytes for people.
func sizeOf(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%.0f KB", float64(n)/(1<<10))
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
}
