package incident_test

import (
	"testing"

	"boswell/incident"
)

func TestEcho(t *testing.T) {
	for _, c := range []struct{ zone, typed, want string }{
		{"UTC", "?", "no time known"},
		{"UTC", "22:16", "22:16 UTC, yesterday"},
		{"UTC", "~14:10", "~14:10 UTC today"},
		{"UTC", "tomorrow 9:00", "09:00 UTC, tomorrow"},
		{"UTC", "2019-11-21 23:35:26~23:36:50", "23:35:26–23:36:50 UTC, 21 November 2019"},
		{"UTC", "2019-11-21", "21 November 2019 (no time of day)"},
		{"UTC", "~2020-03-22~2020-03-29", "~22 March 2020 – 29 March 2020 (no time of day)"},
		{"UTC", "~2024-03-20 23:50~2024-03-21 00:10", "~23:50 UTC, yesterday – 00:10 UTC today"},
		{"UTC", "22:16 Europe/Paris", "21:16 UTC, yesterday"},
		{"Asia/Tokyo", "0:01", "00:01 Asia/Tokyo today"},
		{"Asia/Tokyo", "23:00", "23:00 Asia/Tokyo, yesterday"},
		{"UTC-06:00", "8:00", "08:00 UTC-06:00 today"},
		{"America/New_York", "2023-11-05 01:30", "01:30 America/New_York (UTC-05:00), 5 November 2023"},
		{"America/New_York", "2023-11-05 00:30~01:30", "00:30 America/New_York, 5 November 2023 – 01:30 America/New_York (UTC-05:00), 5 November 2023"},
	} {
		z := zoneNamed(t, c.zone)
		r, err := incident.ReadMoment(c.typed, typedAt, z)
		if err != nil {
			t.Errorf("%q: %v", c.typed, err)
		} else if got := r.Moment.Echo(typedAt, z); got != c.want {
			t.Errorf("%q in %s echoes %q, want %q", c.typed, c.zone, got, c.want)
		}
	}
	if got := incident.At(typedAt, incident.Minute).Echo(typedAt, incident.Zone{}); got != "15:04 UTC today" {
		t.Errorf("in the zero zone: %q", got)
	}
}

func TestCheckPlausible(t *testing.T) {
	const insist = " If that is right, repeat the command with the full date and sure:yes."
	for typed, want := range map[string]string{
		"?":                           "",
		"14:05":                       "",
		"today":                       "",
		"today 15:09":                 "", // 4:55 ahead
		"today 15:10":                 "That is 15:10 UTC today, which is still to come." + insist,
		"tomorrow":                    "That is 22 March 2024 (no time of day), which is still to come." + insist,
		"14:05~16:00":                 "That is 14:05–16:00 UTC today, which is still to come." + insist,
		"2024-03-20~2024-03-22":       "That is 20 March 2024 – 22 March 2024 (no time of day), which is still to come." + insist,
		"2023-03-23":                  "",
		"2023-03-22":                  "That is 22 March 2023 (no time of day), more than a year ago." + insist,
		"2023-03-22 15:05":            "",
		"2023-03-22 15:04":            "That is 15:04 UTC, 22 March 2023, more than a year ago." + insist,
		"~2019-11-21T23:35":           "That is ~23:35 UTC, 21 November 2019, more than a year ago." + insist,
		"2019-11-21 ~ 2024-03-20":     "That is 21 November 2019 – 20 March 2024 (no time of day), more than a year ago." + insist,
		"2024-03-21T16:05 Asia/Tokyo": "",
	} {
		r, err := incident.ReadMoment(typed, typedAt, incident.Zone{})
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			continue
		}
		if err := incident.CheckPlausible(r, typedAt, incident.Zone{}); err != nil || want != "" {
			wantRefusal(t, err, want)
		}
	}
}
