package incident

import (
	"slices"
	"strings"
	"unicode"
)

// A Field is a part of the incident's document that people set in words. `front.<key>` fields are open.
type Field string

// The fields. Title, number, date, zone, precision, published and severity have events of their own meaning; all are set
// by the same command.
const (
	FieldTitle          Field = "title"
	FieldNumber         Field = "number"
	FieldNetwork        Field = "network"
	FieldDate           Field = "date"
	FieldZone           Field = "zone"
	FieldPrecision      Field = "precision"
	FieldAuthors        Field = "authors"
	FieldSummary        Field = "summary"
	FieldBackground     Field = "background"
	FieldTrigger        Field = "trigger"
	FieldResolution     Field = "resolution"
	FieldSteps          Field = "resolution.steps"
	FieldDetection      Field = "detection"
	FieldImpact         Field = "impact"
	FieldReferences     Field = "references"
	FieldPublished      Field = "published"
	FieldPreamble       Field = "preamble"
	FieldClosing        Field = "closing"
	FieldTimelineNote   Field = "timeline.note"
	FieldRespondersNote Field = "responders.note"
	FrontPrefix               = "front."
)

// Fields are the names of the fields that `set` takes, without the open `front.<key>`.
func Fields() []string {
	all := []Field{FieldTitle, FieldNumber, FieldNetwork, FieldDate, FieldZone, FieldPrecision, FieldAuthors,
		FieldSummary, FieldBackground, FieldTrigger, FieldResolution, FieldSteps, FieldDetection, FieldImpact,
		FieldReferences, FieldPublished, FieldPreamble, FieldClosing, FieldTimelineNote, FieldRespondersNote}
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = string(f)
	}
	return names
}

// List says whether a field is a list of items; `set +` adds an item there, and a paragraph elsewhere.
func (f Field) List() bool {
	return slices.Contains([]Field{FieldImpact, FieldReferences, FieldSteps, FieldTimelineNote}, f)
}

// single says that a field holds one value and cannot be appended to.
func (f Field) single() bool {
	return slices.Contains([]Field{FieldTitle, FieldNumber, FieldDate, FieldZone, FieldPrecision, FieldPublished}, f) ||
		strings.HasPrefix(string(f), FrontPrefix)
}

// Front says whether f is a `front.<key>` field.
func (f Field) Front() bool {
	return strings.HasPrefix(string(f), FrontPrefix) && len(f) > len(FrontPrefix)
}

// ParseField reads the name of a field; an unknown one is refused with the nearest names.
func ParseField(text string) (Field, error) {
	name := strings.ToLower(strings.TrimSpace(text))
	if strings.HasPrefix(name, FrontPrefix) {
		return frontField(name)
	}
	if slices.Contains(Fields(), name) {
		return Field(name), nil
	}
	return "", Refuse("There is no field %q.%s The fields are: %s, front.<key>.", cut(text, 40),
		DidYouMean(name, Fields()), strings.Join(Fields(), ", "))
}

func frontField(name string) (Field, error) {
	key := strings.TrimPrefix(name, FrontPrefix)
	if key == "" || len([]rune(key)) > 40 || strings.ContainsFunc(key, notOfKey) {
		return "", Refuse("%q is not a key of front matter. Use letters, digits, - and _, for example front.cover.", cut(key, 40))
	}
	return Field(name), nil
}

// notOfKey says that a character cannot stand in a key. Letters of all languages can.
func notOfKey(r rune) bool {
	return !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Digit) && !strings.ContainsRune("-_.", r)
}
