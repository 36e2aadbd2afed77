package incident

import (
	"slices"
	"strings"
	"unicode"
)

// The longest texts that are taken, in characters.
const (
	MaxTitle   = 200
	MaxWords   = 300   // a name, a status, an owner
	MaxAddress = 2000  // the link of a bug
	MaxText    = 20000 // a paragraph, a note, a cause
)

// live refuses changes of an incident that has ended.
func (in *Incident) live() error {
	switch in.State {
	case StateClosed:
		return Refuse("%s is closed. `%s` opens it again.", in.ID, in.typed("reopen"))
	case StateCancelled:
		return Refuse("%s was cancelled. `%s` opens it again.", in.ID, in.typed("reopen"))
	default:
		return nil
	}
}

// typed is a command about this incident, in whatever room it is typed.
func (in *Incident) typed(line string) string { return "/incident " + in.ID.String() + " " + line }

// words reads a text of one line.
func words(text, what string, most int) (string, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	if text == "" {
		return "", Refuse("The %s is empty. Write it behind the command.", what)
	}
	if n := len([]rune(text)); n > most {
		return "", Refuse("The %s has %d characters; %d is the most. Shorten it.", what, n, most)
	}
	if r, found := unprintable(text, false); found {
		return "", Refuse("The %s contains the invisible character %U. Type it again without.", what, r)
	}
	return text, nil
}

// prose reads a text of any number of lines, verbatim.
func prose(text, what string) (string, error) {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	if strings.TrimSpace(text) == "" {
		return "", Refuse("The %s is empty. Write it behind the command.", what)
	}
	if n := len([]rune(text)); n > MaxText {
		return "", Refuse("The %s has %d characters; %d is the most. Attach it as a file and mark that with 📎.", what, n, MaxText)
	}
	if r, found := unprintable(text, true); found {
		return "", Refuse("The %s contains the invisible character %U. Type it again without.", what, r)
	}
	return text, nil
}

// unprintable finds a control character, or one that turns the direction of writing and could make a line read as
// something else. Letters of languages that are written from right to left are welcome.
func unprintable(text string, lines bool) (rune, bool) {
	i := strings.IndexFunc(text, func(r rune) bool {
		if lines && (r == '\n' || r == '\t') {
			return false
		}
		return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
	})
	if i < 0 {
		return 0, false
	}
	return []rune(text[i:])[0], true
}

// choice reads one of a few words, by itself or by one of its other names.
func choice[T ~string](text, what string, known []T, other map[string]T) (T, error) {
	word := strings.ToLower(strings.Join(strings.Fields(text), " "))
	if full, ok := other[word]; ok {
		return full, nil
	}
	var names []string
	for _, k := range known {
		if word == strings.ToLower(string(k)) {
			return k, nil
		}
		names = append(names, string(k))
	}
	hint := DidYouMean(word, names)
	slices.Sort(names)
	return "", Refuse("There is no %s %q.%s Choose one of: %s.", what, cut(text, 40), hint, strings.Join(names, ", "))
}

// ParseSeverity reads "sev1", "SEV-1", "1" or "critical".
func ParseSeverity(text string) (Severity, error) {
	word := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(text), "-", ""))
	if len(word) == 1 {
		word = "sev" + word
	}
	if len(word) == 2 && (word[0] == 'p' || word[0] == 's') {
		word = "sev" + word[1:]
	}
	s, err := choice(word, "severity", Severities(), map[string]Severity{
		"critical": Sev1, "major": Sev2, "high": Sev2, "minor": Sev3, "medium": Sev3, "low": Sev4})
	if err != nil {
		return "", Refuse("There is no severity %q. Choose one of sev1 (the worst) to sev5.", cut(text, 40))
	}
	return s, nil
}

// ParseRole reads the name of a role.
func ParseRole(text string) (Role, error) {
	return choice(text, "role", Roles(), map[string]Role{
		"ic": Commander, "incident commander": Commander, "lead": Commander, "comms": Communications,
		"comm": Communications, "ops": Operations, "notes": Scribe})
}

// ParseMarker reads the words of a marker.
func ParseMarker(text string) (Marker, error) { return choice(text, "marker", Markers(), nil) }

// ParsePrecision reads the precision of tagged messages.
func ParsePrecision(text string) (Precision, error) {
	return choice(text, "precision", []Precision{Minute, Second, Day}, map[string]Precision{"minutes": Minute, "seconds": Second, "days": Day})
}

// ParseCauseKind reads the kind of a cause.
func ParseCauseKind(text string) (CauseKind, error) {
	return choice(text, "kind of cause", CauseKinds(), nil)
}

// ParseLessonKind reads the kind of a lesson.
func ParseLessonKind(text string) (LessonKind, error) {
	return choice(text, "kind of lesson", LessonKinds(), nil)
}
