package incident_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"boswell/incident"

	"pgregory.net/rapid"
)

// typedForm is a moment in full ISO form, as a person could type it.
func typedForm(m incident.Moment) string {
	layout := map[incident.Precision]string{
		incident.Unknown: "?", incident.Day: time.DateOnly, incident.Minute: "2006-01-02T15:04Z", incident.Second: time.RFC3339,
	}[m.Precision]
	text := m.Start.Format(layout)
	if !m.End.IsZero() {
		text += "~" + m.End.Format(layout)
	}
	if m.Approximate {
		text = "~" + text
	}
	return text
}

func TestReadMoment(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		// A bare time of day is the most recent one.
		{"14:05", "2024-03-21T13:05Z"},
		{"9:40", "2024-03-21T08:40Z"},
		{"0:30", "2024-03-20T23:30Z"},
		{"16:04", "2024-03-21T15:04Z"},
		{"16:05", "2024-03-20T15:05Z"},
		{"16:04:05", "2024-03-21T15:04:05Z"},
		{"16:04:06", "2024-03-20T15:04:06Z"},
		{"3:47:11", "2024-03-21T02:47:11Z"},
		{"14:05:30.250", "2024-03-21T13:05:30Z"},
		{"12:18pm", "2024-03-21T11:18Z"},
		{"12:05am", "2024-03-20T23:05Z"},
		{"5:06 pm", "2024-03-20T16:06Z"},
		{"5:06\u202fPM", "2024-03-20T16:06Z"},
		{"5:06 p.m.", "2024-03-20T16:06Z"},
		{"5pm", "2024-03-20T16:00Z"},
		{"noon", "2024-03-21T11:00Z"},
		{"midnight", "2024-03-20T23:00Z"},
		// With a zone of its own.
		{"14:05 Europe/Paris", "2024-03-21T13:05Z"},
		{"14:05 UTC", "2024-03-21T14:05Z"},
		{"14:05Z", "2024-03-21T14:05Z"},
		{"14:05 GMT+2", "2024-03-21T12:05Z"},
		{"14:05+02:00", "2024-03-21T12:05Z"},
		{"14:05 new york", "2024-03-20T18:05Z"},
		{"14:05 new york, yesterday", "2024-03-20T18:05Z"},
		{"17:30 UTC", "2024-03-20T17:30Z"},
		// With a day.
		{"yesterday 22:16", "2024-03-20T21:16Z"},
		{"yesterday at 22:16", "2024-03-20T21:16Z"},
		{"22:16 UTC, yesterday", "2024-03-20T22:16Z"},
		{"today 9:40", "2024-03-21T08:40Z"},
		{"today 23:00", "2024-03-21T22:00Z"},
		{"tomorrow 14:00", "2024-03-22T13:00Z"},
		{"monday 14:00", "2024-03-18T13:00Z"},
		{"Thursday 14:00", "2024-03-21T13:00Z"},
		{"thu 17:00", "2024-03-14T16:00Z"},
		{"14:05 on tues", "2024-03-19T13:05Z"},
		{"March 3rd 14:00", "2024-03-03T13:00Z"},
		{"march 21 17:00", "2023-03-21T16:00Z"},
		// With a full date.
		{"2024-03-20T14:05", "2024-03-20T13:05Z"},
		{"2024-03-20T14:05:30", "2024-03-20T13:05:30Z"},
		{"2024-03-20T14:05:30Z", "2024-03-20T14:05:30Z"},
		{"2024-03-20T14:05:30.123456-06:00", "2024-03-20T20:05:30Z"},
		{"2024-03-20 14:05", "2024-03-20T13:05Z"},
		{"2024-03-20 14:05:30 -0600", "2024-03-20T20:05:30Z"},
		{"2020/10/30 13:36", "2020-10-30T12:36Z"},
		{"30.10.2020 13:36", "2020-10-30T12:36Z"},
		{"09-September-2021 10:00pm GMT", "2021-09-09T22:00Z"},
		{"16 Sep 2021 17:06", "2021-09-16T15:06Z"},
		{"Thu, 21 Nov 2019 23:35:26 GMT", "2019-11-21T23:35:26Z"},
		// A day alone.
		{"2024-03-20", "2024-03-20"},
		{"26/11/2019", "2019-11-26"},
		{"yesterday", "2024-03-20"},
		{"today", "2024-03-21"},
		{"thursday", "2024-03-21"},
		{"friday", "2024-03-15"},
		{"Feb 29", "2024-02-29"},
		// Uncertain times and ranges.
		{"?", "?"},
		{" ~? ", "?"},
		{"~14:10", "~2024-03-21T13:10Z"},
		{"about 14:10", "~2024-03-21T13:10Z"},
		{"23:35:26~23:36:50", "2024-03-20T22:35:26Z~2024-03-20T22:36:50Z"},
		{"~23:35~23:36", "~2024-03-20T22:35Z~2024-03-20T22:36Z"},
		{"14:05~~14:10", "~2024-03-21T13:05Z~2024-03-21T13:10Z"},
		{"14:05–14:10", "2024-03-21T13:05Z~2024-03-21T13:10Z"},
		{"14:05 - 14:10", "2024-03-21T13:05Z~2024-03-21T13:10Z"},
		{"from 14:05 to 14:10", "2024-03-21T13:05Z~2024-03-21T13:10Z"},
		{"14:05~14:10 UTC", "2024-03-21T14:05Z~2024-03-21T14:10Z"},
		{"14:05 UTC~16:30 Europe/Paris", "2024-03-21T14:05Z~2024-03-21T15:30Z"},
		{"14:05~14:10:30", "2024-03-21T13:05:00Z~2024-03-21T13:10:30Z"},
		{"14:05~14:05", "2024-03-21T13:05Z"},
		{"11:00~noon", "2024-03-21T10:00Z~2024-03-21T11:00Z"},
		{"2019-11-21T23:35:26~23:36:50", "2019-11-21T22:35:26Z~2019-11-21T22:36:50Z"},
		{"monday 23:00 ~ tuesday 1:00", "2024-03-18T22:00Z~2024-03-19T00:00Z"},
		{"23:50~2024-03-21 00:10", "2024-03-20T22:50Z~2024-03-20T23:10Z"},
		{"~2020-03-22~2020-03-29", "~2020-03-22~2020-03-29"},
		{"March 22 – March 29, 2020", "2020-03-22~2020-03-29"},
		{"2h ago to 1h ago", "2024-03-21T13:04Z~2024-03-21T14:04Z"},
		{"10m ago ~ now", "2024-03-21T14:54Z~2024-03-21T15:04Z"},
		// Counted back.
		{"now", "2024-03-21T15:04Z"},
		{"just now", "2024-03-21T15:04Z"},
		{"10m ago", "2024-03-21T14:54Z"},
		{"2h30m ago", "2024-03-21T12:34Z"},
		{"2 hours and 30 minutes ago", "2024-03-21T12:34Z"},
		{"90s ago", "2024-03-21T15:02:35Z"},
		{"an hour ago", "2024-03-21T14:04Z"},
		{"half an hour ago", "2024-03-21T14:34Z"},
		{"~3 days ago", "~2024-03-18T15:04Z"},
		{"a week ago", "2024-03-14T15:04Z"},
	} {
		r, err := incident.ReadMoment(c.typed, typedAt, zoneNamed(t, "Europe/Paris"))
		if err != nil {
			t.Errorf("%q: %v", c.typed, err)
		} else if got := typedForm(r.Moment); got != c.want {
			t.Errorf("%q became %s, want %s", c.typed, got, c.want)
		}
	}
}

