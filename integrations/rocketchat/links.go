package rocketchat

import (
	"net/url"
	"strings"

	"boswell/chat"
)

// address is where people find the server, without a slash at its end.
func (p *Platform) address() string {
	site := strings.TrimRight(strings.Trim(string(p.known().settings[setAddress]), `"`), "/")
	if u, err := url.Parse(site); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		return site
	}
	return p.cfg.URL
}

// The words that stand before the name of a room in its address.
var roomPaths = map[string]string{kindChannel: "channel", kindGroup: "group", kindDirect: "direct"}

// Link is the address of a message.
func (p *Platform) Link(r chat.Ref) string {
	known, ok := p.rooms.get(string(r.Channel))
	segment := string(r.Channel)
	if ok && known.Kind != kindDirect && known.Name != "" {
		segment = known.Name
	}
	kind := first(roomPaths[known.Kind], roomPaths[kindChannel])
	return p.address() + "/" + kind + "/" + url.PathEscape(segment) + "?msg=" + url.QueryEscape(string(r.Message))
}

// ParseLink reads the address of a message of this server.
func (p *Platform) ParseLink(text string) (chat.Ref, bool) {
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(invisible.Replace(text)), "<"), ">")
	segment, u, ok := p.roomAddress(text)
	if !ok {
		return chat.Ref{}, false
	}
	id := u.Query().Get("msg")
	if id == "" {
		return chat.Ref{}, false
	}
	return p.ref(p.roomOf(segment), id), true
}

// roomAddress reads the address of a room of this server: its last segment is a name or an identifier.
func (p *Platform) roomAddress(text string) (segment string, u *url.URL, ok bool) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "", nil, false
	}
	for _, site := range []string{p.address(), p.cfg.URL} {
		base, err := url.Parse(site)
		if err != nil || !strings.EqualFold(u.Host, base.Host) {
			continue
		}
		parts := strings.Split(strings.Trim(strings.TrimPrefix(u.Path, base.Path), "/"), "/")
		if len(parts) >= 2 && (parts[0] == "channel" || parts[0] == "group" || parts[0] == "direct") && parts[1] != "" {
			return parts[1], u, true
		}
	}
	return "", nil, false
}

// roomOf is the identifier of a room by the name in an address, where it is known; else that is taken for the identifier.
func (p *Platform) roomOf(segment string) string {
	if known, ok := p.rooms.get(segment); ok {
		return known.ID
	}
	if known, ok := p.rooms.called(segment); ok {
		return known.ID
	}
	return segment
}
