package incident_test

import (
	"encoding/json"
	"testing"
	"time"

	"boswell/incident"
)

func TestReadDate(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"2020/04/18", `{"written":"2020/04/18","from":"2020-04-18"}`},
		{" 2020-4-8 ", `{"written":"2020-4-8","from":"2020-04-08"}`},
		{"26/11/2019", `{"written":"26/11/2019","from":"2019-11-26"}`},
		{"26.11.2019", `{"written":"26.11.2019","from":"2019-11-26"}`},
		{"11/24/2019", `{"written":"11/24/2019","from":"2019-11-24"}`},
		{"04/04/2020", `{"written":"04/04/2020","from":"2020-04-04"}`},
		{"09-September-2021", `{"written":"09-September-2021","from":"2021-09-09"}`},
		{"3rd of March 2023", `{"written":"3rd of March 2023","from":"2023-03-03"}`},
		{"Thursday, March 21, 2024", `{"written":"Thursday, March 21, 2024","from":"2024-03-21"}`},
		{"2021 Sept 9", `{"written":"2021 Sept 9","from":"2021-09-09"}`},
		{"March 3rd", `{"written":"March 3rd","from":"2024-03-03"}`},
		{"April 23rd", `{"written":"April 23rd","from":"2023-04-23"}`},
		{"21 mar", `{"written":"21 mar","from":"2024-03-21"}`},
		{"today", `{"written":"today","from":"2024-03-22"}`},
		{"yesterday", `{"written":"yesterday","from":"2024-03-21"}`},
		{"3 days ago", `{"written":"3 days ago","from":"2024-03-19"}`},
		{"monday", `{"written":"monday","from":"2024-03-18"}`},
		{"Sept 2021", `{"written":"Sept 2021","from":"2021-09-01","to":"2021-09-30","month":true}`},
		{"February 2024", `{"written":"February 2024","from":"2024-02-01","to":"2024-02-29","month":true}`},
		{"2023-02", `{"written":"2023-02","from":"2023-02-01","to":"2023-02-28","month":true}`},
		{"2021-09-09 – 2021-09-16", `{"written":"2021-09-09 – 2021-09-16","from":"2021-09-09","to":"2021-09-16"}`},
		{"2021-09-09 to 2021-09-16", `{"written":"2021-09-09 to 2021-09-16","from":"2021-09-09","to":"2021-09-16"}`},
		{"2021-09-09–2021-09-09", `{"written":"2021-09-09–2021-09-09","from":"2021-09-09"}`},
		{"9 September – 16 September 2021", `{"written":"9 September – 16 September 2021","from":"2021-09-09","to":"2021-09-16"}`},
		{"2030-01-01", `{"written":"2030-01-01","from":"2030-01-01"}`},
	} {
		d, err := incident.ReadDate(c.typed, typedAt, zoneNamed(t, "Asia/Tokyo")) // where it is the 22nd already
		if err != nil {
			t.Errorf("%q: %v", c.typed, err)
			continue
		}
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != c.want {
			t.Errorf("%q became %s, want %s", c.typed, text, c.want)
		}
	}
}

func TestReadDateRefuses(t *testing.T) {
	const forms = "Write for example 2024-03-21, 21 March 2024, March 2024, or 2024-03-21 to 2024-03-22."
	for typed, want := range map[string]string{
		"":                         "A date is missing. " + forms,
		"03/04/2020":               "03/04/2020 can be 3 April or 4 March. Write 2020-04-03 or 2020-03-04.",
		"26/11/19":                 "26/11/19 does not say which number is the year. Write the year first and in full, such as 2024-03-21.",
		"2020-02-30":               `"2020-02-30" is not a date: February 2020 has 29 days. Write for example 2020-02-29.`,
		"2020-13-01":               `"2020-13-01" is not a date: months go from 1 to 12. Write year, month and day, such as 2024-03-21.`,
		"31/31/2020":               `"31/31/2020" is not a date: months go from 1 to 12. Write year, month and day, such as 2024-03-21.`,
		"0219-11-21":               `"0219-11-21" is not a date that I can file: years go from 1980 to 2199. Write for example 2024-03-21.`,
		"feb 30":                   `"feb 30" is not a date: February has at most 29 days. Write for example 2024-03-21.`,
		"3 march 21":               `"3 march 21" does not show a year of four digits. Write for example 2024-03-21.`,
		"friday 2024-03-21":        "21 March 2024 is a Thursday, not a Friday. Correct the date or the weekday.",
		"May":                      `"may" is not a date that I can read. ` + forms,
		"2024":                     `"2024" is not a date that I can read. ` + forms,
		"2024-03-21 14:05":         `"2024-03-21 14:05" is not a date that I can read. ` + forms,
		"2021-09-16 to 2021-09-09": `"2021-09-16 to 2021-09-09" runs backwards: it ends before it begins. Write the earlier day first.`,
		"May 2021 to June 2021":    `"May 2021 to June 2021" leaves a day open. Write both ends in full, such as 2024-03-21 to 2024-03-22.`,
		"29 feb – 1 march 2023":    `"29 February" is not a date: February 2023 has 28 days. Write for example 2023-02-28.`,
	} {
		_, err := incident.ReadDate(typed, typedAt, incident.Zone{})
		wantRefusal(t, err, want)
	}
}

func TestReadDateOfALeapDay(t *testing.T) {
	for typed, want := range map[string]string{"2024-02-28": "2020-02-29", "2024-02-29": "2024-02-29", "2027-06-01": "2024-02-29"} {
		d, err := incident.ReadDate("Feb 29", instant(t, typed+"T12:00:00Z"), incident.Zone{})
		if err != nil || d.From.String() != want {
			t.Errorf("on %s: %s (%v), want %s", typed, d.From, err, want)
		}
	}
}

func TestReadInstant(t *testing.T) {
	for typed, want := range map[string]string{
		"2024-03-21":           "2024-03-20T23:00:00Z",
		"2024-03-21T12:33:18Z": "2024-03-21T12:33:18Z",
		"2031-07-01 09:00":     "2031-07-01T07:00:00Z",
		"tomorrow 9:00":        "2024-03-22T08:00:00Z",
		"now":                  "2024-03-21T15:04:00Z",
	} {
		at, err := incident.ReadInstant(typed, typedAt, zoneNamed(t, "Europe/Paris"))
		if err != nil || !at.Equal(instant(t, want)) || at.Location() != time.UTC {
			t.Errorf("%q became %s (%v), want %s", typed, at, err, want)
		}
	}
	for _, typed := range []string{"?", "~14:05", "14:05~14:10", "2024-03-21~2024-03-22"} {
		_, err := incident.ReadInstant(typed, typedAt, incident.Zone{})
		wantRefusal(t, err, `"`+typed+`" is not one exact time. Write a date or a date and a time, such as 2024-03-21 or 2024-03-21T14:05.`)
	}
}