func TestReadMomentTellsDateAndZone(t *testing.T) {
	for _, c := range []struct {
		typed string
		dated bool
		zone  string
	}{
		{"14:05", false, "Europe/Paris"},
		{"?", false, "Europe/Paris"},
		{"14:05 UTC", false, "UTC"},
		{"yesterday 14:05", false, "Europe/Paris"},
		{"March 3 14:05", false, "Europe/Paris"},
		{"10m ago", false, "Europe/Paris"},
		{"2024-03-20", true, "Europe/Paris"},
		{"2024-03-20T14:05Z", true, "UTC"},
		{"2024-03-20 14:05~14:10 Asia/Tokyo", true, "Asia/Tokyo"},
		{"2024-03-20 14:05~yesterday 14:10", false, "Europe/Paris"},
	} {
		r, err := incident.ReadMoment(c.typed, typedAt, zoneNamed(t, "Europe/Paris"))
		if err != nil || r.Dated != c.dated || r.In.Name != c.zone {
			t.Errorf("%q: dated %t in %s (%v), want %t in %s", c.typed, r.Dated, r.In, err, c.dated, c.zone)
		}
	}
}

const timeForms = `Write for example 14:05, ~14:05, 14:05~14:20, 5:06pm, "yesterday 22:16", 2024-03-21T14:05, "10m ago", or ? if the time is not known.`

