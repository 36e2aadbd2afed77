package incident_test

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"boswell/incident"
)

// checkRefusal fails unless err is a Refusal that a person can read: not empty, and not as long as what they typed.
func checkRefusal(t *testing.T, text string, err error) {
	t.Helper()
	var refusal incident.Refusal
	if !errors.As(err, &refusal) || refusal.Text == "" {
		t.Fatalf("%q failed with %v, which is no refusal", text, err)
	}
	if len(refusal.Text) > 1000 || !utf8.ValidString(refusal.Text) {
		t.Fatalf("%q was refused with %q", text, refusal.Text)
	}
}

func fuzzZone(name string) incident.Zone {
	z, err := incident.ParseZone(name)
	if err != nil {
		return incident.Zone{}
	}
	return z
}

// inYears reports whether m can be typed in UTC too: at the ends of the years that can, only some zones reach it.
func inYears(m incident.Moment) bool {
	return !m.Known() || m.Start.Year() >= 1980 && m.Start.Year() <= 2199 && m.End.Year() <= 2199
}

func FuzzReadMoment(f *testing.F) {
	for _, text := range []string{
		"14:05", "~14:05:30", "23:35:26~23:36:50", "5:06 pm", "?", "yesterday at 22:16", "monday 14:00", "2024-03-10 02:30",
		"2019-11-21T23:35:26.5+02:00", "Thu, 21 Nov 2019 23:35:26 GMT", "9 Sept – 16 September 2021", "14:05 new york",
		"2h30m ago", "half an hour ago", "2024-11-03 01:30~01:45", "29 feb", "03/04/2020", "14:05-15:10", "25:61", "now ~ now",
	} {
		f.Add(text, "America/New_York")
		f.Add(text, "UTC+02:00")
	}
	f.Fuzz(func(t *testing.T, text, zone string) {
		z := fuzzZone(zone)
		r, err := incident.ReadMoment(text, typedAt, z)
		if err != nil {
			checkRefusal(t, text, err)
			return
		}
		if again, err := incident.ReadMoment(text, typedAt, z); err != nil || again != r {
			t.Fatalf("%q was read as %+v, then as %+v (%v)", text, r, again, err)
		}
		m := r.Moment
		if !m.End.IsZero() && !m.Start.Before(m.End) {
			t.Fatalf("%q ends at %s and begins at %s", text, m.End, m.Start)
		}
		if iso, err := incident.ReadMoment(typedForm(m), typedAt, z); inYears(m) && (err != nil || !iso.Moment.Equal(m)) {
			t.Fatalf("%q is %s, which was read as %s (%v)", text, typedForm(m), typedForm(iso.Moment), err)
		}
		stored, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back incident.Moment
		if err := json.Unmarshal(stored, &back); err != nil || back != m {
			t.Fatalf("%q is stored as %s, which reads as %+v (%v)", text, stored, back, err)
		}
		if err := incident.CheckPlausible(r, typedAt, z); err != nil {
			checkRefusal(t, text, err)
		}
	})
}

func FuzzReadDate(f *testing.F) {
	for _, text := range []string{
		"2020/04/18", "26/11/2019", "Sept 2021", "March 3rd", "2021-09-09 – 2021-09-16", "9 Sept to 16 Sept 2021", "today", "monday",
		"3 days ago", "03/04/2020", "2020-02-30", "friday 2024-03-21", "29 feb",
	} {
		f.Add(text, "Asia/Tokyo")
	}
	f.Fuzz(func(t *testing.T, text, zone string) {
		z := fuzzZone(zone)
		d, err := incident.ReadDate(text, typedAt, z)
		if err != nil {
			checkRefusal(t, text, err)
			return
		}
		if again, err := incident.ReadDate(text, typedAt, z); err != nil || again != d {
			t.Fatalf("%q was read as %+v, then as %+v (%v)", text, d, again, err)
		}
		if d.From.IsZero() || !d.To.IsZero() && d.From.Compare(d.To) >= 0 {
			t.Fatalf("%q goes from %s to %s", text, d.From, d.To)
		}
		iso := d.From.String()
		if !d.To.IsZero() {
			iso += " – " + d.To.String()
		}
		if back, err := incident.ReadDate(iso, typedAt, z); err != nil || back.From != d.From || back.To != d.To {
			t.Fatalf("%q is %s, which was read as %s to %s (%v)", text, iso, back.From, back.To, err)
		}
	})
}

func FuzzParseZone(f *testing.F) {
	for _, text := range []string{"Europe/Paris", "new york", "UTC+2", "-0600", "CST", "gmt0", "eastern", "Etc/GMT+3", "z", "pariss", "+99:99"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		z, err := incident.ParseZone(text)
		if err != nil {
			checkRefusal(t, text, err)
			return
		}
		if again, err := incident.ParseZone(z.Name); err != nil || again != z {
			t.Fatalf("%q is %q, which is %q (%v)", text, z.Name, again.Name, err)
		}
		if got := z.Location().String(); got != z.Name {
			t.Fatalf("%q is in %s, called %s", text, z.Name, got)
		}
	})
}
