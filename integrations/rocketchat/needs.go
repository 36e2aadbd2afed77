package rocketchat

// A need is a permission that the bot's account makes use of.
type need struct {
	permission string
	why        string
	// without is what is missing without it; empty of what nothing works without.
	without string
}

// needs are all permissions that the configuration makes use of. The role bot of a fresh server has the first ones.
func (c Config) needs() []need {
	all := []need{
		{"api-bypass-rate-limit", "to ask the server more than ten times a minute, which nothing works without", ""},
		{"send-many-messages", "to send more than five messages a second", ""},
		{"view-joined-room", "to read the rooms that it is in", ""},
		{"view-c-room", "to find and enter public channels", "it can be in no public channel that nobody let it into"},
		{"create-d", "to answer people in direct messages", "what is for one person is said in threads, for all to see"},
		{"view-outside-room", "to find people by name", "people have to be mentioned with @"},
		{"view-full-other-user-info", "to tell guests and other bots from the people of the workspace",
			"guests see every incident that is not private, and what other bots write is taken for commands"},
		{"add-user-to-joined-room", "to bring people into the room of an incident", "people have to be invited by hand"},
		{"pin-message", "to pin the status card", "the status card is not pinned"},
		{"edit-room", "to set topic and announcement of rooms that others made", "these rooms keep their topic"},
		{"archive-room", "to archive the room of an incident when that is closed", "rooms have to be archived by hand"},
		{"unarchive-room", "to open it again when the incident is opened again", "rooms have to be opened again by hand"},
		{"bypass-time-limit-edit-and-delete", "to keep the status card up to date for longer than people may edit",
			"the status card stops following after a while, if the server limits editing"},
	}
	switch c.Rooms {
	case RoomsDiscussion:
		all = append(all, need{"start-discussion", "to make discussions", "no discussion can be made for an incident"})
		fallthrough
	case RoomsChannel, "":
		all = append(all, need{"create-c", "to make channels", "no channel can be made for an incident"})
	}
	return append(all, need{"create-p", "to make private rooms", "no private room can be made for an incident"})
}
