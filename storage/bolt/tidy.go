package bolt

import (
	"bytes"
	"time"
)

// A tidier removes keys whose time is over. It goes round and round through the buckets of such keys, a few keys with every
// commit: more than the commit can have added, so that it comes round, and so few that nobody waits for it.
type tidier struct {
	next map[bucket][]byte // where to go on
}

func newTidier() *tidier { return &tidier{next: map[bucket][]byte{}} }

func (t *tidier) tidy(b *batch) error {
	now := b.store.clock()
	for _, of := range []bucket{inSeen, inValues} {
		var over [][]byte
		looked, limit := 0, b.taken+8
		from := t.next[of]
		t.next[of] = nil
		for k, v := range b.file.scan(of, nil, from) {
			if looked == limit {
				t.next[of] = bytes.Clone(k)
				break
			}
			if looked++; b.isOver(of, v, now) {
				over = append(over, bytes.Clone(k))
			}
		}
		for _, k := range over {
			if err := b.file.delete(of, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// isOver says that nobody needs a value any more. One that cannot be read is left for Verify to find.
func (b *batch) isOver(of bucket, stored []byte, now time.Time) bool {
	if of == inValues {
		until, _, err := cutTime(stored)
		return err == nil && !until.After(now)
	}
	id, at, _, err := decodeSeen(stored)
	if err != nil {
		return false
	}
	if id == 0 {
		return !at.Add(keptFor).After(now)
	}
	end, _, err := decodeTip(b.file.get(inHeads, incidentKey(id)))
	return err == nil && !end.closed.IsZero() && !end.closed.Add(keptFor).After(now)
}
