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
func choice(text, what string, known []string, other map[string]string) (string, error) {
	word := strings.ToLower(strings.Join(strings.Fields(text), " "))
	if full, ok := other[word]; ok {
		return full, nil
	}
	for _, k := range known {
		if word == strings.ToLower(k) {
			return k, nil
		}
	}
	all := slices.Sorted(slices.Values(known))
	return "", Refuse("There is no %s %q.%s Choose one of: %s.", what, cut(text, 40), DidYouMean(word, known), strings.Join(all, ", "))
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
	s, err := choice(word, "severity", Severities(), map[string]string{
		"critical": "sev1", "major": "sev2", "high": "sev2", "minor": "sev3", "medium": "sev3", "low": "sev4"})
	if err != nil {
		return "", Refuse("There is no severity %q. Choose one of sev1 (the worst) to sev5.", cut(text, 40))
	}
	return Severity(s), nil
}

// ParseRole reads the name of a role.
func ParseRole(text string) (Role, error) {
	r, err := choice(text, "role", Roles(), map[string]string{
		"ic": "commander", "incident commander": "commander", "lead": "commander", "comms": "communications",
		"comm": "communications", "ops": "operations", "notes": "scribe"})
	return Role(r), err
}

// ParseMarker reads the words of a marker.
func ParseMarker(text string) (Marker, error) {
	m, err := choice(text, "marker", Markers(), nil)
	return Marker(m), err
}

// ParsePrecision reads the precision of tagged messages.
func ParsePrecision(text string) (Precision, error) {
	p, err := choice(text, "precision", []string{string(Minute), string(Second), string(Day)},
		map[string]string{"minutes": "minute", "seconds": "second", "days": "day"})
	return Precision(p), err
}

// ParseCauseKind reads the kind of a cause.
func ParseCauseKind(text string) (CauseKind, error) {
	k, err := choice(text, "kind of cause", CauseKinds(), nil)
	return CauseKind(k), err
}

// ParseLessonKind reads the kind of a lesson.
func ParseLessonKind(text string) (LessonKind, error) {
	k, err := choice(text, "kind of lesson", LessonKinds(), nil)
	return LessonKind(k), err
}
