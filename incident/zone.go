package incident

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	_ "time/tzdata" // the machine that runs the bot may have no zones of its own
)

//go:generate go run zonelist_gen.go /usr/share/zoneinfo/tzdata.zi

// A Zone is a time zone by its printed name: an IANA name such as Europe/Paris, UTC, GMT, or a fixed offset such as
// UTC+02:00. The zero Zone is UTC. Zones are comparable.
type Zone struct{ Name string }

// utcZone is the zone of an incident that nobody gave another one.
var utcZone = Zone{Name: "UTC"}

// widestOffset are the largest offsets that any place keeps, by sign, in minutes.
var widestOffset = map[string]int{"+": 14 * 60, "-": 12 * 60}

var offsetForm = regexp.MustCompile(`^(?:utc|gmt)? ?([+-])(\d{1,2})(?::?(\d{2}))?$`)

// zoneIndex holds every name in lower case with the zone's proper spelling, zoneAlias what the aliases stand for.
var zoneIndex, zoneAlias = indexZones()

// locations keeps what was loaded, by name. Only names of the index get in, so it stays small.
var locations sync.Map

// Zones are the names that a person can choose from, sorted: UTC, GMT and the zones that are places.
func Zones() []string {
	names := []string{"GMT", "UTC"}
	for name := range strings.Lines(zoneNames) {
		if name = strings.TrimSpace(name); strings.Contains(name, "/") && !strings.HasPrefix(name, "Etc/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// ParseZone reads a zone as people type it, in upper or lower case: an IANA name, a city that one zone is named after
// ("new york"), UTC, GMT, Z, or an offset ("UTC+2", "+02:00", "-0600"). An abbreviation that does not say which place is
// meant, and a name that is not known, are refused with the names to choose from.
func ParseZone(text string) (Zone, error) {
	typed := cleanTyped(text)
	switch {
	case typed == "":
		return Zone{}, Refuse("A time zone is missing. Write for example Europe/Paris, UTC or UTC+02:00.")
	case tooLong(typed):
		return Zone{}, refuseZone(text)
	case typed == "z":
		return utcZone, nil
	}
	if part := offsetForm.FindStringSubmatch(typed); part != nil {
		return fixedZone(text, part[1], part[2], part[3])
	}
	if places, ok := abbreviations[typed]; ok {
		return Zone{}, refuseAbbreviation(typed, places)
	}
	key := strings.ReplaceAll(typed, " ", "_")
	if name, ok := zoneIndex[key]; ok {
		return namedZone(name), nil
	}
	switch found := zonesEndingIn(key); len(found) {
	case 0:
		return Zone{}, refuseZone(text)
	case 1:
		return namedZone(found[0]), nil
	default:
		return Zone{}, Refuse("%s can be %s. Name one.", quoteTyped(text), strings.Join(found, ", "))
	}
}

// Location is where the clocks of the zone hang. It is UTC for the zero Zone and for a name that ParseZone never gives.
func (z Zone) Location() *time.Location {
	if loc, ok := locations.Load(z.Name); ok {
		return loc.(*time.Location)
	}
	if part := offsetForm.FindStringSubmatch(strings.ToLower(z.Name)); part != nil {
		return time.FixedZone(z.Name, 60*offsetMinutes(part[1], part[2], part[3]))
	}
	if zoneIndex[strings.ToLower(z.Name)] != z.Name {
		return time.UTC
	}
	loc, err := time.LoadLocation(z.Name)
	if err != nil {
		return time.UTC
	}
	locations.Store(z.Name, loc)
	return loc
}

// String is the name, and UTC for the zero Zone.
func (z Zone) String() string {
	if z.Name == "" {
		return utcZone.Name
	}
	return z.Name
}

// MarshalText is the name, which is empty for the zero Zone.
func (z Zone) MarshalText() ([]byte, error) { return []byte(z.Name), nil }

// UnmarshalText reads what MarshalText writes. It refuses a name that ParseZone does not read, as that does.
func (z *Zone) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*z = Zone{}
		return nil
	}
	read, err := ParseZone(string(text))
	if err != nil {
		return err
	}
	*z = read
	return nil
}

// namedZone is the zone with a name of the index. The many names of UTC and GMT are printed as these two.
func namedZone(name string) Zone {
	switch cmp.Or(zoneAlias[name], name) {
	case "Etc/UTC":
		return utcZone
	case "Etc/GMT":
		return Zone{Name: "GMT"}
	}
	return Zone{Name: name}
}

func fixedZone(text, sign, hours, minutes string) (Zone, error) {
	offset := offsetMinutes("+", hours, minutes)
	if offset > widestOffset[sign] || minutes > "59" {
		return Zone{}, Refuse("%s is not an offset that any place keeps: they go from UTC-12:00 to UTC+14:00. Write for example UTC+02:00.", quoteTyped(text))
	}
	if offset == 0 {
		return utcZone, nil
	}
	return Zone{Name: fmt.Sprintf("UTC%s%02d:%02d", sign, offset/60, offset%60)}, nil
}

// offsetMinutes is the signed offset; the parts are digits that offsetForm let through, minutes possibly empty.
func offsetMinutes(sign, hours, minutes string) int {
	total := 60*number(hours) + number(minutes)
	if sign == "-" {
		return -total
	}
	return total
}
