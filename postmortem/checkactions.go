package postmortem

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"boswell/incident"
)

func (c *checker) actions() {
	if len(c.doc.Actions) == 0 {
		c.noActions()
		return
	}
	c.actionsWithout()
	c.actionWording()
	c.actionPlan()
}

var promisesActions = regexp.MustCompile(`(?i)\b(action items?|follow-?ups?)\b`)

// noActions is A1.
func (c *checker) noActions() {
	c.report("A1", SeverityWarning, "There are no action items, so nothing will change. Add one with `/incident action type:prevent <text>`.")
	if promisesActions.MatchString(c.doc.Status + "\n" + c.doc.Summary) {
		c.report("A1b", SeverityWarning, "The status or the summary speaks of action items, but there are none. Add them with `/incident action <text>`.")
	}
}

// actionsThat are the numbers, from 1, of the action items for which a test holds.
func (c *checker) actionsThat(test func(incident.Action) bool) []int {
	var numbers []int
	for i, a := range c.doc.Actions {
		if test(a) {
			numbers = append(numbers, i+1)
		}
	}
	return numbers
}

// reportActions reports something about action items, given by their numbers. In text, {n} stands for the first.
func (c *checker) reportActions(rule string, s Severity, numbers []int, text string) {
	if len(numbers) > 0 {
		text = strings.ReplaceAll(text, "{n}", strconv.Itoa(numbers[0]))
		c.report(rule, s, "%s: %s", capitalized(named("action item", "action items", numbers)), text)
	}
}

// actionsWithout is A2 and A3.
func (c *checker) actionsWithout() {
	c.reportActions("A2", SeverityWarning, c.actionsThat(func(a incident.Action) bool { return a.Owner == "" }),
		"there is no owner, so nobody will do it. `/incident action {n} edit owner:\"<name>\"` names one.")
	c.reportActions("A3", SeverityWarning, c.actionsThat(func(a incident.Action) bool { return a.Bug == "" }),
		"there is no bug to track it. `/incident action {n} edit bug:<address>` links one.")
}

var (
	vagueWords  = regexp.MustCompile(`(?i)\b(improv(e|es|ed|ing)|make \w+( \w+)? better|consider|ideally|hope|hopefully|investigat(e|es|ing)|look into|maybe|perhaps)\b`)
	aimAtPeople = regexp.MustCompile(`(?i)\b(train(ing)? (people|everybody|everyone|the team|staff|engineers|operators|developers)|be (more )?careful|pay (more )?attention|make an effort|remind (people|everybody|everyone|the team)|remember to|try harder)\b`)
)

// notVerbs are words that an action item begins with when it says how things are instead of what to do.
var notVerbs = []string{"the", "a", "an", "this", "that", "these", "those", "there", "it", "its", "we", "our", "i", "you", "they",
	"he", "she", "if", "when", "whenever", "while", "once", "because", "since", "in", "on", "at", "for", "with", "without", "all",
	"some", "any", "no", "more", "better", "ideally", "maybe", "perhaps", "currently", "need", "needs", "should"}

// actionWording is A5, A6 and A7.
func (c *checker) actionWording() {
	c.reportActions("A5", SeverityWarning, c.actionsThat(func(a incident.Action) bool { return vagueWords.MatchString(a.Text) }),
		"the wording is vague (improve, consider, investigate, …), so nobody can tell when it is done. Name the change and where it ends: `/incident action {n} edit <text>`.")
	c.reportActions("A6", SeverityWarning, c.actionsThat(func(a incident.Action) bool { return aimAtPeople.MatchString(a.Text) }),
		"it asks people to behave differently. A change of the system lasts longer; say which: `/incident action {n} edit <text>`.")
	c.reportActions("A7", SeverityInfo, c.actionsThat(func(a incident.Action) bool { return slices.Contains(notVerbs, firstWord(a.Text)) }),
		"it does not begin with what to do. Begin with a verb, like \"Add an alert for …\": `/incident action {n} edit <text>`.")
}

// firstWord is the first word of a text in lower case.
func firstWord(text string) string {
	start := strings.TrimLeftFunc(text, func(r rune) bool { return !isWordRune(r) })
	if end := strings.IndexFunc(start, func(r rune) bool { return !isWordRune(r) }); end >= 0 {
		start = start[:end]
	}
	return strings.ToLower(start)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// actionPlan is A4, A8 and A9.
func (c *checker) actionPlan() {
	actions := c.doc.Actions
	if !slices.ContainsFunc(actions, func(a incident.Action) bool { return a.Type == "prevent" }) {
		c.report("A4", SeverityInfo, "No action item prevents the next incident of this kind. `/incident action type:prevent <text>` adds one.")
	}
	other := func(a incident.Action) bool { return a.Priority != actions[0].Priority }
	if len(actions) > 1 && !slices.ContainsFunc(actions, other) {
		c.report("A8", SeverityInfo, "All action items have the same priority or none, so nobody knows which comes first. `/incident action 1 edit priority:1` sets one.")
	}
	if wrong := len(c.texts.wrong); wrong > len(actions) {
		c.report("A9", SeverityInfo, "%d things went wrong, and there are %d action items. See whether each of them is followed up: `/incident action <text>`.", wrong, len(actions))
	}
}
