package incident_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"boswell/incident"
)

func TestParseZone(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"Europe/Paris", "Europe/Paris"},
		{" europe/PARIS ", "Europe/Paris"},
		{"paris", "Europe/Paris"},
		{"New York", "America/New_York"},
		{"america/indiana/knox", "America/Indiana/Knox"},
		{"Louisville", "America/Kentucky/Louisville"},
		{"kiev", "Europe/Kyiv"},
		{"US/Pacific", "US/Pacific"},
		{"japan", "Japan"},
		{"CET", "CET"},
		{"utc", "UTC"}, {"Z", "UTC"}, {"zulu", "UTC"}, {"Etc/UTC", "UTC"}, {"UTC+0", "UTC"}, {"-00:00", "UTC"},
		{"gmt", "GMT"}, {"Greenwich", "GMT"},
		{"UTC+2", "UTC+02:00"}, {"+02:00", "UTC+02:00"}, {"utc +2", "UTC+02:00"}, {"UTC+02:00", "UTC+02:00"},
		{"-0600", "UTC-06:00"}, {"GMT-3", "UTC-03:00"}, {"GMT−3", "UTC-03:00"}, {"+530", "UTC+05:30"}, {"+14:00", "UTC+14:00"},
		{"Etc/GMT+3", "Etc/GMT+3"},
	} {
		z, err := incident.ParseZone(c.typed)
		if err != nil || z.Name != c.want {
			t.Errorf("ParseZone(%q) = %q, %v; want %q", c.typed, z.Name, err, c.want)
		}
		if got := z.Location().String(); got != c.want {
			t.Errorf("the location of %q is called %q", c.want, got)
		}
	}
}

func TestParseZoneRefuses(t *testing.T) {
	for typed, want := range map[string]string{
		"":       "A time zone is missing. Write for example Europe/Paris, UTC or UTC+02:00.",
		"CST":    "CST is used in several places: America/Chicago, Asia/Shanghai, America/Havana. Name one.",
		"ist":    "IST is used in several places: Asia/Kolkata, Europe/Dublin, Asia/Jerusalem. Name one.",
		"BST":    "BST is used in several places: Europe/London, Asia/Dhaka, Pacific/Bougainville. Name one.",
		"EST":    "EST is used in several places: America/New_York, America/Jamaica, America/Panama. Name one.",
		"edt":    "EDT names no place. Write America/New_York, or the offset in numbers, such as UTC+02:00.",
		"Pariss": `"Pariss" is not the name of a time zone. Near it: Europe/Paris. Write one of them, or an offset such as UTC+02:00.`,
		"Europe/Pari": `"Europe/Pari" is not the name of a time zone. Near it: Europe/Paris. ` +
			`Write one of them, or an offset such as UTC+02:00.`,
		"gotham":                  `"gotham" is not the name of a time zone. Write for example Europe/Paris, UTC or UTC+02:00.`,
		"eastern":                 `"eastern" can be America/New_York, America/Toronto. Name one.`,
		"UTC+15":                  `"UTC+15" is not an offset that any place keeps: they go from UTC-12:00 to UTC+14:00. Write for example UTC+02:00.`,
		"+02:75":                  `"+02:75" is not an offset that any place keeps: they go from UTC-12:00 to UTC+14:00. Write for example UTC+02:00.`,
		"-13:00":                  `"-13:00" is not an offset that any place keeps: they go from UTC-12:00 to UTC+14:00. Write for example UTC+02:00.`,
		"Local":                   `"Local" is not the name of a time zone. Write for example Europe/Paris, UTC or UTC+02:00.`,
		"../../etc/passwd":        `"../../etc/passwd" is not the name of a time zone. Write for example Europe/Paris, UTC or UTC+02:00.`,
		strings.Repeat("x", 5000): `"` + strings.Repeat("x", 40) + `…" is not the name of a time zone. Write for example Europe/Paris, UTC or UTC+02:00.`,
	} {
		_, err := incident.ParseZone(typed)
		wantRefusal(t, err, want)
		if typed != "" {
			wantRefusal(t, new(incident.Zone).UnmarshalText([]byte(typed)), want)
		}
	}
}

func TestEveryZoneHasItsOwnLocation(t *testing.T) {
	names := incident.Zones()
	if !slices.IsSorted(names) || len(names) < 400 || !slices.Contains(names, "UTC") || slices.Contains(names, "Etc/GMT+1") {
		t.Errorf("%d zones, from %s to %s", len(names), names[0], names[len(names)-1])
	}
	for _, name := range names {
		if z := zoneNamed(t, strings.ToUpper(name)); z.Name != name || z.Location().String() != name {
			t.Errorf("%s became %q in %s", name, z.Name, z.Location())
		}
	}
	names[0] = "changed"
	if incident.Zones()[0] == "changed" {
		t.Error("the list of zones can be changed from outside")
	}
}

func TestZoneWithoutANameIsUTC(t *testing.T) {
	for _, z := range []incident.Zone{{}, {Name: "Nowhere/Land"}, {Name: "Local"}} {
		if z.Location() != time.UTC {
			t.Errorf("zone %q is in %s", z.Name, z.Location())
		}
	}
	if text := (incident.Zone{}).String(); text != "UTC" {
		t.Errorf("the zero zone prints %q", text)
	}
}

func TestZoneJSON(t *testing.T) {
	type page struct {
		Zone incident.Zone `json:"zone,omitzero"`
	}
	for _, name := range []string{"", "UTC", "GMT", "UTC-06:00", "Europe/Paris", "US/Pacific"} {
		text, err := json.Marshal(page{incident.Zone{Name: name}})
		if err != nil {
			t.Fatal(err)
		}
		var again page
		if err := json.Unmarshal(text, &again); err != nil || again.Zone.Name != name {
			t.Errorf("%s became %q (%v)", text, again.Zone.Name, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"zone":"Nowhere/Land"}`), &page{}); err == nil {
		t.Error("a zone that does not exist was read")
	}
}
