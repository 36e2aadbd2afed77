package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"

	"boswell/incident"
	"boswell/storage"
)

// bucket is one of the buckets that the package comment describes.
type bucket int

const (
	inMeta bucket = iota
	inEvents
	inHeads
	inRooms
	inLinked
	inFiles
	inSeen
	inValues
	inOutbox
	inOutboxKeys
	inDue
	inDueKeys
	inCovered
	inPeople
	bucketCount
)

var bucketNames = [bucketCount]string{
	"meta", "events", "heads", "rooms", "linked", "files", "seen", "values", "outbox", "outbox_keys",
	"due", "due_keys", "covered", "people",
}

const (
	numberSize = 8
	timeSize   = 12
	hashSize   = 32
)

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func incidentKey(id incident.ID) []byte { return number(uint64(id)) }

func recordKey(id incident.ID, seq uint64) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 2*numberSize), uint64(id))
	return binary.BigEndian.AppendUint64(b, seq)
}

func appendTime(b []byte, t time.Time) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(t.Unix())^1<<63)
	return binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))
}

func cutTime(b []byte) (t time.Time, rest []byte, err error) {
	if len(b) < timeSize {
		return time.Time{}, nil, fmt.Errorf("%w: a time has %d bytes", storage.ErrDamaged, len(b))
	}
	seconds := int64(binary.BigEndian.Uint64(b) ^ 1<<63)
	return time.Unix(seconds, int64(binary.BigEndian.Uint32(b[numberSize:]))).UTC(), b[timeSize:], nil
}

func cutNumber(b []byte) (n uint64, rest []byte, err error) {
	if len(b) < numberSize {
		return 0, nil, fmt.Errorf("%w: a number has %d bytes", storage.ErrDamaged, len(b))
	}
	return binary.BigEndian.Uint64(b), b[numberSize:], nil
}

func roomKey(r incident.RoomID) []byte {
	var b []byte
	for _, part := range []string{r.Platform, r.Channel, r.Thread} {
		b = append(binary.AppendUvarint(b, uint64(len(part))), part...)
	}
	return b
}

func cutRoom(b []byte) (r incident.RoomID, rest []byte, err error) {
	for _, part := range []*string{&r.Platform, &r.Channel, &r.Thread} {
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)-n) {
			return r, nil, fmt.Errorf("%w: the name of a room is cut short", storage.ErrDamaged)
		}
		*part = string(b[n : n+int(size)])
		b = b[n+int(size):]
	}
	return r, b, nil
}

// A link is an incident's claim to a room since a time.
type link struct {
	room incident.RoomID
	at   time.Time
	id   incident.ID
}

func (l link) key() []byte {
	return binary.BigEndian.AppendUint64(appendTime(roomKey(l.room), l.at), uint64(l.id))
}

func parseLink(key []byte) (l link, err error) {
	rest := key
	if l.room, rest, err = cutRoom(rest); err != nil {
		return l, err
	}
	if l.at, rest, err = cutTime(rest); err != nil {
		return l, err
	}
	n, _, err := cutNumber(rest)
	l.id = incident.ID(n)
	return l, err
}

// fileKey is the reference of a record to a file; it reports false for a hash that this store cannot have given.
func fileKey(hash string, id incident.ID, seq uint64) ([]byte, bool) {
	sum, ok := parseHash(hash)
	if !ok {
		return nil, false
	}
	return append(sum, recordKey(id, seq)...), true
}

// parseHash reads the name of a file: 64 hexadecimal digits in lower case, and nothing that could lead out of the folder.
func parseHash(hash string) ([]byte, bool) {
	sum, err := hex.DecodeString(hash)
	return sum, err == nil && len(sum) == hashSize && hex.EncodeToString(sum) == hash
}

// after is the first key that is greater than every key with this prefix; nil if there is none.
func after(prefix []byte) []byte {
	next := bytes.Clone(prefix)
	for i := len(next) - 1; i >= 0; i-- {
		if next[i]++; next[i] != 0 {
			return next[:i+1]
		}
	}
	return nil
}
