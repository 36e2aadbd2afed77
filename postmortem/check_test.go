package postmortem_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"boswell/commands"
	"boswell/incident"
	"boswell/postmortem"
)

// good is an incident in which no rule finds anything.
func good(t testing.TB) builder {
	t.Helper()
	action := func(id incident.ActionID, text, kind string, priority int) incident.Event {
		return incident.ActionAdded{Action: incident.Action{ID: id, Text: text, Type: kind, Priority: priority, Owner: "Team A", Bug: "https://bugs.example/1"}}
	}
	lesson := func(id incident.LessonID, kind incident.LessonKind, text string) incident.Event {
		return incident.LessonAdded{Lesson: incident.Lesson{ID: id, Kind: kind, Text: text}}
	}
	return build("Checkout is down",
		incident.DateSet{Date: day(t, "2024-05-14")},
		incident.PublishedSet{At: start.AddDate(0, 0, 2)},
		set(incident.FieldAuthors, "Ines", "Omar"),
		incident.StatusSet{Text: "Complete"},
		set(incident.FieldSummary, "Payments failed. It lasted 30 minutes."),
		set(incident.FieldImpact, "1,204 payments failed."),
		set(incident.FieldTrigger, "A restart."),
		set(incident.FieldResolution, "Rolled back."),
		set(incident.FieldDetection, "An alert."),
		incident.CauseAdded{Cause: incident.Cause{ID: "c1", Kind: "root", Text: "The configuration was never read."}},
		lesson("l1", incident.WentWell, "The rollback was quick."),
		lesson("l2", incident.WentWrong, "The alert was late."),
		lesson("l3", incident.GotLucky, "It was a Tuesday."),
		action("a1", "Validate the configuration in CI", "prevent", 1),
		action("a2", "Add an alert for failing payments", "detect", 2),
		note(t, "e1", "7:00", "The first payment fails.", incident.OutageBegins),
		note(t, "e2", "7:10", "The alert fires.", incident.Detected),
		note(t, "e3", "7:12", "Ines takes it.", incident.IncidentBegins),
		note(t, "e4", "7:30", "Rolled back.", incident.OutageEnds),
		incident.RoleTaken{Role: incident.Commander, Person: "Ines"},
		incident.RoleTaken{Role: incident.Scribe, Person: "Omar"},
		incident.Resolved{},
	)
}

func rulesOf(found []postmortem.Finding) []string {
	var rules []string
	for _, f := range found {
		rules = append(rules, f.Rule)
	}
	return rules
}

func TestCheckFindsNothingInAGoodPostmortem(t *testing.T) {
	for _, f := range postmortem.Check(good(t).in, byName, asked) {
		t.Errorf("%s: %s", f.Rule, f.Text)
	}
}

