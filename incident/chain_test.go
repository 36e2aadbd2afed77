package incident_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"boswell/incident"
)

// TestAnyFlippedByteShows changes each byte of stored records in several ways. The record no longer reads, or its hash is no
// longer the one that the next record names.
func TestAnyFlippedByteShows(t *testing.T) {
	for n, stored := range storedSamples(t) {
		_, sum, err := incident.Unseal(stored)
		if err != nil {
			t.Fatal(err)
		}
		for i := range stored {
			for _, flip := range []byte{0x01, 0x04, 0x20, 0x80, 0xff} {
				broken := bytes.Clone(stored)
				broken[i] ^= flip
				if r, got, err := incident.Unseal(broken); err == nil && got == sum {
					t.Fatalf("record %d: byte %d turned from %q into %q still reads, as %#v", n+1, i, stored[i], broken[i], r)
				}
			}
		}
	}
}

func TestChangedContentsAreTampered(t *testing.T) {
	stored, sum := sealedSample(t, 0, incident.Hash{})
	broken := bytes.Replace(stored, []byte("stands open"), []byte("is shut now"), 1)
	if _, _, err := incident.Unseal(broken); !errors.Is(err, incident.ErrTampered) {
		t.Errorf("error %v", err)
	}
	lines := bytes.Split(stored, []byte("\n"))
	for name, broken := range map[string][]byte{
		"without a salt":         append(append(bytes.Clone(lines[0]), "\n\n"...), lines[2]...),
		"without contents":       bytes.Join(lines[:2], []byte("\n")),
		"with an empty body":     append(bytes.Clone(lines[0]), '\n'),
		"with contents appended": append(bytes.Clone(stored), ' '),
		"with another's salt":    bytes.Replace(stored, lines[1], bytes.Repeat([]byte("0"), len(lines[1])), 1),
	} {
		if _, _, err := incident.Unseal(broken); !errors.Is(err, incident.ErrTampered) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if again, got, err := incident.Unseal(stored); err != nil || got != sum || again.Prev != (incident.Hash{}) {
		t.Errorf("unharmed: hash %s, want %s; error %v", got, sum, err)
	}
}

func TestErasingKeepsTheChain(t *testing.T) {
	j := furnished(t)
	secret := []byte("bone dry")
	text := string(secret)
	j.must("p-ines")(j.in.Edit("e1", &text, nil))
	j.note(incident.Note{Text: "the crew leaves"})
	prev, erased := incident.Hash{}, 0
	in := incident.New(7)
	for n, stored := range j.stored {
		whole, sum, err := incident.Unseal(stored)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(stored, secret) {
			stored = incident.EraseSealed(stored)
			erased++
		}
		r, sumNow, err := incident.Unseal(stored)
		if err != nil || sumNow != sum || r.Prev != prev {
			t.Fatalf("record %d: error %v, hash kept %v, chained %v", n+1, err, sumNow == sum, r.Prev == prev)
		}
		if e, ok := r.Event.(incident.Erased); ok && (e.Kind != incident.Kind(whole.Event) || r.By != whole.By || !r.At.Equal(whole.At)) {
			t.Errorf("erased %#v and kept %#v", whole, r)
		}
		in.Apply(r)
		prev = sumNow
	}
	if erased != 1 || shows(t, in, text) || in.Head != uint64(len(j.stored)) || len(in.Timeline()) != len(j.in.Timeline()) {
		t.Errorf("erased %d, head %d of %d, timeline %q", erased, in.Head, len(j.stored), texts(in))
	}
	if once := incident.EraseSealed(j.stored[0]); !bytes.Equal(once, incident.EraseSealed(once)) {
		t.Error("erasing twice is not erasing once")
	}
}

func TestUnsealRefusesWhatIsNoRecord(t *testing.T) {
	stored, _ := sealedSample(t, 0, incident.Hash{})
	for _, broken := range []string{"", "{", "[]", "{}{}", "\n\n", "not json\n00\n{}",
		strings.Replace(string(stored), `"opened"`, `"opening"`, 1),
		strings.Replace(string(stored), `"prev":"00`, `"prev":"0`, 1),
		strings.Replace(string(stored), `"prev":"00`, `"prev":"zz`, 1),
	} {
		if r, _, err := incident.Unseal([]byte(broken)); err == nil {
			t.Errorf("%.60q was read as %#v", broken, r)
		}
	}
}

func TestSealRefusesATimeThatCannotBeWritten(t *testing.T) {
	for name, r := range map[string]incident.Record{
		"of the record": {Incident: 7, Seq: 3, At: time.Unix(1<<50, 0), Event: incident.Closed{}},
		"of the event":  {Incident: 7, Seq: 3, At: typedAt, Event: incident.PublishedSet{At: time.Unix(1<<50, 0)}},
	} {
		if _, _, err := incident.Seal(r, incident.Salt{}); err == nil || !strings.Contains(err.Error(), "record 3 of INC-7") {
			t.Errorf("the time %s: error %v", name, err)
		}
	}
}

func FuzzUnseal(f *testing.F) {
	for n := range samples {
		stored, _ := sealedSample(f, n, incident.Hash{})
		f.Add(stored)
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		r, sum, err := incident.Unseal(stored)
		if err != nil {
			return
		}
		if _, sumErased, err := incident.Unseal(incident.EraseSealed(stored)); err != nil || sumErased != sum {
			t.Fatalf("erased, the hash is %s and was %s; error %v", sumErased, sum, err)
		}
		in := incident.New(r.Incident)
		in.Apply(r)
		viewsOf(in)
	})
}
