package storage

import "boswell/chat"

// LaneOf is the lane of what is done in a room, whoever promises it: people read it in the order in which it was promised.
func LaneOf(room chat.Place) string { return string(room.Platform) + "|" + string(room.Channel) }

// CatchUpLane is the lane in which a room is read back, beside what is said there.
func CatchUpLane(room chat.Place) string { return "catch up|" + LaneOf(room) }
