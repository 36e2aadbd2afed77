package incident_test

import (
	"reflect"
	"testing"
	"time"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestApplyIsTotal(t *testing.T) { rapid.Check(t, anyLog) }

func FuzzApplyIsTotal(f *testing.F) { f.Fuzz(rapid.MakeFuzz(anyLog)) }

// anyLog applies events that no decision ever yields, in any order: handles of nothing, entries behind each other, times of
// no year. Whatever comes of it can be looked at, asked, undone and snapshot.
func anyLog(t *rapid.T) {
	in := incident.New(7)
	for seq := range uint64(rapid.IntRange(1, 40).Draw(t, "records")) {
		snapshot := in.Clone()
		before := viewsOf(snapshot)
		in.Apply(incident.Record{Incident: 7, Seq: seq + 1, At: drawnTime.Draw(t, "at"), Event: drawEvent(t),
			By:    rapid.SampledFrom([]incident.PersonID{"", "p-ines", "p-tariq"}).Draw(t, "by"),
			Cause: rapid.SampledFrom([]string{"", "harbour|D-1", "harbour|D-2"}).Draw(t, "cause")})
		checkTimeline(t, in)
		if diff := diffViews(before, viewsOf(snapshot)); diff != "" {
			t.Fatalf("a snapshot was changed (-was +is):\n%s", diff)
		}
	}
	viewsOf(in)
	askAnything(t, in)
}

// askAnything fails if an answer is an error that people cannot be shown. Its words may quote the nonsense of the log.
func askAnything(t *rapid.T, in *incident.Incident) {
	for _, d := range decisions {
		if _, err := d.draw(t, typedAt)(in); err != nil {
			checkShown(t, err)
		}
	}
	for _, id := range []string{"M-1", "M-2", ""} {
		in.Wants(inQuay(id))
		in.IsTagged(inQuay(id), incident.TagTimeline)
		if entry, ok := in.EntryOf(inQuay(id)); !ok && entry != "" {
			t.Fatalf("%q is no entry, and has the handle %s", id, entry)
		}
	}
	for _, p := range []incident.PersonID{"", "p-ines", "p-tariq"} {
		if _, _, err := in.Undo(p); err != nil {
			checkShown(t, err)
		}
	}
}

// drawEvent is an event of any kind with any contents.
func drawEvent(t *rapid.T) incident.Event {
	v := reflect.New(reflect.TypeOf(rapid.SampledFrom(samples).Draw(t, "kind"))).Elem()
	fill(t, v)
	return v.Interface().(incident.Event)
}

// drawnWord is what may stand in any field of any event, where it belongs and where it does not.
var drawnWord = rapid.SampledFrom([]string{"", "e1", "e2", "e3", "e", "e99999999999999999999", "e-1", "ß1", "c1", "l1", "a1", "p-ines", "p-tariq",
	"M-1", "M-2", "C-quay", "harbour", "timeline", "supporting", "pin", "words", "shortcut", "reaction:📌", "title", "impact", "status",
	"front.cover", "commander", "scribe", "DETECTED", "OUTAGE BEGINS", "sev1", "day", "minute", "fortnight", "open", "closed", "cancelled",
	"Europe/Lisbon", "Moon/Base", "\xff", "two\nlines"})

// fill sets any value of a type that events are made of.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(drawnWord.Draw(t, "word"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(rapid.IntRange(-1, 3).Draw(t, "int")))
	case reflect.Uint64:
		v.SetUint(rapid.Uint64Range(0, 3).Draw(t, "uint"))
	case reflect.Slice:
		list := reflect.MakeSlice(v.Type(), rapid.IntRange(0, 3).Draw(t, "length"), 3)
		for i := range list.Len() {
			fill(t, list.Index(i))
		}
		v.Set(list)
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem())
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(rapid.SampledFrom([]time.Time{{}, typedAt, typedAt.Add(time.Hour), time.Unix(1<<55, 0)}).Draw(t, "time")))
			return
		}
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	default:
		t.Fatalf("fill a %s", v.Type())
	}
}

// TestEntriesBehindEachOtherStay gives two entries places that cannot be.
func TestEntriesBehindEachOtherStay(t *testing.T) {
	in := incident.New(7)
	in.Apply(incident.Record{Incident: 7, Seq: 1, At: typedAt, Event: incident.Noted{Entry: "e1", Text: "a", After: "e2"}})
	in.Apply(incident.Record{Incident: 7, Seq: 2, At: typedAt, Event: incident.Noted{Entry: "e2", Text: "b", After: "e1"}})
	in.Apply(incident.Record{Incident: 7, Seq: 3, At: typedAt, Event: incident.Noted{Entry: "e3", Text: "c", After: "e3"}})
	if diff := cmp.Diff([]string{"a", "b", "c"}, texts(in)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
