package postmortem

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"boswell/incident"
)

// formatVersion counts the changes of the format that a reader would notice: a field that changed its meaning or is gone.
// New fields do not count.
const formatVersion = 1

// JSON is the whole incident as data, in the fields that docs/format.md describes. What is not there is null or an empty
// list, never left out. The text of deleted and untagged messages is not in it.
func JSON(in *incident.Incident, people People) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(export(in, people)); err != nil {
		return nil, fmt.Errorf("write the incident as JSON: %w", err)
	}
	return b.Bytes(), nil
}

// exported is the incident as JSON shows it. A nil pointer is null: not there.
type exported struct {
	Version        int                 `json:"version"`
	ID             string              `json:"id"`
	State          string              `json:"state"`
	Severity       *string             `json:"severity"`
	Drill          bool                `json:"drill"`
	Private        bool                `json:"private"`
	Zone           string              `json:"zone"`
	Opened         *string             `json:"opened"`
	Closed         *string             `json:"closed"`
	Title          string              `json:"title"`
	Number         *int                `json:"number"`
	Network        *string             `json:"network"`
	Date           *string             `json:"date"`
	DateReading    exportedDate        `json:"date_reading"`
	Published      *string             `json:"published"`
	Authors        []string            `json:"authors"`
	Status         *string             `json:"status"`
	Preamble       *string             `json:"preamble"`
	Summary        *string             `json:"summary"`
	Background     *string             `json:"background"`
	ReferenceLinks []string            `json:"reference_links"`
	Impact         []string            `json:"impact"`
	RootCauses     []exportedCause     `json:"root_causes"`
	Trigger        *string             `json:"trigger"`
	Resolution     exportedResolution  `json:"resolution"`
	Detection      *string             `json:"detection"`
	Lessons        exportedLessons     `json:"lessons"`
	TimelineNote   []string            `json:"timeline_note"`
	Timeline       []exportedEntry     `json:"timeline"`
	Gaps           []exportedGap       `json:"gaps"`
	Unread         []exportedUnread    `json:"unread"`
	RespondersNote *string             `json:"responders_note"`
	Responders     []exportedResponder `json:"responders"`
	ActionItems    []exportedAction    `json:"action_items"`
	Supporting     []exportedSupport   `json:"supporting"`
	Closing        *string             `json:"closing"`
	FrontMatter    map[string]any      `json:"front_matter"`
	Rooms          []exportedRoom      `json:"rooms"`
	Metrics        exportedMetrics     `json:"metrics"`
}

type exportedDate struct {
	ISO *string `json:"iso"`
	End *string `json:"end"`
}

type exportedCause struct {
	ID              string   `json:"id"`
	Kind            string   `json:"kind"`
	Title           *string  `json:"title"`
	Text            *string  `json:"text"`
	Recommendations []string `json:"recommendations"`
}

type exportedResolution struct {
	Text  *string  `json:"text"`
	Steps []string `json:"steps"`
}

type exportedLessons struct {
	Well    []string `json:"well"`
	Wrong   []string `json:"wrong"`
	Lucky   []string `json:"lucky"`
	General []string `json:"general"`
}

type exportedAction struct {
	ID       string       `json:"id"`
	Text     string       `json:"text"`
	Type     *string      `json:"type"`
	Term     *string      `json:"term"`
	Priority *int         `json:"priority"`
	Owner    *string      `json:"owner"`
	Done     bool         `json:"done"`
	Outcome  *string      `json:"outcome"`
	Link     *string      `json:"link"`
	Due      exportedDate `json:"due"`
}

func export(in *incident.Incident, people People) exported {
	d := From(in, people)
	timeline := in.Timeline()
	loc := in.Zone.Location()
	return exported{
		Version: formatVersion, ID: in.ID.String(), State: string(in.State), Severity: given(string(in.Severity)),
		Drill: in.Drill, Private: in.Private, Zone: in.Zone.String(), Opened: instant(in.Opened, loc), Closed: instant(in.Closed, loc),
		Title: d.Title, Number: nonZero(d.Number), Network: given(d.Network),
		Date: given(in.Date.Written), DateReading: exportDays(d.Days), Published: instant(d.Published, time.UTC),
		Authors: list(d.Authors), Status: given(d.Status), Preamble: given(d.Preamble), Summary: given(d.Summary),
		Background: given(d.Background), ReferenceLinks: list(d.References), Impact: list(d.Impact), RootCauses: exportCauses(d.Causes),
		Trigger: given(d.Trigger), Resolution: exportedResolution{given(d.Resolution.Text), list(d.Resolution.Steps)},
		Detection: given(d.Detection), Lessons: exportLessons(in), TimelineNote: list(d.TimelineNotes),
		Timeline: exportTimeline(timeline, people, loc), Gaps: exportGaps(in, loc), Unread: exportUnread(in, people, loc),
		RespondersNote: given(d.RespondersNote), Responders: exportResponders(in, people, loc), ActionItems: exportActions(d.Actions),
		Supporting: exportSupporting(in, people, loc), Closing: given(d.Closing), FrontMatter: frontMatter(in),
		Rooms: exportRooms(in), Metrics: exportMetrics(in.MetricsOf(timeline), loc),
	}
}

// given is a text, or null if it is empty.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func nonZero(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// instant is a time with its offset in loc, or null.
func instant(t time.Time, loc *time.Location) *string {
	if t.IsZero() {
		return nil
	}
	return given(t.In(loc).Format(time.RFC3339Nano))
}

// list is a list that is never null.
func list(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}

func exportDays(d Days) exportedDate {
	if d.Month {
		return exportedDate{ISO: given(monthOf(d.From))}
	}
	return exportedDate{given(d.From.String()), given(d.To.String())}
}

func exportCauses(causes []incident.Cause) []exportedCause {
	out := make([]exportedCause, len(causes))
	for i, c := range causes {
		out[i] = exportedCause{string(c.ID), string(c.Kind), given(c.Title), given(c.Text), list(c.Recommendations)}
	}
	return out
}

// exportLessons keeps each lesson as it was given; the document cuts them into paragraphs.
func exportLessons(in *incident.Incident) exportedLessons {
	of := func(kind incident.LessonKind) []string {
		lessons := []string{}
		for _, l := range in.Lessons {
			if l.Kind == kind {
				lessons = append(lessons, tidy(l.Text))
			}
		}
		return lessons
	}
	return exportedLessons{of(incident.WentWell), of(incident.WentWrong), of(incident.GotLucky), of(incident.GeneralNote)}
}

func exportActions(actions []incident.Action) []exportedAction {
	out := make([]exportedAction, len(actions))
	for i, a := range actions {
		out[i] = exportedAction{string(a.ID), a.Text, given(a.Type), given(a.Term), nonZero(a.Priority), given(a.Owner),
			a.Done, given(a.Outcome), given(a.Bug), exportDays(Days{a.Due.From, a.Due.To, a.Due.Month})}
	}
	return out
}

// frontMatter is what was set for a page's front matter: a list where a list was written, else a text.
func frontMatter(in *incident.Incident) map[string]any {
	values := map[string]any{}
	for _, key := range in.FrontKeys() {
		text := tidy(in.Text(incident.Field(incident.FrontPrefix + key)))
		var items []any
		if strings.HasPrefix(text, "[") && json.Unmarshal([]byte(text), &items) == nil {
			values[key] = items
			continue
		}
		values[key] = text
	}
	return values
}
