package slack

import (
	"net/url"
	"strings"

	"boswell/chat"
)

// Link is the address of a message; empty before the workspace is known.
func (p *Platform) Link(r chat.Ref) string {
	base := p.knownSelf().base
	if base == nil {
		return ""
	}
	ts := strings.Replace(string(r.Message), ".", "", 1)
	return base.JoinPath("archives", string(r.Channel), "p"+ts).String()
}

// microDigits is how many digits of a time stamp in a link are behind its point.
const microDigits = 6

// ParseLink reads the address of a message of this workspace, also one that leads into a thread.
func (p *Platform) ParseLink(text string) (chat.Ref, bool) {
	parts := p.archive(text)
	if len(parts) != 2 {
		return chat.Ref{}, false
	}
	digits, ok := strings.CutPrefix(parts[1], "p")
	if !ok || len(digits) <= microDigits || strings.Trim(digits, "0123456789") != "" {
		return chat.Ref{}, false
	}
	at := len(digits) - microDigits
	return p.ref(parts[0], digits[:at]+"."+digits[at:]), true
}

// archive is what an address of this workspace names: a channel, and perhaps a message in it. Nil is any other text.
func (p *Platform) archive(text string) []string {
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "<"), ">")
	text, _, _ = strings.Cut(text, "|")
	u, err := url.Parse(text)
	base := p.knownSelf().base
	if err != nil || base == nil || !strings.EqualFold(u.Host, base.Host) {
		return nil
	}
	rest, ok := strings.CutPrefix(u.Path, base.JoinPath("archives").Path+"/")
	if !ok || rest == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(rest, "/"), "/")
}
