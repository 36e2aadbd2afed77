package bolt

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"
)

// errTakenBack ends a transaction that a test does not want to keep.
var errTakenBack = errors.New("taken back")

// TestOverlay compares an overlay over a bucket with a map, and the bucket after flush with the same map.
func TestOverlay(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	key := rapid.StringOfN(rapid.SampledFrom([]rune("ab\x00")), 1, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		err := s.db.Update(func(tx *bbolt.Tx) error {
			file, model := newCommitted(tx), map[string]string{}
			for k, v := range rapid.MapOf(key, key).Draw(t, "committed") {
				model[k] = v
				if err := file.put(inValues, []byte(k), []byte(v)); err != nil {
					return err
				}
			}
			o := &overlay{committed: file}
			for range rapid.IntRange(0, 8).Draw(t, "writes") {
				k := key.Draw(t, "key")
				if rapid.Bool().Draw(t, "delete") {
					o.delete(inValues, []byte(k))
					delete(model, k)
					continue
				}
				model[k] = key.Draw(t, "value")
				if err := o.put(inValues, []byte(k), []byte(model[k])); err != nil {
					return err
				}
			}
			prefix, from := key.Draw(t, "prefix")[:1], key.Draw(t, "from")
			compareSource(t, o, model, prefix, from)
			if err := o.flush(); err != nil {
				return err
			}
			compareSource(t, file, model, prefix, from)
			return errTakenBack
		})
		if !errors.Is(err, errTakenBack) {
			t.Fatal(err)
		}
	})
}

func compareSource(t *rapid.T, src source, model map[string]string, prefix, from string) {
	var want []string
	for _, k := range slices.Sorted(maps.Keys(model)) {
		if have := src.get(inValues, []byte(k)); string(have) != model[k] {
			t.Fatalf("%q is %q, want %q", k, have, model[k])
		}
		if strings.HasPrefix(k, prefix) {
			want = append(want, k)
		}
	}
	last := src.last(inValues, []byte(prefix))
	if len(want) == 0 && last != nil || len(want) > 0 && string(last) != want[len(want)-1] {
		t.Fatalf("the last of %q is %q, want the end of %q", prefix, last, want)
	}
	want = slices.DeleteFunc(want, func(k string) bool { return k < from })
	var have []string
	for k, v := range src.scan(inValues, []byte(prefix), []byte(from)) {
		have = append(have, string(k))
		if string(v) != model[string(k)] {
			t.Fatalf("%q comes as %q, want %q", k, v, model[string(k)])
		}
	}
	if !slices.Equal(have, want) {
		t.Fatalf("%q from %q is %q, want %q", prefix, from, have, want)
	}
}

// TestOverlayChangedWhileScanned changes keys that a scan has yet to reach.
func TestOverlayChangedWhileScanned(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	err := s.db.Update(func(tx *bbolt.Tx) error {
		o := &overlay{committed: newCommitted(tx)}
		for _, k := range []string{"a", "c", "e"} {
			if err := o.committed.put(inValues, []byte(k), []byte("old")); err != nil {
				return err
			}
		}
		if err := o.put(inValues, []byte("d"), []byte("old")); err != nil {
			return err
		}
		var seen []string
		for k, v := range o.scan(inValues, nil, nil) {
			seen = append(seen, string(k)+" "+string(v))
			if !bytes.Equal(k, []byte("a")) {
				continue
			}
			o.delete(inValues, []byte("c"))
			for _, later := range []string{"b", "d", "e"} {
				if err := o.put(inValues, []byte(later), []byte("new")); err != nil {
					return err
				}
			}
		}
		if want := []string{"a old", "d new", "e new"}; !slices.Equal(seen, want) {
			t.Errorf("the scan gave %q, want %q", seen, want)
		}
		for k := range o.scan(inValues, nil, nil) {
			if string(k) == "d" {
				break
			}
		}
		return errTakenBack
	})
	if !errors.Is(err, errTakenBack) {
		t.Fatal(err)
	}
}

func TestKeysThatCannotBeStored(t *testing.T) {
	o := &overlay{}
	for _, key := range []string{"", strings.Repeat("x", bbolt.MaxKeySize+1)} {
		if err := o.put(inSeen, []byte(key), nil); err == nil {
			t.Errorf("a key of %d bytes is taken", len(key))
		}
	}
}
