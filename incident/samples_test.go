package incident_test

import (
	"time"

	"boswell/incident"
)

// The parts of the samples. They fill every field, so that the golden file keeps every stored name.
var (
	sampleTime    = time.Date(2031, 5, 6, 7, 8, 9, 120_000_000, time.UTC)
	sampleLater   = sampleTime.Add(25 * time.Minute)
	sampleMoment  = incident.Moment{Start: sampleTime.Truncate(time.Minute), End: sampleLater.Truncate(time.Minute), Approximate: true, Precision: incident.Minute}
	sampleDate    = incident.Date{Written: "May 2031", From: incident.Civil{Year: 2031, Month: 5, Day: 1}, To: incident.Civil{Year: 2031, Month: 5, Day: 31}, Month: true}
	sampleRoom    = incident.RoomID{Platform: "harbour", Channel: "C-quay", Thread: "T-9"}
	sampleMessage = incident.MessageRef{Platform: "harbour", Channel: "C-quay", Message: "M-41"}
	sampleFile    = incident.File{ID: "F-3", Name: "tide.go", Type: "text/x-go", Language: "go", Size: 27, Hash: "9f2c",
		Text: "package tide\n\nvar High = 7\n", Link: "https://chat.example/files/F-3", Problem: "the link had expired"}
	sampleContent = incident.Content{Author: "p-ines", Alias: "Ines (radio)", Said: sampleTime, Order: "0000000041", Text: "Pump 3 is dry & <hot>.\nSecond line.",
		Files: []incident.File{sampleFile}, Version: sampleLater, Link: "https://chat.example/C-quay/M-41"}
	sampleCause  = incident.Cause{ID: "c2", Kind: "contributing", Title: "No spare pump", Text: "The spare was lent out.", Recommendations: []string{"Keep one."}}
	sampleLesson = incident.Lesson{ID: "l3", Kind: incident.GotLucky, Text: "The tide was low."}
	sampleAction = incident.Action{ID: "a4", Text: "Buy a spare pump", Type: "prevent", Term: "short", Priority: 1, Owner: "Tariq",
		Bug: "https://bugs.example/12", Due: sampleDate, Done: true, Outcome: "Bought two."}
	sampleSupport = incident.Support{Entry: "e5", Kind: "code", Title: "Tide table", Language: "go", Text: "var High = 7",
		File: &sampleFile, Captured: sampleTime, Author: "p-tariq", Alias: "Tariq (radio)"}
	sampleResponder = incident.Responder{Person: "p-ines", Joined: sampleTime, Left: sampleLater, Did: "primed the pump", DidSeq: 6,
		Roles: []incident.RoleSpan{{Role: incident.Scribe, From: sampleTime, To: sampleLater}}}
)

// samples holds an event of every kind that is stored. Their order is that of the golden file: new ones go to the end, and
// none is ever changed or taken out.
var samples = []incident.Event{
	incident.Opened{Title: "The east lock stands open", Zone: incident.Zone{Name: "Europe/Lisbon"}, Precision: incident.Second,
		Severity: incident.Sev2, Drill: true, Private: true, Since: sampleTime},
	incident.FieldSet{Field: incident.FieldImpact, Values: []string{"Two barges waited.", "אף אחד לא נפגע."}},
	incident.FieldAppended{Field: incident.FieldSummary, Text: "A second paragraph."},
	incident.NumberSet{Number: 12},
	incident.DateSet{Date: sampleDate},
	incident.ZoneSet{Zone: incident.Zone{Name: "UTC+05:30"}},
	incident.PrecisionSet{Precision: incident.Day},
	incident.PublishedSet{At: sampleTime},
	incident.SeveritySet{Severity: incident.Sev1},
	incident.StatusSet{Text: "Mitigated; gate being welded"},
	incident.Mitigated{At: sampleMoment},
	incident.Resolved{At: sampleMoment},
	incident.StateRestored{State: incident.StateMitigated, Mitigated: sampleMoment, Resolved: sampleMoment},
	incident.Closed{},
	incident.Reopened{},
	incident.Cancelled{Reason: "The sensor was being tested."},
	incident.UpdatePosted{Text: "The gate moves again."},
	incident.ReminderSnoozed{Reminder: "update", Until: sampleLater},
	incident.Noted{Entry: "e7", At: sampleMoment, Text: "The gate stopped half way.", Said: sampleTime, After: "e6", Marker: incident.OutageBegins},
	incident.EntryReworded{Entry: "e7", Text: "The gate stopped a third of the way."},
	incident.EntryRetimed{Entry: "e7", At: sampleMoment},
	incident.EntryFollows{Entry: "e7", Text: true, Time: true},
	incident.EntryMarked{Entry: "e7", Marker: incident.Detected},
	incident.EntryRemoved{Entry: "e7"},
	incident.EntryRestored{Entry: "e7"},
	incident.Tagged{Message: sampleMessage, Tag: incident.TagTimeline, Way: incident.WayReaction + "📌", Tagger: "p-tariq", At: sampleLater, Entry: "e8"},
	incident.Untagged{Message: sampleMessage, Tag: incident.TagSupporting, Way: incident.WayPin, Tagger: "p-tariq", At: sampleLater},
	incident.MessageRead{Message: sampleMessage, Content: sampleContent},
	incident.MessageDeleted{Message: sampleMessage, At: sampleLater},
	incident.MessageUnreadable{Message: sampleMessage, Why: "I am not in that room."},
	incident.TagsOffered{Messages: []incident.MessageRef{sampleMessage}},
	incident.FileKept{Message: sampleMessage, File: sampleFile},
	incident.CauseAdded{Cause: sampleCause},
	incident.CauseRecommended{Cause: "c2", Text: "Lend out only what is spare."},
	incident.CauseRevised{Cause: sampleCause},
	incident.CauseRemoved{Cause: "c2"},
	incident.LessonAdded{Lesson: sampleLesson},
	incident.LessonRevised{Lesson: sampleLesson},
	incident.LessonRemoved{Lesson: "l3"},
	incident.ActionAdded{Action: sampleAction},
	incident.ActionRevised{Action: sampleAction},
	incident.ActionFinished{Action: "a4", Done: true},
	incident.ActionConcluded{Action: "a4", Text: "Bought two."},
	incident.ActionRemoved{Action: "a4"},
	incident.SupportAdded{Support: sampleSupport},
	incident.SupportRemoved{Entry: "e5"},
	incident.SupportRestored{Entry: "e5"},
	incident.Joined{Person: "p-ines", Did: "primed the pump"},
	incident.Left{Person: "p-ines"},
	incident.ResponderRestored{Person: "p-ines", Responder: &sampleResponder},
	incident.RoleTaken{Role: incident.Commander, Person: "p-ines"},
	incident.RoleLeft{Role: incident.Commander},
	incident.RoomLinked{Room: incident.Room{RoomID: sampleRoom, Name: "#quay", Home: true, Unreadable: "I am not in that room."}},
	incident.RoomUnlinked{Room: sampleRoom},
	incident.CardPosted{Card: sampleMessage},
	incident.Missed{Room: sampleRoom, From: sampleTime, To: sampleLater, Why: "missing permission"},
	incident.SendFailed{What: "the announcement", Room: sampleRoom, Why: "the room was deleted"},
	incident.RoomLinked{Room: incident.Room{RoomID: sampleRoom, Name: "#inc-7", Home: true, Made: true}},
}
