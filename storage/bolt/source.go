package bolt

import (
	"bytes"
	"iter"

	"go.etcd.io/bbolt"
)

// A source is something to read keys from. The bytes it gives are those of the store: they are not changed, and are gone
// with the transaction.
type source interface {
	// get is the value of a key, or nil.
	get(b bucket, key []byte) []byte
	// scan gives the keys that begin with prefix and are not before from, in ascending order.
	scan(b bucket, prefix, from []byte) iter.Seq2[[]byte, []byte]
	// last is the greatest key that begins with prefix, or nil.
	last(b bucket, prefix []byte) []byte
	// sequence is the last number that the bucket gave out.
	sequence(b bucket) uint64
}

// logFill is how full a page of records is left when it overflows. A log grows only at its end: what a page has free then
// stays free, but for the pages above, where the logs of all incidents grow side by side.
const logFill = 0.9

// committed reads, and within a batch writes, the bbolt file.
type committed struct {
	tx      *bbolt.Tx
	open    [bucketCount]*bbolt.Bucket
	lookups [bucketCount]*bbolt.Cursor
}

func newCommitted(tx *bbolt.Tx) *committed { return &committed{tx: tx} }

func (c *committed) bucket(b bucket) *bbolt.Bucket {
	if c.open[b] == nil {
		c.open[b] = c.tx.Bucket([]byte(bucketNames[b]))
		if b == inEvents {
			c.open[b].FillPercent = logFill
		}
	}
	return c.open[b]
}

// get looks a key up as bbolt's Get does, with a cursor that is kept for the next look.
func (c *committed) get(b bucket, key []byte) []byte {
	if c.lookups[b] == nil {
		c.lookups[b] = c.bucket(b).Cursor()
	}
	k, v := c.lookups[b].Seek(key)
	if !bytes.Equal(k, key) {
		return nil
	}
	return v
}

func (c *committed) sequence(b bucket) uint64 { return c.bucket(b).Sequence() }

func (c *committed) scan(b bucket, prefix, from []byte) iter.Seq2[[]byte, []byte] {
	start := prefix
	if bytes.Compare(from, prefix) > 0 {
		start = from
	}
	return func(yield func(k, v []byte) bool) {
		cursor := c.bucket(b).Cursor()
		for k, v := cursor.Seek(start); k != nil && bytes.HasPrefix(k, prefix); k, v = cursor.Next() {
			if !yield(k, v) {
				return
			}
		}
	}
}

func (c *committed) last(b bucket, prefix []byte) []byte {
	for k := range c.backwards(b, prefix) {
		return k
	}
	return nil
}

// backwards gives the keys that begin with prefix in descending order.
func (c *committed) backwards(b bucket, prefix []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		cursor := c.bucket(b).Cursor()
		var k, v []byte
		if end := after(prefix); end == nil {
			k, v = cursor.Last()
		} else if k, _ = cursor.Seek(end); k == nil {
			k, v = cursor.Last()
		} else {
			k, v = cursor.Prev()
		}
		for ; k != nil && bytes.HasPrefix(k, prefix); k, v = cursor.Prev() {
			if !yield(k, v) {
				return
			}
		}
	}
}

func (c *committed) put(b bucket, key, value []byte) error { return c.bucket(b).Put(key, value) }

func (c *committed) delete(b bucket, key []byte) error { return c.bucket(b).Delete(key) }

func (c *committed) setSequence(b bucket, n uint64) error { return c.bucket(b).SetSequence(n) }
