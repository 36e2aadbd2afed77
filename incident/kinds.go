package incident

import "reflect"

func (Opened) kind() string            { return "opened" }
func (FieldSet) kind() string          { return "field_set" }
func (FieldAppended) kind() string     { return "field_appended" }
func (NumberSet) kind() string         { return "number_set" }
func (DateSet) kind() string           { return "date_set" }
func (ZoneSet) kind() string           { return "zone_set" }
func (PrecisionSet) kind() string      { return "precision_set" }
func (PublishedSet) kind() string      { return "published_set" }
func (SeveritySet) kind() string       { return "severity_set" }
func (StatusSet) kind() string         { return "status_set" }
func (Mitigated) kind() string         { return "mitigated" }
func (Resolved) kind() string          { return "resolved" }
func (StateRestored) kind() string     { return "state_restored" }
func (Closed) kind() string            { return "closed" }
func (Reopened) kind() string          { return "reopened" }
func (Cancelled) kind() string         { return "cancelled" }
func (UpdatePosted) kind() string      { return "update_posted" }
func (ReminderSnoozed) kind() string   { return "reminder_snoozed" }
func (Noted) kind() string             { return "noted" }
func (EntryReworded) kind() string     { return "entry_reworded" }
func (EntryRetimed) kind() string      { return "entry_retimed" }
func (EntryFollows) kind() string      { return "entry_follows" }
func (EntryMarked) kind() string       { return "entry_marked" }
func (EntryRemoved) kind() string      { return "entry_removed" }
func (EntryRestored) kind() string     { return "entry_restored" }
func (Tagged) kind() string            { return "tagged" }
func (Untagged) kind() string          { return "untagged" }
func (MessageRead) kind() string       { return "message_read" }
func (MessageDeleted) kind() string    { return "message_deleted" }
func (MessageUnreadable) kind() string { return "message_unreadable" }
func (TagsOffered) kind() string       { return "tags_offered" }
func (FileKept) kind() string          { return "file_kept" }
func (CauseAdded) kind() string        { return "cause_added" }
func (CauseRecommended) kind() string  { return "cause_recommended" }
func (CauseRevised) kind() string      { return "cause_revised" }
func (CauseRemoved) kind() string      { return "cause_removed" }
func (LessonAdded) kind() string       { return "lesson_added" }
func (LessonRevised) kind() string     { return "lesson_revised" }
func (LessonRemoved) kind() string     { return "lesson_removed" }
func (ActionAdded) kind() string       { return "action_added" }
func (ActionRevised) kind() string     { return "action_revised" }
func (ActionFinished) kind() string    { return "action_finished" }
func (ActionConcluded) kind() string   { return "action_concluded" }
func (ActionRemoved) kind() string     { return "action_removed" }
func (SupportAdded) kind() string      { return "support_added" }
func (SupportRemoved) kind() string    { return "support_removed" }
func (SupportRestored) kind() string   { return "support_restored" }
func (Joined) kind() string            { return "joined" }
func (Left) kind() string              { return "left" }
func (ResponderRestored) kind() string { return "responder_restored" }
func (RoleTaken) kind() string         { return "role_taken" }
func (RoleLeft) kind() string          { return "role_left" }
func (RoomLinked) kind() string        { return "room_linked" }
func (RoomUnlinked) kind() string      { return "room_unlinked" }
func (CardPosted) kind() string        { return "card_posted" }
func (Missed) kind() string            { return "missed" }
func (SendFailed) kind() string        { return "send_failed" }
func (Erased) kind() string            { return "erased" }

// kinds makes an event from its stored name. A kind is never renamed and never used again for something else.
var kinds = table(
	Opened{}, FieldSet{}, FieldAppended{}, NumberSet{}, DateSet{}, ZoneSet{}, PrecisionSet{}, PublishedSet{},
	SeveritySet{}, StatusSet{}, Mitigated{}, Resolved{}, StateRestored{}, Closed{}, Reopened{}, Cancelled{},
	UpdatePosted{}, ReminderSnoozed{},
	Noted{}, EntryReworded{}, EntryRetimed{}, EntryFollows{}, EntryMarked{}, EntryRemoved{}, EntryRestored{},
	Tagged{}, Untagged{}, MessageRead{}, MessageDeleted{}, MessageUnreadable{}, TagsOffered{}, FileKept{},
	CauseAdded{}, CauseRecommended{}, CauseRevised{}, CauseRemoved{},
	LessonAdded{}, LessonRevised{}, LessonRemoved{},
	ActionAdded{}, ActionRevised{}, ActionFinished{}, ActionConcluded{}, ActionRemoved{},
	SupportAdded{}, SupportRemoved{}, SupportRestored{},
	Joined{}, Left{}, ResponderRestored{}, RoleTaken{}, RoleLeft{},
	RoomLinked{}, RoomUnlinked{}, CardPosted{}, Missed{}, SendFailed{},
)

func table(events ...Event) map[string]reflect.Type {
	byKind := make(map[string]reflect.Type, len(events))
	for _, e := range events {
		byKind[e.kind()] = reflect.TypeOf(e)
	}
	return byKind
}

// Kind is the stored name of an event, as `audit` and `json` show it.
func Kind(e Event) string { return e.kind() }
