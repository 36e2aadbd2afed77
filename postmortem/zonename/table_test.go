package zonename

import (
	"archive/zip"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tzdata lists the zones of the Go installation that runs the tests.
func tzdata(t *testing.T) []string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip")
	archive, err := zip.OpenReader(path)
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") != "true" {
		t.Skipf("this Go installation has no %s to take the list of zones from", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var zones []string
	for _, file := range archive.File {
		if !file.FileInfo().IsDir() {
			zones = append(zones, file.Name)
		}
	}
	return zones
}

// split takes a label apart; a label without a name is only an offset.
func split(label string) (name, offset string) {
	if name, offset, ok := strings.Cut(label, ", "); ok {
		return name, offset
	}
	return "", label
}

func TestEveryZoneHasALabelAtAnyTime(t *testing.T) {
	for _, zone := range tzdata(t) {
		loc := load(t, zone)
		for year := -1; year <= 10_001; year += 19 {
			at := time.Date(year, time.Month(1+(year+1)%12), 15, 12, 0, 0, 0, time.UTC)
			name, got := split(Label(loc, at))
			if got == "GMT" || got == "UTC" {
				got = "UTC+00:00"
			}
			_, seconds := at.In(loc).Zone()
			if want := offset(seconds); got != want {
				t.Fatalf("%s at %v: offset %s, want %s", zone, at, got, want)
			}
			if strings.Contains(name, "/") && name != zone {
				t.Fatalf("%s at %v is called %q", zone, at, name)
			}
		}
	}
}

// A zone that is listed here wrongly, or not at all, has lost or gained its name in tzdata or in
// the table: generate the table from the current CLDR, then adjust the list.
func TestOnlyTheseZonesHaveNoName(t *testing.T) {
	want := []string{
		"Africa/Casablanca", "Africa/El_Aaiun",
		"America/Coyhaique", "America/Punta_Arenas",
		"Antarctica/Palmer", "Antarctica/Troll",
		"Asia/Amman", "Asia/Damascus", "Asia/Kashgar", "Asia/Urumqi",
		"Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Jersey",
		"Pacific/Bougainville",
	}
	july := instant(t, "2025-07-15T12:00:00Z")
	var got []string
	for _, zone := range tzdata(t) {
		if name, _ := split(Label(load(t, zone), july)); name == zone {
			got = append(got, zone)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("zones without a name:\n got %v\nwant %v", got, want)
	}
}

// On one day a name stands for one offset all over the world. A zone that is filed under the
// wrong name, or takes summer for winter, disagrees with its neighbours.
func TestZonesWithOneNameAgreeOnTheOffset(t *testing.T) {
	zones := tzdata(t)
	for _, day := range []string{"2016-12-01T12:00:00Z", "2020-07-01T12:00:00Z", "2025-01-15T12:00:00Z", "2025-07-15T12:00:00Z"} {
		type sample struct{ zone, offset string }
		first := map[string]sample{}
		for _, zone := range zones {
			name, offset := split(Label(load(t, zone), instant(t, day)))
			if name == "" {
				continue
			}
			other, seen := first[name]
			if !seen {
				first[name] = sample{zone, offset}
			} else if other.offset != offset {
				t.Errorf("%s: %q is %s in %s, but %s in %s", day, name, other.offset, other.zone, offset, zone)
			}
		}
	}
}

func TestPeriodsAreInTheOrderThatLookupNeeds(t *testing.T) {
	for i := 1; i < len(periods); i++ {
		a, b := periods[i-1], periods[i]
		if a.zone > b.zone || a.zone == b.zone && a.until >= b.until {
			t.Errorf("%s until %s comes before %s until %s", a.zone, a.until, b.zone, b.until)
		}
	}
}

func TestAliasesLeadToZonesOfTheTable(t *testing.T) {
	known := map[string]bool{"Etc/UTC": true, "Etc/GMT": true}
	for _, p := range periods {
		known[p.zone] = true
	}
	for alias, zone := range aliases {
		if !known[zone] {
			t.Errorf("alias %s leads to %s, which the table does not have", alias, zone)
		}
		if known[alias] {
			t.Errorf("alias %s is a zone of the table itself", alias)
		}
	}
}
