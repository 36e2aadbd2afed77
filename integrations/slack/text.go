package slack

import (
	"strconv"
	"strings"
	"time"
)

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes a text harmless in Slack's markup: the three characters are all that opens a mention, a link or a command.
func escape(text string) string { return escaper.Replace(text) }

var unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// naming says what stands for the identifiers in a text. label is what Slack gave along, or empty.
type naming interface {
	person(id, label string) string
	room(id, label string) string
	group(id, label string) string
}

// plain undoes Slack's markup: what comes out is what a person typed, with names in place of identifiers.
func plain(text string, names naming) string {
	var b strings.Builder
	for text != "" {
		open := strings.IndexByte(text, '<')
		if open < 0 {
			break
		}
		b.WriteString(unescaper.Replace(text[:open]))
		text = text[open:]
		end := strings.IndexAny(text[1:], "<>") + 1
		if end == 0 || text[end] == '<' {
			b.WriteByte('<') // nothing that Slack writes: keep it
			text = text[1:]
			continue
		}
		b.WriteString(reference(text[1:end], names))
		text = text[end+1:]
	}
	b.WriteString(unescaper.Replace(text))
	return b.String()
}

// reference is what stands between < and >: a person, a channel, something special, or a link.
func reference(inside string, names naming) string {
	target, label, _ := strings.Cut(inside, "|")
	label = unescaper.Replace(label)
	switch {
	case target == "":
		return "<" + inside + ">"
	case target[0] == '@':
		return names.person(target[1:], label)
	case target[0] == '#':
		return names.room(target[1:], label)
	case target[0] == '!':
		return special(target[1:], label, names)
	default:
		return link(unescaper.Replace(target), label)
	}
}

// special reads groups, words that notify many, and dates.
func special(what, label string, names naming) string {
	word, rest, _ := strings.Cut(what, "^")
	switch word {
	case "subteam":
		return names.group(rest, label)
	case "date":
		return date(rest, label)
	case "here", "channel", "everyone":
		return "@" + word
	}
	if label != "" {
		return label
	}
	return "<!" + what + ">"
}

// date is the words that Slack was given for clients that cannot show dates; else the moment itself.
func date(args, label string) string {
	if label != "" {
		return label
	}
	seconds, _, _ := strings.Cut(args, "^")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return "<!date^" + args + ">"
	}
	return time.Unix(n, 0).UTC().Format("2006-01-02 15:04 UTC")
}

// link is what was typed: an address that Slack made a link of comes back as it was, a text that somebody put a link behind
// keeps both.
func link(address, label string) string {
	if label == "" || label == address {
		return address
	}
	for _, scheme := range []string{"http://", "https://", "mailto:", "tel:"} {
		if bare, ok := strings.CutPrefix(address, scheme); ok && strings.TrimSuffix(bare, "/") == strings.TrimSuffix(label, "/") {
			return label
		}
	}
	return label + " (" + address + ")"
}