func TestReadMomentRefuses(t *testing.T) {
	const vague = `Write a time of day, such as "yesterday 22:16", ~22:00 if it is not exact, or ? if it is not known.`
	const sign = `Write a range with ~, such as 14:05~15:10, or the offset as UTC-06:00.`
	for typed, want := range map[string]string{
		"":                       "There is no time to read. " + timeForms,
		" \t":                    "There is no time to read. " + timeForms,
		"Banana":                 `"banana" is not a time that I can read. ` + timeForms,
		"14":                     `"14" is not a time that I can read. ` + timeForms,
		"14.05":                  `"14.05" is not a time that I can read. ` + timeForms,
		"UTC":                    `"utc" is not a time that I can read. ` + timeForms,
		"14:05 15:10":            `"14:05 15:10" is not a time that I can read. ` + timeForms,
		"14:05 CST":              "CST is used in several places: America/Chicago, Asia/Shanghai, America/Havana. Name one.",
		"14:05 Pariss":           `"pariss" is not the name of a time zone. Near it: Europe/Paris. Write one of them, or an offset such as UTC+02:00.`,
		"last night":             `"last night" does not say when. ` + vague,
		"14:05 last week":        `"14:05 last week" does not say when. ` + vague,
		"25:61":                  "25:61 is not a time of day: hours go to 23 and minutes to 59. Write for example 14:05.",
		"14:60":                  "14:60 is not a time of day: hours go to 23 and minutes to 59. Write for example 14:05.",
		"14:05:60":               "14:05:60 is not a time of day: hours go to 23, minutes and seconds to 59. Write for example 14:05:30.",
		"24:00":                  "24:00 is the end of a day. Write 00:00 and the date of the day that begins then.",
		"13:00pm":                "13:00pm is not a time of day: with am or pm the hours go from 1 to 12. Write 13:00, or the hour of the 12-hour clock.",
		"0:30 am":                "0:30 am is not a time of day: with am or pm the hours go from 1 to 12. Write 00:30, or the hour of the 12-hour clock.",
		"9:4":                    `"9:4" is not a time of day. Write hours and two digits of minutes, such as 14:05 or 14:05:30.`,
		"123:45":                 `"123:45" is not a time of day. Write hours and two digits of minutes, such as 14:05 or 14:05:30.`,
		"03/04/2020 13:36":       "03/04/2020 can be 3 April or 4 March. Write 2020-04-03 or 2020-03-04.",
		"2020-02-30 13:36":       `"2020-02-30" is not a date: February 2020 has 29 days. Write for example 2020-02-29.`,
		"March 2024":             "March 2024 names no day. Write the date too, such as 2024-03-01.",
		"monday 2024-03-21 9:00": "21 March 2024 is a Thursday, not a Monday. Correct the date or the weekday.",
		"next ago":               `"next ago" does not count back to a time. Write for example "10m ago", "2h30m ago" or "3 days ago".`,
		"10 bananas ago":         `"10 bananas ago" does not count back to a time. Write for example "10m ago", "2h30m ago" or "3 days ago".`,
		"999999999h ago":         `"999999999h ago" does not count back to a time. Write for example "10m ago", "2h30m ago" or "3 days ago".`,
		"99999 weeks ago":        "That counts back to the year 107. Write the date instead, such as 2024-03-21.",
		"14:05-15:10":            `"14:05-15:10" can be a range or a time with an offset. ` + sign,
		"14:05 -06:00":           `"14:05 -06:00" can be a range or a time with an offset. ` + sign,
		"14:05~":                 `"14:05~" is not a range: it needs one ~ between two times, such as 14:05~14:20.`,
		"14:05~14:10~14:20":      `"14:05~14:10~14:20" is not a range: it needs one ~ between two times, such as 14:05~14:20.`,
		"14:05~2024-03-21":       `"14:05~2024-03-21" has a time of day at one end only. Write one at both, or the dates alone.`,
		"5:00~5:30pm":            `"5:00~5:30pm" has am or pm at one end only. Write it at both, or use hours from 0 to 23.`,
		"14:10~14:05": `"14:10~14:05" runs backwards: it ends 5 minutes before it begins. ` +
			"If it ends on the next day, write the date of both ends, such as 2024-03-21T14:10~2024-03-22T14:05.",
		"23:50~00:10": `"23:50~00:10" runs backwards: it ends 23 hours and 40 minutes before it begins. ` +
			"If it ends on the next day, write the date of both ends, such as 2024-03-20T23:50~2024-03-21T00:10.",
		"2020-03-29~2020-03-22":        `"2020-03-29~2020-03-22" runs backwards: it ends before it begins. Write the earlier end first, and the date of both.`,
		"1h ago ~ 2h ago":              `"1h ago~2h ago" runs backwards: it ends before it begins. Write the earlier end first, and the date of both.`,
		strings.Repeat("14:05 ", 1000): `"` + strings.Repeat("14:05 ", 6) + `14:0…" is too long for a time. ` + timeForms,
	} {
		_, err := incident.ReadMoment(typed, typedAt, zoneNamed(t, "Europe/Paris"))
		wantRefusal(t, err, want)
	}
}