// Each rule fires on a good postmortem in which one thing is changed, and names the severity and what it is about.
func TestCheckRules(t *testing.T) {
	text := func(id incident.EntryID, text string) incident.Event {
		return incident.EntryReworded{Entry: id, Text: text}
	}
	at := func(id incident.EntryID, typed string) incident.Event {
		n := note(t, id, typed, "x", "").(incident.Noted)
		return incident.EntryRetimed{Entry: id, At: n.At}
	}
	action := func(change func(*incident.Action)) incident.Event {
		a := incident.Action{ID: "a1", Text: "Validate the configuration in CI", Type: "prevent", Priority: 1, Owner: "Team A", Bug: "https://bugs.example/1"}
		change(&a)
		return incident.ActionRevised{Action: a}
	}
	cause := func(text string) incident.Event {
		return incident.CauseRevised{Cause: incident.Cause{ID: "c1", Kind: "root", Text: text}}
	}
	for _, test := range []struct {
		rule     string
		severity postmortem.Severity
		about    string // in the text of the finding
		events   []incident.Event
	}{
		{"F1", "error", "summary", []incident.Event{set(incident.FieldSummary)}},
		{"F1", "error", "impact", []incident.Event{set(incident.FieldImpact, " ")}},
		{"F1", "warn", "date", []incident.Event{incident.DateSet{}}},
		{"F1", "warn", "author", []incident.Event{set(incident.FieldAuthors)}},
		{"F1", "warn", "status", []incident.Event{incident.StatusSet{}}},
		{"F1", "warn", "cause", []incident.Event{incident.CauseRemoved{Cause: "c1"}}},
		{"F1", "warn", "trigger", []incident.Event{set(incident.FieldTrigger)}},
		{"F1", "warn", "resolution", []incident.Event{set(incident.FieldResolution)}},
		{"F1", "warn", "detection", []incident.Event{set(incident.FieldDetection)}},
		{"F2", "warn", "The field trigger", []incident.Event{set(incident.FieldTrigger, "Yet to be determined")}},
		{"F2", "warn", "The status", []incident.Event{incident.StatusSet{Text: "Mitigated, still investigating"}}},
		{"F2", "warn", "Cause 1", []incident.Event{cause("TBD")}},
		{"F3", "warn", "draft", []incident.Event{incident.StatusSet{Text: "First Draft"}}},
		{"F4", "warn", "number", []incident.Event{set(incident.FieldImpact, "Some payments failed.")}},
		{"F5", "info", "lucky", []incident.Event{incident.LessonRemoved{Lesson: "l3"}}},
		{"F5", "warn", "No lesson", []incident.Event{incident.LessonRemoved{Lesson: "l1"}, incident.LessonRemoved{Lesson: "l2"}, incident.LessonRemoved{Lesson: "l3"}}},
		{"F6", "error", "still to come", []incident.Event{incident.DateSet{Date: day(t, "2024-07-14")}, incident.PublishedSet{At: asked.AddDate(0, 3, 0)}}},
		{"F6", "error", "later than the publication", []incident.Event{incident.DateSet{Date: day(t, "2024-05-17")}}},
		{"F6", "error", "more than a year", []incident.Event{incident.DateSet{Date: day(t, "2023-05-12")}}},
		{"A1", "warn", "no action items", []incident.Event{incident.ActionRemoved{Action: "a1"}, incident.ActionRemoved{Action: "a2"}}},
		{"A1b", "warn", "none", []incident.Event{incident.ActionRemoved{Action: "a1"}, incident.ActionRemoved{Action: "a2"}, incident.StatusSet{Text: "Complete, action items in progress"}}},
		{"A2", "warn", "Action item 1", []incident.Event{action(func(a *incident.Action) { a.Owner = "" })}},
		{"A3", "warn", "Action item 1", []incident.Event{action(func(a *incident.Action) { a.Bug = "" })}},
		{"A4", "info", "prevents", []incident.Event{action(func(a *incident.Action) { a.Type = "repair" })}},
		{"A5", "warn", "Action item 1", []incident.Event{action(func(a *incident.Action) { a.Text = "Improve the tests" })}},
		{"A6", "warn", "Action item 1", []incident.Event{action(func(a *incident.Action) { a.Text = "Be more careful with restarts" })}},
		{"A7", "info", "Action item 1", []incident.Event{action(func(a *incident.Action) { a.Text = "The tests are missing" })}},
		{"A8", "info", "priority", []incident.Event{action(func(a *incident.Action) { a.Priority = 2 })}},
		{"A9", "info", "3 things", []incident.Event{
			incident.LessonAdded{Lesson: incident.Lesson{ID: "l4", Kind: incident.WentWrong, Text: "No runbook."}},
			incident.LessonAdded{Lesson: incident.Lesson{ID: "l5", Kind: incident.WentWrong, Text: "No access."}}}},
		{"T1", "warn", "empty", []incident.Event{incident.EntryRemoved{Entry: "e1"}, incident.EntryRemoved{Entry: "e2"}, incident.EntryRemoved{Entry: "e3"}, incident.EntryRemoved{Entry: "e4"}}},
		{"T2", "warn", "entry 1", []incident.Event{at("e3", "?")}},
		{"T3", "info", "entry 3", []incident.Event{at("e3", "~7:12")}},
		{"T3", "info", "entry 1", []incident.Event{at("e3", "2024-05-14"), text("e3", "Somebody looked at it in the morning.")}},
		{"T4", "info", "2 hours", []incident.Event{at("e4", "9:12")}},
		{"T6", "info", ":00", []incident.Event{at("e1", "7:00:00"), at("e2", "7:10:00")}},
		{"T7", "error", "entry 1", []incident.Event{at("e3", "2024-01-14T07:12")}},
		{"T8", "warn", "UTC", []incident.Event{incident.ZoneSet{}}},
		{"T9", "warn", "entry 4", []incident.Event{note(t, "e5", "7:12", "Ines  takes it.", "")}},
		{"M1", "warn", "began", []incident.Event{incident.EntryMarked{Entry: "e1"}}},
		{"M2", "warn", "detected", []incident.Event{incident.EntryMarked{Entry: "e2"}, incident.EntryMarked{Entry: "e3"}}},
		{"M3", "warn", "over", []incident.Event{incident.EntryMarked{Entry: "e4"}}},
		{"M3b", "warn", "never resolved", []incident.Event{incident.EntryMarked{Entry: "e4", Marker: incident.OutageMitigated}, incident.StateRestored{State: incident.StateMitigated}}},
		{"M4", "error", "07:00 and it was detected at 2024-05-14 06:50", []incident.Event{at("e2", "6:50")}},
		{"M4", "error", "began and ended", []incident.Event{at("e4", "7:00"), at("e2", "7:00"), at("e3", "7:00")}},
		{"M4", "error", "/incident resolve at", []incident.Event{incident.EntryMarked{Entry: "e4"}, incident.Resolved{At: incident.At(start.Add(-2*time.Hour), incident.Minute)}}},
		{"M5", "info", "31 minutes", []incident.Event{at("e2", "7:31"), at("e3", "7:31"), at("e4", "7:40")}},
		{"M6", "info", "16 minutes", []incident.Event{at("e3", "7:26"), incident.ActionRemoved{Action: "a2"}}},
		{"M7", "warn", "2 hours", []incident.Event{set(incident.FieldSummary, "The site was down for 2 hours.")}},
		{"L1", "warn", "Entry 3", []incident.Event{text("e3", "Ines ignored the page.")}},
		{"L1", "warn", "Cause 1", []incident.Event{cause("Human error.")}},
		{"L2", "warn", "The field summary", []incident.Event{set(incident.FieldSummary, "The alert should have fired.")}},
		{"L2", "info", "Cause 1", []incident.Event{cause("A test would have caught it.")}},
		{"L3", "info", "Entry 3", []incident.Event{text("e3", "This is scary!!!")}},
		{"L4", "warn", "Cause 1", []incident.Event{cause("It was Omar.")}},
		{"L4", "warn", "Cause 1", []incident.Event{set(incident.FieldAuthors, "Grace Okafor"), cause("Grace Okafor restarted it.")}},
		{"S1", "warn", "entry 3", []incident.Event{text("e3", "Ines takes it. See the chart.")}},
		{"S2", "warn", "Supporting information 1", []incident.Event{incident.SupportAdded{Support: incident.Support{Entry: "e9", Kind: "code", Text: "log\n(END)\n"}}}},
		{"S3", "warn", "The field background", []incident.Event{set(incident.FieldBackground, "Look:\n```\ncode")}},
		{"S4", "warn", "Cause 1", []incident.Event{cause("Then we saw:")}},
		{"S5", "error", "key", []incident.Event{text("e3", "export AWS_KEY=AKIA"+"ABCDEFGHIJKLMNOP")}},
		{"S5", "error", "key", []incident.Event{text("e3", "password: hunter2hunter2")}},
		{"S5", "error", "key", []incident.Event{text("e3", "curl https://admin:swordfish@db.example/")}},
		{"S5", "error", "e-mail", []incident.Event{set(incident.FieldDetection, "Reported by ada@shop.example.")}},
		{"R1", "info", "scribe", []incident.Event{incident.ResponderRestored{Person: "Omar"}}},
		{"P1", "info", "came out on 2024-05-22", []incident.Event{incident.PublishedSet{At: start.AddDate(0, 0, 8)}}},
		{"P1", "info", "not out yet", []incident.Event{incident.PublishedSet{}}},
		{"P1", "info", "sev1", []incident.Event{incident.SeveritySet{Severity: incident.Sev1}, incident.PublishedSet{At: start.AddDate(0, 0, 4)}}},
	} {
		t.Run(test.rule+" "+test.about, func(t *testing.T) {
			found := postmortem.Check(good(t).apply(test.events...).in, byName, asked)
			for _, f := range found {
				if f.Rule == test.rule && f.Severity == test.severity && strings.Contains(f.Text, test.about) {
					return
				}
			}
			t.Errorf("no %s of severity %s about %q in %+v", test.rule, test.severity, test.about, found)
		})
	}
}

