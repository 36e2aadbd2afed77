package commands

import (
	"errors"
	"fmt"
	"strings"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

const fieldWords chat.FieldID = "words"

// listed is the most incidents that an answer lists.
const listed = 30

func listCommand() *Command {
	return &Command{
		Name:     "list",
		Help:     "The incidents under way that you can see",
		Args:     []chat.Arg{choiceArg(fieldPart, "Those that have ended too", []string{partAll}, partAll)},
		Examples: []string{"list", "list all"},
		Reads:    true,
		Run:      runList,
	}
}

func runList(req *Request) (chat.Reply, error) {
	all := req.Text[fieldPart] == partAll
	var found []storage.Summary
	err := req.visible(func(s storage.Summary) error {
		if !all && !s.State.Live() {
			return nil
		}
		if len(found) == listed {
			return errEnough
		}
		found = append(found, s)
		return nil
	})
	if err != nil {
		return chat.Reply{}, err
	}
	if len(found) == 0 {
		return aside(req.noneListed(all)), nil
	}
	var items []chat.Text
	for _, s := range found {
		items = append(items, req.summaryLine(s))
	}
	t := lines(nil, items)
	if len(found) == listed {
		t = t.Plain(fmt.Sprintf("\nThese are the newest %d. ", listed)).Code(req.typed("find <words>")).Plain(" looks through all.")
	}
	return aside(t), nil
}

func (req *Request) noneListed(all bool) chat.Text {
	if all {
		return chat.Say("There has been no incident that you can see. ").Code(req.typed("start <title>")).Plain(" opens one.")
	}
	return chat.Say("No incident is under way that you can see. ").Code(req.typed("list all")).Plain(" shows those that have ended.")
}

// summaryLine is an incident in a list.
func (req *Request) summaryLine(s storage.Summary) chat.Text {
	t := chat.Text{}.Bold(s.ID.String()).Plain(" " + flatten(s.Title, quoteLength) + " · " + standing(s.State, s.Status))
	if s.Severity != "" {
		t = t.Plain(" · " + string(s.Severity))
	}
	if s.Commander != "" && s.State.Live() {
		t = t.Plain(" · " + incident.Commander.Title() + " " + req.name(s.Commander))
	}
	t = t.Plain(" · opened " + s.Opened.UTC().Format("2006-01-02 15:04") + " UTC")
	if s.Drill {
		t = t.Plain(" · ").Bold("DRILL")
	}
	if s.Private {
		t = t.Plain(" · private")
	}
	return t
}

func findCommand() *Command {
	return &Command{
		Name: "find",
		Help: "Incidents in whose title, fields or timeline all these words are",
		Args: []chat.Arg{{Name: fieldWords, Help: "The words to look for", Kind: chat.ArgText, Required: true, Max: incident.MaxWords,
			Example: "queue full"}},
		Examples: []string{"find queue full"},
		Reads:    true,
		Run:      runFind,
	}
}

// The bounds of a search: how many incidents it lists, and how many it reads whole. Of older ones it knows the titles.
const (
	foundMost = 10
	readMost  = 500
)

// A search goes through the incidents that a person may see.
type search struct {
	req    *Request
	words  []string // in lower case
	read   int      // how many incidents were looked at
	items  []chat.Text
	more   bool     // there are more than are listed
	broken []string // incidents whose records cannot be read
}

func runFind(req *Request) (chat.Reply, error) {
	s := search{req: req, words: strings.Fields(strings.ToLower(req.Text[fieldWords]))}
	if err := req.visible(s.look); err != nil {
		return chat.Reply{}, err
	}
	return aside(s.answer()), nil
}

// look looks into one incident.
func (s *search) look(sum storage.Summary) error {
	texts, err := s.textsOf(sum)
	if err != nil {
		return err
	}
	where, found := match(texts, s.words)
	if !found {
		return nil
	}
	if s.more = len(s.items) == foundMost; s.more {
		return errEnough
	}
	s.items = append(s.items, append(s.req.summaryLine(sum), chat.Say("\n    "+where)...))
	return nil
}

// textsOf are the texts in which the words are looked for: all of an incident, and of one that is not read its name.
func (s *search) textsOf(sum storage.Summary) ([]string, error) {
	texts := []string{sum.Title, sum.ID.String()}
	if s.read++; s.read > readMost {
		return texts, nil
	}
	in, err := s.req.Tx.Incident(sum.ID)
	if errors.Is(err, storage.ErrDamaged) {
		s.broken = append(s.broken, sum.ID.String())
		return texts, nil
	}
	if err != nil {
		return nil, err
	}
	return append(texts, textsOf(in)...), nil
}

// answer says what was found, and how far was looked.
func (s *search) answer() chat.Text {
	t := chat.Say("Nothing that you can see has " + quote(s.req.Text[fieldWords]) + ".")
	if len(s.items) > 0 {
		t = lines(nil, s.items)
	}
	if s.more {
		t = t.Plain(fmt.Sprintf("\nThere are more than these %d. Add a word.", foundMost))
	}
	if s.read > readMost {
		t = t.Plain(fmt.Sprintf("\nI read the newest %d; of older ones I know the titles.", readMost))
	}
	if len(s.broken) > 0 {
		t = t.Plain("\nThe records of " + andList(s.broken) + " are damaged: there I know the title alone.")
	}
	return t
}

// textsOf are the texts of an incident that its export prints. What was deleted or untagged is not among them.
func textsOf(in *incident.Incident) []string {
	texts := []string{in.Status()}
	for _, name := range incident.Fields() {
		texts = append(texts, in.Values(incident.Field(name))...)
	}
	for _, e := range in.Timeline() {
		texts = append(texts, e.Text)
	}
	for _, c := range in.Causes {
		texts = append(append(texts, c.Title, c.Text), c.Recommendations...)
	}
	for _, l := range in.Lessons {
		texts = append(texts, l.Text)
	}
	for _, a := range in.Actions {
		texts = append(texts, a.Text, a.Outcome)
	}
	for _, item := range in.Supporting() {
		texts = append(texts, item.Title, item.Text)
	}
	return texts
}

// match says whether every word is in one of the texts, and shows the text that has most of them.
func match(texts, words []string) (where string, found bool) {
	missing := map[string]bool{}
	for _, w := range words {
		missing[w] = true
	}
	best := 0
	for _, text := range texts {
		lower, hits := strings.ToLower(text), 0
		for _, w := range words {
			if strings.Contains(lower, w) {
				delete(missing, w)
				hits++
			}
		}
		if hits > best {
			best, where = hits, text
		}
	}
	return around(where, words), len(missing) == 0 && best > 0
}

// around is the part of a text that begins shortly before the first of the words.
func around(text string, words []string) string {
	flat := []rune(strings.Join(strings.Fields(text), " "))
	at := len(flat)
	for _, w := range words {
		if i := strings.Index(strings.ToLower(string(flat)), w); i >= 0 {
			at = min(at, len([]rune(strings.ToLower(string(flat))[:i])))
		}
	}
	const before = 30
	if at > len(flat) || at <= before {
		return cut(string(flat), quoteLength)
	}
	return "…" + cut(string(flat[at-before:]), quoteLength)
}