func TestReadMomentWhereClocksChange(t *testing.T) {
	const sprung = "There was no 02:30 on %s: the clocks went forward from 02:00 to 03:00. Write the time that the clocks showed, or give it in UTC, such as \"%s UTC\"."
	newYork := fmt.Sprintf(sprung, "10 March 2024 in America/New_York", "2024-03-10 07:00")
	paris := fmt.Sprintf(sprung, "31 March 2024 in Europe/Paris", "2024-03-31 01:00")
	for _, c := range []struct{ zone, typedAt, typed, want string }{
		{"America/New_York", "2024-03-10T12:00:00Z", "2:30", newYork},
		{"America/New_York", "2024-03-10T07:05:00Z", "2:30", newYork},             // 03:05, just after the jump
		{"America/New_York", "2024-03-10T06:55:00Z", "2:30", "2024-03-09T07:30Z"}, // 01:55, just before it
		{"America/New_York", "2024-03-11T05:00:00Z", "2:30", newYork},             // at 01:00 of the next day
		{"America/New_York", "2024-03-11T07:00:00Z", "2:30", "2024-03-11T06:30Z"},
		{"America/New_York", "2024-03-12T00:00:00Z", "2024-03-10 02:30", newYork},
		{"America/New_York", "2024-03-12T00:00:00Z", "2024-03-10 01:59", "2024-03-10T06:59Z"},
		{"America/New_York", "2024-03-12T00:00:00Z", "2024-03-10 03:00", "2024-03-10T07:00Z"},
		{"America/New_York", "2024-03-12T00:00:00Z", "2024-03-10 01:00~02:30", newYork},
		{"America/New_York", "2024-03-10T12:00:00Z", "1 days ago", "2024-03-09T13:00Z"}, // 08:00 on both days
		{"America/New_York", "2024-11-03T05:45:00Z", "1:30", "2024-11-03T05:30Z"},       // 01:45, for the first time
		{"America/New_York", "2024-11-03T06:15:00Z", "1:30", "2024-11-03T05:30Z"},       // 01:15, for the second time
		{"America/New_York", "2024-11-03T06:45:00Z", "1:30", "2024-11-03T06:30Z"},
		{"America/New_York", "2024-11-03T05:15:00Z", "1:30", "2024-11-02T05:30Z"},
		{"America/New_York", "2024-11-05T00:00:00Z", "2024-11-03 01:30", "2024-11-03T06:30Z"},
		{"America/New_York", "2024-11-01T00:00:00Z", "2024-11-03 01:30", "2024-11-03T05:30Z"},
		{"America/New_York", "2024-11-05T00:00:00Z", "2024-11-03 00:30~01:30", "2024-11-03T04:30Z~2024-11-03T06:30Z"},
		{"Europe/Paris", "2024-03-31T12:00:00Z", "2:30", paris},
		{"Europe/Paris", "2024-03-31T00:30:00Z", "2:30", "2024-03-30T01:30Z"},
		{"Europe/Paris", "2024-03-31T12:00:00Z", "3:30", "2024-03-31T01:30Z"},
		{"Europe/Paris", "2024-03-31T12:00:00Z", "sunday 2:30", paris},
		{"Europe/Paris", "2024-03-31T00:30:00Z", "sunday 2:30", "2024-03-24T01:30Z"},
		{"Europe/Paris", "2024-10-27T00:45:00Z", "2:30", "2024-10-27T00:30Z"},
		{"Europe/Paris", "2024-10-27T01:45:00Z", "2:30", "2024-10-27T01:30Z"},
		{"Europe/Paris", "2024-10-27T12:00:00Z", "2:30 UTC", "2024-10-27T02:30Z"},
		{"Australia/Lord_Howe", "2024-04-07T00:00:00Z", "1:45", "2024-04-06T15:15Z"}, // put back by half an hour
		{"Pacific/Apia", "2011-12-31T01:00:00Z", "2011-12-30 12:00", "There was no 12:00 on 30 December 2011 in Pacific/Apia: the clocks went forward " +
			"from 30 December 00:00 to 31 December 00:00. Write the time that the clocks showed, or give it in UTC, such as \"2011-12-30 10:00 UTC\"."},
	} {
		r, err := incident.ReadMoment(c.typed, instant(t, c.typedAt), zoneNamed(t, c.zone))
		got := typedForm(r.Moment)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s typed at %s in %s:\n got %s\nwant %s", c.typed, c.typedAt, c.zone, got, c.want)
		}
	}
}

func TestABareTimeIsTheMostRecentOne(t *testing.T) {
	zones := rapid.SampledFrom([]string{"UTC", "America/New_York", "Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"})
	rapid.Check(t, func(t *rapid.T) {
		z := zoneNamed(t, zones.Draw(t, "zone"))
		typed := time.Unix(rapid.Int64Range(1_600_000_000, 1_800_000_000).Draw(t, "typed"), 0)
		text := fmt.Sprintf("%d:%02d:%02d", rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), rapid.IntRange(0, 59).Draw(t, "second"))
		r, err := incident.ReadMoment(text, typed, z)
		if err != nil {
			if !strings.Contains(err.Error(), "the clocks went forward") {
				t.Fatal(err)
			}
			return
		}
		at := r.Moment.Start
		if shown := at.In(z.Location()).Format("15:04:05"); strings.TrimPrefix(shown, "0") != text {
			t.Errorf("%s became %s", text, shown)
		}
		if at.After(typed) || at.Add(25*time.Hour).Before(typed) {
			t.Errorf("%s typed at %s became %s", text, typed, at)
		}
	})
}