// What looks like a slip and is none.
func TestCheckLetsPass(t *testing.T) {
	text := func(text string) incident.Event { return incident.EntryReworded{Entry: "e3", Text: text} }
	for name, event := range map[string]incident.Event{
		"an image by its digest":     text("Rolled back to registry.example/shop@sha256:7f9a060569d32a1ae050."),
		"a login of git":             text("Cloned git@code.example:shop/pay.git and ssh://git@code.example/x."),
		"a word behind token":        text("The log says token: authentication failed."),
		"see supporting information": text("Patched it (see supporting information)."),
		"a link that is there":       text("Link: https://graphs.example/1"),
		"an exclamation mark":        text("It works!"),
		"a default":                  text("The default is back."),
		"a name in the timeline":     text("Omar restarts the service."),
		"about that long":            set(incident.FieldSummary, "Payments failed. Over 20 minutes of downtime."),
		"long in larger units":       set(incident.FieldSummary, "The shop was down for 0 hours and 30 minutes."),
		"a name that is a word":      set(incident.FieldAuthors, "Will", "Hope Adams"),
		"a closed code block":        set(incident.FieldBackground, "````\n```\n````"),
		"published on the last day":  incident.PublishedSet{At: start.AddDate(0, 0, 7)},
	} {
		t.Run(name, func(t *testing.T) {
			b := good(t).apply(event, incident.CauseAdded{Cause: incident.Cause{ID: "c2", Kind: "root", Text: "It will hope for the best."}})
			for _, f := range postmortem.Check(b.in, byName, asked) {
				t.Errorf("%s: %s", f.Rule, f.Text)
			}
		})
	}
}

