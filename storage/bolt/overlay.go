package bolt

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
)

// An overlay is what one transaction wrote, over what it found. Nothing of it reaches the file before flush.
type overlay struct {
	*committed
	// writes holds nil for a key that was deleted.
	writes [bucketCount]map[string][]byte
	bytes  int
}

func (o *overlay) put(b bucket, key, value []byte) error {
	if len(key) == 0 || len(key) > bbolt.MaxKeySize {
		return fmt.Errorf("a key of %d bytes in %s: want 1 to %d", len(key), bucketNames[b], bbolt.MaxKeySize)
	}
	if value == nil {
		value = []byte{}
	}
	o.write(b, key, value)
	return nil
}

func (o *overlay) delete(b bucket, key []byte) { o.write(b, key, nil) }

func (o *overlay) write(b bucket, key, value []byte) {
	if o.writes[b] == nil {
		o.writes[b] = make(map[string][]byte, 4)
	}
	o.writes[b][string(key)] = value
	o.bytes += len(key) + len(value)
}

func (o *overlay) get(b bucket, key []byte) []byte {
	if v, ok := o.writes[b][string(key)]; ok {
		return v
	}
	return o.committed.get(b, key)
}

// scan merges what was written with what was found. A key that the caller changes before the scan gets there comes as it then
// is; one that it adds meanwhile does not come.
func (o *overlay) scan(b bucket, prefix, from []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		added := o.added(b, prefix, from)
		emit := func(k string, v []byte) bool {
			if written, ok := o.writes[b][k]; ok {
				v = written
			}
			return v == nil || yield([]byte(k), v)
		}
		for k, v := range o.committed.scan(b, prefix, from) {
			for len(added) > 0 && added[0] < string(k) {
				if !emit(added[0], nil) {
					return
				}
				added = added[1:]
			}
			if !emit(string(k), v) {
				return
			}
		}
		for _, k := range added {
			if !emit(k, nil) {
				return
			}
		}
	}
}

// added are the written keys of a range that the file does not have, in ascending order.
func (o *overlay) added(b bucket, prefix, from []byte) []string {
	var keys []string
	for k, v := range o.writes[b] {
		if v != nil && strings.HasPrefix(k, string(prefix)) && k >= string(from) && o.committed.get(b, []byte(k)) == nil {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

func (o *overlay) last(b bucket, prefix []byte) []byte {
	var best []byte
	if added := o.added(b, prefix, nil); len(added) > 0 {
		best = []byte(added[len(added)-1])
	}
	for k := range o.backwards(b, prefix) {
		if bytes.Compare(k, best) <= 0 {
			break
		}
		if v, written := o.writes[b][string(k)]; !written || v != nil {
			return k
		}
	}
	return best
}

// flush hands the writes to the file's transaction.
func (o *overlay) flush() error {
	for b, writes := range o.writes {
		for _, k := range slices.Sorted(maps.Keys(writes)) {
			if err := o.apply(bucket(b), k, writes[k]); err != nil {
				return fmt.Errorf("%s: %w", bucketNames[b], err)
			}
		}
	}
	return nil
}

func (o *overlay) apply(b bucket, key string, value []byte) error {
	if value == nil {
		return o.committed.delete(b, []byte(key))
	}
	return o.committed.put(b, []byte(key), value)
}

func (o *overlay) empty() bool {
	return !slices.ContainsFunc(o.writes[:], func(w map[string][]byte) bool { return len(w) > 0 })
}
