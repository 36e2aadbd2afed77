package incident

// ErasedTitle stands for a title whose record was erased.
const ErasedTitle = "(erased)"

// What goes with the words of an erased record, said to whoever is about to erase one.
const (
	losesNothing = "Nothing but its words is lost."
	losesItem    = "What it added is not in the incident any more."
	losesChange  = "What was there before this change stands there again."
)

// wordy are the kinds of records that hold what people wrote, each with what is lost with the words.
var wordy = map[string]string{
	Opened{}.kind(): "The title, the severity, the zone and whether it is a drill are lost. The incident is private from then on, " +
		"since nobody can tell any more whether it was.",
	Cancelled{}.kind():         losesNothing,
	UpdatePosted{}.kind():      losesNothing,
	MessageUnreadable{}.kind(): losesNothing,
	SendFailed{}.kind():        losesNothing,
	Noted{}.kind():             losesItem,
	FileKept{}.kind():          losesItem,
	CauseAdded{}.kind():        losesItem,
	LessonAdded{}.kind():       losesItem,
	ActionAdded{}.kind():       losesItem,
	SupportAdded{}.kind():      losesItem,
	FieldSet{}.kind():          losesChange,
	FieldAppended{}.kind():     losesChange,
	StatusSet{}.kind():         losesChange,
	EntryReworded{}.kind():     losesChange,
	MessageRead{}.kind():       losesChange,
	CauseRecommended{}.kind():  losesChange,
	CauseRevised{}.kind():      losesChange,
	LessonRevised{}.kind():     losesChange,
	ActionRevised{}.kind():     losesChange,
	ActionConcluded{}.kind():   losesChange,
	Joined{}.kind():            losesChange,
	ResponderRestored{}.kind(): losesChange,
	RoomLinked{}.kind():        "The room is not one of the incident's any more, so commands that are typed there do not find it. `/incident link` links it again.",
}

// Loss says what goes with the words of a record of a kind if it is erased. It refuses kinds that hold no words: without such
// a record, what it took away would come back.
func Loss(kind string) (string, error) {
	if loss, ok := wordy[kind]; ok {
		return loss, nil
	}
	return "", Refuse("A record of the kind %s holds nothing that anybody wrote, and without it what it took away could be seen again. It stays.", kind)
}

// applyErased does what can be told from the kind of an erased record alone. Nothing that was hidden may be seen because of
// it, and no handle may be given twice.
func (in *Incident) applyErased(r Record, e Erased) {
	switch e.Kind {
	case Opened{}.kind():
		in.open(r, Opened{Title: ErasedTitle, Private: true})
	case Cancelled{}.kind():
		in.applyState(r, Cancelled{})
	case UpdatePosted{}.kind():
		in.applyState(r, UpdatePosted{})
	case Noted{}.kind(), Tagged{}.kind(), SupportAdded{}.kind():
		in.given.entries++
	case CauseAdded{}.kind():
		in.given.causes++
	case LessonAdded{}.kind():
		in.given.lessons++
	case ActionAdded{}.kind():
		in.given.actions++
	}
}
