package rocketchat

import "boswell/chat"

// A heading is the part of a message that tells whether the rest is worth reading.
type heading struct {
	ID      string        `json:"_id"`
	Room    string        `json:"rid"`
	Thread  string        `json:"tmid"`
	Kind    string        `json:"t"`
	Text    string        `json:"msg"`
	Private lenient[bool] `json:"private"`
}

// Sift says how to ask whether a place is heeded. What happens in others is passed over, but for commands and what the server
// itself says there.
func (p *Platform) Sift(heeds func(chat.Place) bool) { p.heeds.Store(&heeds) }

// heeded says whether what happens in a place may be of concern.
func (p *Platform) heeded(room, thread string) bool {
	heeds := p.heeds.Load()
	return heeds == nil || (*heeds)(p.place(room, thread))
}

// concerns says that a message is to be read.
func (p *Platform) concerns(h heading) bool {
	if h.Kind != "" || p.heeded(h.Room, h.Thread) {
		return true
	}
	known, _ := p.rooms.get(h.Room)
	text, _ := quoted(h.Text)
	_, asks := p.addressed(text, known.alone())
	return asks
}
