package zonename

import (
	"testing"
	"time"
	_ "time/tzdata" // zones load on a machine that has none
)

func load(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestLabelOfZone(t *testing.T) {
	const winter, summer = "2023-01-15T12:00:00Z", "2023-07-15T12:00:00Z"
	for _, c := range []struct{ zone, at, want string }{
		{"UTC", winter, "UTC"},
		{"Etc/UTC", winter, "UTC"},
		{"Zulu", winter, "UTC"},
		{"GMT", winter, "GMT"},
		{"Etc/GMT", winter, "GMT"},
		{"Greenwich", winter, "GMT"},
		{"Etc/GMT+5", winter, "UTC-05:00"},
		{"Etc/GMT-14", winter, "UTC+14:00"},

		{"America/Chicago", winter, "Central Standard Time, UTC-06:00"},
		{"America/Chicago", summer, "Central Daylight Time, UTC-05:00"},
		{"Europe/Berlin", summer, "Central European Summer Time, UTC+02:00"},
		{"America/St_Johns", winter, "Newfoundland Standard Time, UTC-03:30"},
		{"Asia/Kathmandu", winter, "Nepal Time, UTC+05:45"},
		{"Australia/Sydney", winter, "Australian Eastern Daylight Time, UTC+11:00"},

		// A zone that is an hour off Greenwich in summer has names of its own, or none.
		{"Europe/London", winter, "Greenwich Mean Time, UTC+00:00"},
		{"Europe/London", summer, "British Summer Time, UTC+01:00"},
		{"Europe/Dublin", winter, "Greenwich Mean Time, UTC+00:00"},
		{"Europe/Dublin", summer, "Irish Standard Time, UTC+01:00"},
		{"Africa/Abidjan", summer, "Greenwich Mean Time, UTC+00:00"},
		{"Antarctica/Troll", summer, "Antarctica/Troll, UTC+02:00"},

		// Old and new names of one zone.
		{"Asia/Kolkata", winter, "India Standard Time, UTC+05:30"},
		{"Asia/Calcutta", winter, "India Standard Time, UTC+05:30"},
		{"Europe/Kyiv", winter, "Eastern European Standard Time, UTC+02:00"},
		{"Europe/Kiev", summer, "Eastern European Summer Time, UTC+03:00"},
		{"US/Pacific", summer, "Pacific Daylight Time, UTC-07:00"},
		{"EST", summer, "Eastern Standard Time, UTC-05:00"},
		{"Cuba", summer, "Cuba Daylight Time, UTC-04:00"},

		// Names begin and end; the last minute before the change still has the old one.
		{"America/Indiana/Knox", "2006-04-02T06:59:59Z", "Eastern Standard Time, UTC-05:00"},
		{"America/Indiana/Knox", "2006-04-02T08:00:00Z", "Central Daylight Time, UTC-05:00"},
		{"Europe/Istanbul", "2016-09-06T20:59:59Z", "Eastern European Summer Time, UTC+03:00"},
		{"Europe/Istanbul", "2016-09-06T21:00:00Z", "Türkiye Standard Time, UTC+03:00"},
		{"Africa/Casablanca", "2018-10-28T01:59:59Z", "Western European Summer Time, UTC+01:00"},
		{"Africa/Casablanca", "2018-10-28T02:00:00Z", "Africa/Casablanca, UTC+01:00"},
		{"Europe/Kirov", "2014-10-25T21:00:00Z", "Europe/Kirov, UTC+04:00"},
		{"Europe/Kirov", "2014-10-25T22:00:00Z", "Moscow Standard Time, UTC+03:00"},
		{"Africa/Windhoek", "2010-01-15T12:00:00Z", "Africa/Windhoek, UTC+02:00"},
		{"Africa/Windhoek", "2010-07-15T12:00:00Z", "West Africa Time, UTC+01:00"},

		// Times that no incident has must not break the heading either.
		{"America/Chicago", "1880-01-01T00:00:00Z", "Central Standard Time, UTC-05:50:36"},
		{"America/Chicago", "9999-07-01T00:00:00Z", "America/Chicago, UTC-05:00"},
	} {
		if got := Label(load(t, c.zone), instant(t, c.at)); got != c.want {
			t.Errorf("Label(%s, %s) = %q, want %q", c.zone, c.at, got, c.want)
		}
	}
}

func TestLabelOfFixedOffset(t *testing.T) {
	for _, c := range []struct {
		loc  *time.Location
		want string
	}{
		{time.FixedZone("UTC+02:00", 2*3600), "UTC+02:00"},
		{time.FixedZone("+02:00", 2*3600), "UTC+02:00"},
		{time.FixedZone("UTC-03:30", -3*3600-30*60), "UTC-03:30"},
		{time.FixedZone("", -45*60), "UTC-00:45"},
		{time.FixedZone("+00:00", 0), "UTC"},
		{time.UTC, "UTC"},
		{nil, "UTC"},
	} {
		if got := Label(c.loc, instant(t, "2023-07-15T12:00:00Z")); got != c.want {
			t.Errorf("Label(%v) = %q, want %q", c.loc, got, c.want)
		}
	}
}

func TestZoneUnknownToTheTableKeepsItsName(t *testing.T) {
	loc := time.FixedZone("Europe/Atlantis", -2*3600)
	const want = "Europe/Atlantis, UTC-02:00"
	if got := Label(loc, instant(t, "2023-07-15T12:00:00Z")); got != want {
		t.Errorf("Label = %q, want %q", got, want)
	}
}
