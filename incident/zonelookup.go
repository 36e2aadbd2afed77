package incident

import (
	"slices"
	"strings"
)

// abbreviations are what people write on a clock face, in lower case. None is taken as a zone: most stand for several
// places, and the others for half a year only. The places are offered instead, the most populous first.
var abbreviations = map[string][]string{
	"acst": {"Australia/Adelaide", "Australia/Darwin"},
	"adt":  {"America/Halifax"},
	"aedt": {"Australia/Sydney"},
	"aest": {"Australia/Sydney", "Australia/Brisbane"},
	"akst": {"America/Anchorage"},
	"ast":  {"America/Puerto_Rico", "America/Halifax", "Asia/Riyadh"},
	"awst": {"Australia/Perth"},
	"brt":  {"America/Sao_Paulo"},
	"bst":  {"Europe/London", "Asia/Dhaka", "Pacific/Bougainville"},
	"cdt":  {"America/Chicago", "America/Havana"},
	"cest": {"Europe/Berlin", "Europe/Paris", "Europe/Madrid"},
	"cst":  {"America/Chicago", "Asia/Shanghai", "America/Havana"},
	"ct":   {"America/Chicago"},
	"edt":  {"America/New_York"},
	"eest": {"Europe/Kyiv", "Europe/Athens", "Africa/Cairo"},
	"est":  {"America/New_York", "America/Jamaica", "America/Panama"},
	"et":   {"America/New_York"},
	"gst":  {"Asia/Dubai", "Atlantic/South_Georgia"},
	"hkt":  {"Asia/Hong_Kong"},
	"ist":  {"Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"},
	"jst":  {"Asia/Tokyo"},
	"kst":  {"Asia/Seoul"},
	"mdt":  {"America/Denver"},
	"msk":  {"Europe/Moscow"},
	"mst":  {"America/Denver", "America/Phoenix"},
	"mt":   {"America/Denver"},
	"nzdt": {"Pacific/Auckland"},
	"nzst": {"Pacific/Auckland"},
	"pdt":  {"America/Los_Angeles"},
	"pht":  {"Asia/Manila"},
	"pst":  {"America/Los_Angeles", "Asia/Manila"},
	"pt":   {"America/Los_Angeles"},
	"sast": {"Africa/Johannesburg"},
	"sgt":  {"Asia/Singapore"},
	"sst":  {"Pacific/Pago_Pago", "Asia/Singapore"},
	"west": {"Europe/Lisbon"},
}

// refuseAbbreviation offers the places that an abbreviation, in lower case, stands for.
func refuseAbbreviation(typed string, places []string) error {
	name := strings.ToUpper(typed)
	if len(places) == 1 {
		return Refuse("%s names no place. Write %s, or the offset in numbers, such as UTC+02:00.", name, places[0])
	}
	return Refuse("%s is used in several places: %s. Name one.", name, strings.Join(places, ", "))
}

// zonesEndingIn are the zones whose last part is key (lower case, "_" for blanks). An alias counts as its zone.
func zonesEndingIn(key string) []string {
	var found []string
	for lower, name := range zoneIndex {
		if !strings.HasSuffix(lower, "/"+key) || strings.HasPrefix(lower, "etc/") {
			continue
		}
		if zone, ok := zoneAlias[name]; ok {
			name = zone
		}
		found = append(found, name)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// refuseZone offers the zones whose name, or whose last part, is like what was typed.
func refuseZone(text string) error {
	key := strings.ReplaceAll(cleanTyped(text), " ", "_")
	near := Nearest(key, Zones(), 3)
	for _, city := range Nearest(key, zoneCities(), 3) {
		for _, name := range zonesEndingIn(strings.ToLower(city)) {
			if !slices.Contains(near, name) {
				near = append(near, name)
			}
		}
	}
	if len(near) == 0 {
		return Refuse("%s is not the name of a time zone. Write for example Europe/Paris, UTC or UTC+02:00.", quoteTyped(text))
	}
	return Refuse("%s is not the name of a time zone. Near it: %s. Write one of them, or an offset such as UTC+02:00.",
		quoteTyped(text), strings.Join(near[:min(4, len(near))], ", "))
}

// zoneCities are the last parts of the names of zones.
func zoneCities() []string {
	var cities []string
	for _, name := range Zones() {
		cities = append(cities, name[strings.LastIndex(name, "/")+1:])
	}
	return cities
}

// indexZones reads the generated lists: every name under its lower-case form, and what each alias stands for.
func indexZones() (index, alias map[string]string) {
	index, alias = make(map[string]string), make(map[string]string)
	for line := range strings.Lines(zoneNames) {
		name := strings.TrimSpace(line)
		index[strings.ToLower(name)] = name
	}
	for line := range strings.Lines(zoneAliases) {
		name, zone, _ := strings.Cut(strings.TrimSpace(line), " ")
		index[strings.ToLower(name)], alias[name] = name, zone
	}
	return index, alias
}
