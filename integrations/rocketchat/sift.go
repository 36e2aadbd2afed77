package rocketchat

import "boswell/chat"

// Sift says how to ask whether a place is heeded. What happens in others is passed over, but for commands.
func (p *Platform) Sift(heeds func(chat.Place) bool) { p.heeds.Store(&heeds) }

// heeded says whether what happens in a place may be of concern.
func (p *Platform) heeded(room, thread string) bool {
	heeds := p.heeds.Load()
	return heeds == nil || (*heeds)(p.place(room, thread))
}
