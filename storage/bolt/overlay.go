package bolt

import (
	"bytes"
	"fmt"
	"iter"
	"slices"

	"go.etcd.io/bbolt"
)

// An overlay is what one transaction wrote, over what it found. Nothing of it reaches the file before flush.
type overlay struct {
	*committed
	// writes are the values by bucket and key; nil is a key that was deleted.
	writes map[string][]byte
	bytes  int
	name   []byte // of the write that was looked up last, kept for its room
}

// written is what the transaction made of a key, if it wrote it.
func (o *overlay) written(b bucket, key []byte) (value []byte, ok bool) {
	o.name = append(append(o.name[:0], byte(b)), key...)
	value, ok = o.writes[string(o.name)]
	return value, ok
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
	if o.writes == nil {
		o.writes = make(map[string][]byte, 8)
	}
	o.name = append(append(o.name[:0], byte(b)), key...)
	o.writes[string(o.name)] = value
	o.bytes += len(key) + len(value)
}

func (o *overlay) get(b bucket, key []byte) []byte {
	if v, ok := o.written(b, key); ok {
		return v
	}
	return o.committed.get(b, key)
}

// scan merges what was written with what was found. A key that the caller changes before the scan gets there comes as it then
// is; one that it adds meanwhile does not come.
func (o *overlay) scan(b bucket, prefix, from []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		added := o.added(b, prefix, from)
		emit := func(k, v []byte) bool {
			if written, ok := o.written(b, k); ok {
				v = written
			}
			return v == nil || yield(k, v)
		}
		for k, v := range o.committed.scan(b, prefix, from) {
			for len(added) > 0 && bytes.Compare(added[0], k) < 0 {
				if !emit(added[0], nil) {
					return
				}
				added = added[1:]
			}
			if !emit(k, v) {
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
func (o *overlay) added(b bucket, prefix, from []byte) [][]byte {
	var keys [][]byte
	for name, v := range o.writes {
		k := []byte(name[1:])
		if v != nil && name[0] == byte(b) && bytes.HasPrefix(k, prefix) && bytes.Compare(k, from) >= 0 && o.committed.get(b, k) == nil {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, bytes.Compare)
	return keys
}

func (o *overlay) last(b bucket, prefix []byte) []byte {
	var best []byte
	if added := o.added(b, prefix, nil); len(added) > 0 {
		best = added[len(added)-1]
	}
	for k := range o.backwards(b, prefix) {
		if bytes.Compare(k, best) <= 0 {
			break
		}
		if v, written := o.written(b, k); !written || v != nil {
			return k
		}
	}
	return best
}

// flush hands the writes to the file's transaction.
func (o *overlay) flush() error {
	for name, v := range o.writes {
		if err := o.apply(bucket(name[0]), []byte(name[1:]), v); err != nil {
			return fmt.Errorf("%s: %w", bucketNames[name[0]], err)
		}
	}
	return nil
}

func (o *overlay) apply(b bucket, key, value []byte) error {
	if value == nil {
		return o.committed.delete(b, key)
	}
	return o.committed.put(b, key, value)
}

// reset forgets the writes. The room of a few is kept for the next ones.
func (o *overlay) reset() {
	if len(o.writes) > 64 {
		o.writes = nil
	}
	clear(o.writes)
	o.bytes = 0
}

func (o *overlay) empty() bool { return len(o.writes) == 0 }
