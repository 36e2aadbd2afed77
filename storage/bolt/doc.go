// Package bolt keeps incidents in one folder: boswell.db, a bbolt file, and files/ beside it.
//
// The invariant: a caller of Do hears its answer only after an fsync that covers everything its transaction saw and wrote,
// and whatever a record implies (heads, links of rooms, references to files) changes in the same commit as the record.
//
// # Writing
//
// One goroutine writes. Every call of Do that arrives while a commit is under way, or while the transactions of the next one
// still run, shares the next one. A transaction buffers its writes and hands them to the commit only when it succeeds, so a
// refusal does not hurt its neighbours; a batch in which nothing was written is not committed at all. A commit that fails
// takes back every transaction in it and tells all their callers. The file is mapped with room to grow, so reading, however
// slow, never holds a commit up.
//
// # Buckets
//
// Numbers are big-endian. A time is 12 bytes: seconds since 1970 with the sign bit flipped, then nanoseconds, so that times
// sort as bytes. A room is its platform, channel and thread, each behind its length as a uvarint.
//
//	bucket       key                        value
//	meta         "schema"                   the number of the layout, in decimal
//	events       incident 8, seq 8          a sealed record
//	heads        incident 8                 tip: seq 8, erased 8, hash 32, time of the last record, time
//	                                        of closing or zero; then the summary in JSON
//	rooms        room, time, incident 8     nothing: a live incident has the room since then
//	linked       room, time, incident 8     nothing: an incident took the room then, whatever came after
//	files        SHA-256 32, incident, seq  nothing: the record names the file
//	seen         key of a command           incident 8 or 0, time of storing, outcome in JSON
//	values       key                        time until which it is kept, value
//	outbox       effect 8                   what is owed, in JSON
//	outbox_keys  key of an effect           effect 8
//	due          time, key                  what is due then, in JSON
//	due_keys     key of what is due         time
//	covered      room                       time until which it was read
//	people       person                     the person, in JSON
//
// The sequences of heads and outbox are the last numbers that were given out.
package bolt
