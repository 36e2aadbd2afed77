package incident

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// A Hash names the head of a chain of records.
type Hash [sha256.Size]byte

// String is the hash in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes the hash in hexadecimal.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hash) UnmarshalText(text []byte) error { return unhex(h[:], text) }

// A Salt keeps erased contents from being guessed from what remains of them. It is random.
type Salt [16]byte

func unhex(into, text []byte) error {
	if hex.DecodedLen(len(text)) != len(into) {
		return fmt.Errorf("want %d hexadecimal digits, have %d", hex.EncodedLen(len(into)), len(text))
	}
	_, err := hex.Decode(into, text)
	return err
}

// A Record is an event as the log keeps it.
type Record struct {
	Incident ID
	Seq      uint64    // position in this incident's log, from 1
	At       time.Time // when it was recorded
	By       PersonID  // who caused it; empty is the bot itself
	Cause    string    // key of the delivery, or of the effect, that caused it
	Prev     Hash      // hash of the record before it; zero for the first
	Event    Event
}

// ErrTampered says that the contents of a stored record are not those that were recorded.
var ErrTampered = errors.New("the contents do not match their digest")

// Seal writes a record as it is stored: three lines that a person can read, header, salt and contents, the first and the
// last in JSON. The hash is over the bytes of the header and is the Prev of the next record.
func Seal(r Record, salt Salt) (stored []byte, sum Hash, err error) {
	data, err := marshal(r.Event)
	if err != nil {
		return nil, Hash{}, fmt.Errorf("record %d of %s: %w", r.Seq, r.Incident, err)
	}
	saltText := hex.AppendEncode(make([]byte, 0, hex.EncodedLen(len(salt))), salt[:])
	h := header{r.Incident, r.Seq, r.At.UTC(), r.By, r.Cause, r.Event.kind(), r.Prev, digest(saltText, data)}
	stored = make([]byte, 0, headerRoom+len(r.By)+len(r.Cause)+len(saltText)+len(data))
	if stored, err = h.appendTo(stored); err != nil {
		return nil, Hash{}, fmt.Errorf("record %d of %s: %w", r.Seq, r.Incident, err)
	}
	sum = sha256.Sum256(stored)
	stored = append(append(stored, '\n'), saltText...)
	return append(append(stored, '\n'), data...), sum, nil
}

// Unseal reads a stored record and its hash. Contents that were erased come back as Erased; contents that do not match
// their digest are ErrTampered. Which record it was to be, the caller knows and says.
func Unseal(stored []byte) (Record, Hash, error) {
	head, body, whole := bytes.Cut(stored, []byte{'\n'})
	var h header
	if err := json.Unmarshal(head, &h); err != nil {
		return Record{}, Hash{}, fmt.Errorf("header of a record: %w", err)
	}
	r := Record{Incident: h.Incident, Seq: h.Seq, At: h.At, By: h.By, Cause: h.Cause, Prev: h.Prev}
	if !whole {
		r.Event = Erased{Kind: h.Kind}
		return r, sha256.Sum256(head), nil
	}
	event, err := unsealEvent(h, body)
	if err != nil {
		return Record{}, Hash{}, err
	}
	r.Event = event
	return r, sha256.Sum256(head), nil
}

func unsealEvent(h header, body []byte) (Event, error) {
	salt, data, _ := bytes.Cut(body, []byte{'\n'})
	if digest(salt, data) != h.Digest {
		return nil, ErrTampered
	}
	return decode(h.Kind, data)
}

// EraseSealed is a stored record without its contents. Its hash is the same.
func EraseSealed(stored []byte) []byte {
	head, _, _ := bytes.Cut(stored, []byte{'\n'})
	return bytes.Clone(head)
}

func digest(salt, data []byte) Hash {
	h := sha256.New()
	h.Write(salt)
	h.Write(data)
	return Hash(h.Sum(nil))
}

func decode(kind string, data []byte) (Event, error) {
	t, ok := kinds[kind]
	if !ok {
		return nil, fmt.Errorf("unknown kind of event %q", kind)
	}
	v := reflect.New(t)
	if err := json.Unmarshal(data, v.Interface()); err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	return v.Elem().Interface().(Event), nil
}

// marshal writes JSON in one line, with < > & as they are, since people read it.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
