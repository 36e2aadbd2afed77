package incident_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"boswell/incident"

	"github.com/goccy/go-yaml"
)

// casesFolder is the folder of recorded incidents, named by BOSWELL_CASES. They are other people's and not in the
// repository, so a machine without them skips the test; the machine that decides about releases must have them.
func casesFolder(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("BOSWELL_CASES")
	if folder == "" && os.Getenv("CI") == "true" {
		t.Fatal("BOSWELL_CASES is not set")
	}
	if folder == "" {
		t.Skip("BOSWELL_CASES names no folder of recorded incidents")
	}
	return folder
}

type timedReplay struct {
	Incident string `yaml:"incident"`
	Steps    []struct {
		At      string `yaml:"at"`
		Text    string `yaml:"text"`
		Becomes string `yaml:"becomes"`
		ReadsAs string `yaml:"reads_as"`
	} `yaml:"steps"`
}

type timedIncident struct {
	Published string `json:"published"`
	Timeline  []struct {
		Start       string `json:"start"`
		End         string `json:"end"`
		Approximate bool   `json:"approximate"`
		Precision   string `json:"precision"`
	} `json:"timeline"`
}

// moment is entry n of the timeline, from 1.
func (i timedIncident) moment(t *testing.T, n int) incident.Moment {
	t.Helper()
	entry := i.Timeline[n-1]
	if entry.Start == "" {
		return incident.Moment{}
	}
	m := incident.Moment{Start: instantOrDay(t, entry.Start), Approximate: entry.Approximate, Precision: incident.Precision(entry.Precision)}
	if entry.End != "" {
		m.End = instantOrDay(t, entry.End)
	}
	return m
}

func instantOrDay(t *testing.T, text string) time.Time {
	t.Helper()
	if len(text) == len(time.DateOnly) {
		text += "T00:00:00Z"
	}
	return instant(t, text)
}

func TestTimesOfTheCases(t *testing.T) {
	replays, err := filepath.Glob(filepath.Join(casesFolder(t), "replays", "*.yaml"))
	if err != nil || len(replays) == 0 {
		t.Fatalf("no replays: %v", err)
	}
	read := 0
	for _, path := range replays {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) { read += playTimes(t, path) })
	}
	if read == 0 {
		t.Error("the replays type no time")
	}
}

var typedTime = regexp.MustCompile(`^/incident (?:note|resolve|mitigate) .*?\bat:(?:"([^"]*)"|(\S+))`)

// playTimes reads every time that a replay types, in the zone set by then, and compares it with the incident's data. It
// returns how many there were.
func playTimes(t *testing.T, path string) (read int) {
	var replay timedReplay
	var want timedIncident
	load(t, path, yaml.Unmarshal, &replay)
	load(t, filepath.Join(filepath.Dir(path), replay.Incident), json.Unmarshal, &want)
	var zone incident.Zone
	for _, step := range replay.Steps {
		typed := instant(t, step.At)
		if name, ok := strings.CutPrefix(step.Text, "/incident set zone "); ok {
			zone = zoneNamed(t, name)
		}
		if date, ok := strings.CutPrefix(step.Text, "/incident set date "); ok {
			compareDate(t, date, typed, zone, step.ReadsAs)
		}
		if text, ok := strings.CutPrefix(step.Text, "/incident set published "); ok {
			if at, err := incident.ReadInstant(text, typed, zone); err != nil || !at.Equal(instant(t, want.Published)) {
				t.Errorf("published %s was read as %s (%v)", text, at, err)
			}
		}
		if part := typedTime.FindStringSubmatch(step.Text); part != nil {
			compareTime(t, part[1]+part[2], typed, zone, want, step.Becomes)
			read++
		}
	}
	return read
}

func compareTime(t *testing.T, text string, typed time.Time, zone incident.Zone, want timedIncident, becomes string) {
	t.Helper()
	r, err := incident.ReadMoment(text, typed, zone)
	if err != nil {
		t.Errorf("%s typed at %s: %v", text, typed, err)
		return
	}
	if err := incident.CheckPlausible(r, typed, zone); err != nil {
		t.Errorf("%s typed at %s: %v", text, typed, err)
	}
	n, err := strconv.Atoi(strings.TrimPrefix(becomes, "timeline."))
	if err != nil {
		return // a step that becomes no entry, or a field of one
	}
	if m := want.moment(t, n); !r.Moment.Equal(m) {
		t.Errorf("%s typed at %s was read as %s, want %s", text, typed, typedForm(r.Moment), typedForm(m))
	}
}

// compareDate checks a date against its reading: a day, two days, or of a month two days within it.
func compareDate(t *testing.T, text string, typed time.Time, zone incident.Zone, want string) {
	t.Helper()
	d, err := incident.ReadDate(text, typed, zone)
	if err != nil {
		t.Errorf("date %s: %v", text, err)
		return
	}
	first, last, _ := strings.Cut(want, "/")
	got := d.From.String() == first && d.To.String() == last
	if d.Month {
		got = d.From.String() <= first && last <= d.To.String() && first[:7] == d.From.String()[:7]
	}
	if !got {
		t.Errorf("date %s was read as %s to %s, want %s", text, d.From, d.To, want)
	}
}

func load(t *testing.T, path string, decode func([]byte, any) error, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := decode(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
