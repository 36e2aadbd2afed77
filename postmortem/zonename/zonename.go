// Package zonename says in English what a time zone is called on a given day, for headings such
// as "all times Central Standard Time, UTC-06:00". What it prints always agrees with the clock
// that the reader of the document had on the wall: the offset comes from the location itself,
// and a name is printed only if the Unicode CLDR gives the zone one for that very time.
package zonename

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

//go:generate node gen.mjs $CLDR
//go:generate gofmt -w table.go

// A period is a stretch of time in which a zone has the same names.
type period struct {
	zone     string // as CLDR spells it, which is often an old spelling ("Asia/Calcutta")
	until    string // the first minute, in UTC and in the layout of minute, that is past the period
	standard string // empty if CLDR has no name
	daylight string // empty if CLDR has no name
	summer   int    // seconds east of UTC that are daylight saving time; 0 leaves it to the tz database
}

// minute is a layout in which the order of text is the order of time.
const minute = "2006-01-02 15:04"

// Label names the zone of loc and its offset from UTC at the instant at:
// "Central Standard Time, UTC-06:00", or "Africa/Casablanca, UTC+01:00" for a zone that has no
// English name at that time. UTC and GMT, under any of their aliases, are "UTC" and "GMT" alone.
// A location that is no zone but a fixed offset, or is called after none, is its offset alone:
// "UTC+02:00", and "UTC" for zero. A nil loc is UTC.
func Label(loc *time.Location, at time.Time) string {
	zone := canonical(loc.String())
	switch zone {
	case "Etc/UTC":
		return "UTC"
	case "Etc/GMT":
		return "GMT"
	}
	local := at.In(loc)
	_, seconds := local.Zone()
	if isOffset(zone) {
		return fixed(seconds)
	}
	name := longName(zone, local)
	if name == "" {
		name = loc.String()
	}
	return name + ", " + offset(seconds)
}

// canonical is the name under which the table knows the zone, if it knows it at all.
func canonical(name string) string {
	if zone, ok := aliases[name]; ok {
		return zone
	}
	return name
}

// isOffset tells "UTC+02:00" and "Etc/GMT-2" from the zones that have a place or a region; after
// canonical, each of those has a slash.
func isOffset(zone string) bool {
	return !strings.Contains(zone, "/") || strings.HasPrefix(zone, "Etc/")
}

// longName is the English name of the zone at that time, or empty if CLDR has none.
func longName(zone string, local time.Time) string {
	now := local.UTC().Format(minute)
	i := sort.Search(len(periods), func(i int) bool {
		p := &periods[i]
		return p.zone > zone || p.zone == zone && p.until > now
	})
	if i == len(periods) || periods[i].zone != zone {
		return ""
	}
	if periods[i].isDaylight(local) {
		return periods[i].daylight
	}
	return periods[i].standard
}

// isDaylight reports whether local is in daylight saving time as people there see it. The tz
// database may put it the other way round: to it, Dublin has its standard time in summer.
func (p *period) isDaylight(local time.Time) bool {
	if p.summer == 0 {
		return local.IsDST()
	}
	_, seconds := local.Zone()
	return seconds == p.summer
}

func fixed(seconds int) string {
	if seconds == 0 {
		return "UTC"
	}
	return offset(seconds)
}

// offset prints seconds east of UTC as "UTC-06:00"; the odd seconds of the time before zones
// follow if there are any.
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("UTC%c%02d:%02d", sign, seconds/3600, seconds/60%60)
	if odd := seconds % 60; odd != 0 {
		text += fmt.Sprintf(":%02d", odd)
	}
	return text
}