var (
	typedCommand = regexp.MustCompile("`/incident ([^`]+)`")
	placeholders = strings.NewReplacer("<time>", "14:05", "<date and time>", "2024-03-21T14:05", "<date>", "2024-03-21", "<n>", "1",
		"<marker>", "DETECTED", "<name>", "Ada", "<names, apart by commas>", "Ada, Grace", "<person>", "me", "<address>", "https://bugs.example/1",
		"<text>", "some words")
)

// Whatever a finding tells people to type is a command, and lacks nothing.
func TestCheckNamesCommandsThatExist(t *testing.T) {
	logs, err := filepath.Glob("testdata/*/events.jsonl")
	if err != nil || len(logs) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, log := range logs {
		for _, f := range postmortem.Check(fold(t, readFile(t, log)), byName, asked) {
			told := typedCommand.FindAllStringSubmatch(f.Text, -1)
			if len(told) == 0 && f.Rule != "P1" {
				t.Errorf("%s does not say what to type: %s", f.Rule, f.Text)
			}
			for _, line := range told {
				p, err := commands.Parse(placeholders.Replace(line[1]), nil)
				if err != nil || len(p.Missing) > 0 {
					t.Errorf("%s: %q is not understood: %v, missing %v", f.Rule, line[1], err, p.Missing)
				}
			}
		}
	}
}

func TestCheckNeverQuotesASecret(t *testing.T) {
	const secret = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
	for _, f := range postmortem.Check(good(t).apply(set(incident.FieldSummary, "Use "+secret)).in, byName, asked) {
		if strings.Contains(f.Text, secret) {
			t.Errorf("%s quotes the secret: %s", f.Rule, f.Text)
		}
	}
}

func TestCheckNamesTheEntries(t *testing.T) {
	b := good(t).apply(incident.EntryRetimed{Entry: "e4"}, incident.EntryRetimed{Entry: "e3"})
	for _, f := range postmortem.Check(b.in, byName, asked) {
		if f.Rule == "T2" {
			if len(f.Entries) != 2 || f.Entries[0] != "e3" || f.Entries[1] != "e4" {
				t.Errorf("%v for the entries e3 and e4", f.Entries)
			}
			return
		}
	}
	t.Error("no T2")
}

// The heaviest findings come first, and a rule that fires a hundred times does so in one finding.
func TestCheckIsReadable(t *testing.T) {
	b := build("x")
	for i := range 100 {
		b.apply(incident.Noted{Entry: incident.EntryID("e" + string(rune('0'+i/10)) + string(rune('0'+i%10))), Text: "It was scary.", Said: start})
	}
	found := postmortem.Check(b.in, byName, asked.Add(time.Hour))
	order := map[postmortem.Severity]int{postmortem.SeverityError: 0, postmortem.SeverityWarning: 1, postmortem.SeverityInfo: 2}
	last := 0
	for _, f := range found {
		if order[f.Severity] < last {
			t.Errorf("%s is too late: %v", f.Rule, rulesOf(found))
		}
		last = order[f.Severity]
		if len(f.Text) > 320 {
			t.Errorf("%s has %d bytes: %s", f.Rule, len(f.Text), f.Text)
		}
	}
	if n := len(found); n > 25 {
		t.Errorf("%d findings", n)
	}
}
