package incident

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// AddCause decides a cause. It has a title, a text or both.
func (in *Incident) AddCause(kind CauseKind, title, text string) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	c := Cause{ID: handle[CauseID]("c", in.given.causes+1), Kind: kind}
	var err error
	if strings.TrimSpace(title) != "" {
		if c.Title, err = words(title, "title of the cause", MaxTitle); err != nil {
			return nil, err
		}
	}
	if c.Title == "" || strings.TrimSpace(text) != "" {
		if c.Text, err = prose(text, "cause"); err != nil {
			return nil, err
		}
	}
	return []Event{CauseAdded{c}}, nil
}

// Recommend decides a recommendation for a cause, counted from 1 in order of entry.
func (in *Incident) Recommend(n int, text string) ([]Event, error) {
	c, err := nth(in, in.Causes, n, "cause", "cause root <text>")
	if err != nil {
		return nil, err
	}
	text, err = prose(text, "recommendation")
	if err != nil || slices.Contains(c.Recommendations, text) {
		return nil, err
	}
	return []Event{CauseRecommended{c.ID, text}}, nil
}

// RemoveCause decides that a cause is none.
func (in *Incident) RemoveCause(n int) ([]Event, error) {
	c, err := nth(in, in.Causes, n, "cause", "cause root <text>")
	if err != nil {
		return nil, err
	}
	return []Event{CauseRemoved{c.ID}}, nil
}

// AddLesson decides a lesson.
func (in *Incident) AddLesson(kind LessonKind, text string) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	text, err := prose(text, "lesson")
	if err != nil {
		return nil, err
	}
	return []Event{LessonAdded{Lesson{handle[LessonID]("l", in.given.lessons+1), kind, text}}}, nil
}

// RemoveLesson decides that a lesson is none. It is counted from 1 among those of its kind.
func (in *Incident) RemoveLesson(kind LessonKind, n int) ([]Event, error) {
	of := without(in.Lessons, func(l Lesson) bool { return l.Kind != kind })
	l, err := nth(in, of, n, "lesson of the kind "+string(kind), "lesson "+string(kind)+" <text>")
	if err != nil {
		return nil, err
	}
	return []Event{LessonRemoved{l.ID}}, nil
}

// AddAction decides an action item. Its ID is given here.
func (in *Incident) AddAction(a Action) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	a.ID = handle[ActionID]("a", in.given.actions+1)
	if err := a.check(); err != nil {
		return nil, err
	}
	return []Event{ActionAdded{a}}, nil
}

func (a *Action) check() (err error) {
	if a.Text, err = prose(a.Text, "action item"); err != nil {
		return err
	}
	if a.Type != "" {
		if a.Type, err = choice(a.Type, "type of action item", ActionTypes(), nil); err != nil {
			return err
		}
	}
	if a.Term != "" {
		if a.Term, err = choice(a.Term, "term", []string{"short", "long"}, nil); err != nil {
			return err
		}
	}
	if a.Owner != "" {
		if a.Owner, err = words(a.Owner, "owner", MaxWords); err != nil {
			return err
		}
	}
	if a.Priority < 0 || a.Priority > 999 {
		return Refuse("The priority %d is out of range. 1 is the first to do, 999 the last.", a.Priority)
	}
	return checkBug(a.Bug)
}

func checkBug(link string) error {
	if link == "" {
		return nil
	}
	if _, err := words(link, "address of the bug", MaxAddress); err != nil {
		return err
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(link, " \t\n|\uFFFD") {
		return Refuse("%q is not the address of a bug. Write it in full, like bug:https://example.com/issues/12.", cut(link, 60))
	}
	return nil
}

// FinishAction decides that an action item is done, or open again.
func (in *Incident) FinishAction(n int, done bool) ([]Event, error) {
	a, err := nth(in, in.Actions, n, "action item", "action <text>")
	if err != nil || a.Done == done {
		return nil, err
	}
	return []Event{ActionFinished{a.ID, done}}, nil
}

// ConcludeAction decides the answer that an action item found.
func (in *Incident) ConcludeAction(n int, text string) ([]Event, error) {
	a, err := nth(in, in.Actions, n, "action item", "action <text>")
	if err != nil {
		return nil, err
	}
	text, err = prose(text, "outcome")
	if err != nil || a.Outcome == text {
		return nil, err
	}
	return []Event{ActionConcluded{a.ID, text}}, nil
}

// ReviseAction decides changes of an action item.
func (in *Incident) ReviseAction(n int, revise func(*Action)) ([]Event, error) {
	a, err := nth(in, in.Actions, n, "action item", "action <text>")
	if err != nil {
		return nil, err
	}
	fresh := a
	revise(&fresh)
	if err := fresh.check(); err != nil || fresh == a {
		return nil, err
	}
	return []Event{ActionRevised{fresh}}, nil
}

// RemoveAction decides that an action item is none.
func (in *Incident) RemoveAction(n int) ([]Event, error) {
	a, err := nth(in, in.Actions, n, "action item", "action <text>")
	if err != nil {
		return nil, err
	}
	return []Event{ActionRemoved{a.ID}}, nil
}

// AddSupport decides supporting information that was typed at a time.
func (in *Incident) AddSupport(title, text string, typed time.Time) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	text, err := prose(text, "supporting information")
	if err != nil {
		return nil, err
	}
	s := Support{Entry: in.nextEntry(), Kind: TextKind(text), Text: text, Captured: typed}
	if strings.TrimSpace(title) != "" {
		if s.Title, err = words(title, "title", MaxTitle); err != nil {
			return nil, err
		}
	}
	return []Event{SupportAdded{s}}, nil
}

// RemoveSupport decides that supporting information, counted from 1 in its order, is none.
func (in *Incident) RemoveSupport(n int) ([]Event, error) {
	s, err := nth(in, in.Supporting(), n, "supporting information", "support <text>")
	if err != nil {
		return nil, err
	}
	return []Event{SupportRemoved{s.Entry}}, nil
}

// nth is the thing of a live incident that a number names.
func nth[T any](in *Incident, list []T, n int, what, add string) (T, error) {
	var none T
	if err := in.live(); err != nil {
		return none, err
	}
	switch {
	case len(list) == 0:
		return none, Refuse("%s has no %s yet. `%s` adds one.", in.ID, what, in.typed(add))
	case n < 1 || n > len(list):
		return none, Refuse("There is no %s %d. Choose one from 1 to %d.", what, n, len(list))
	default:
		return list[n-1], nil
	}
}
