// Package agree compares an incident as package postmortem exports it in JSON with a report kept as data.
//
// The invariant: only what an incident itself says is compared. What a report says about its own layout and source is
// passed over, blanks at the two ends of a text do not count, and nothing that the report leaves open is demanded.
package agree

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Agree lists in words where got, an incident exported as JSON, differs from want, a report as data. It is empty where they
// agree. Input that is no JSON object is a difference too.
func Agree(got, want []byte) []string {
	var c comparison
	g, err := object(got)
	if err != nil {
		c.differ("the exported incident", "%v", err)
	}
	w, err := object(want)
	if err != nil {
		c.differ("the report", "%v", err)
	}
	if len(c.found) > 0 {
		return c.found
	}
	c.fields(g, w)
	c.causes(g.items("root_causes"), w.items("root_causes"))
	c.timeline(g.items("timeline"), w.items("timeline"))
	c.responders(g.items("responders"), w.items("responders"))
	c.actions(g.items("action_items"), w.items("action_items"))
	c.supporting(g.items("supporting"), w.items("supporting"))
	c.frontMatter(g.part("front_matter"), w.part("front_matter"))
	c.metrics(g.part("metrics"), w.part("metrics"))
	return c.found
}

// A record is a JSON object as it was decoded.
type record map[string]any

func object(data []byte) (record, error) {
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	if r == nil {
		return nil, errors.New("is null")
	}
	return r, nil
}

// text is a text field without blanks at its ends; one that is null or missing is empty.
func (r record) text(name string) string {
	s, _ := r[name].(string)
	return strings.TrimSpace(s)
}

// number is a number; one that is null or missing is 0.
func (r record) number(name string) float64 {
	n, _ := r[name].(float64)
	return n
}

// yes is a truth value; one that is null or missing is false.
func (r record) yes(name string) bool {
	b, _ := r[name].(bool)
	return b
}

// texts are the texts of a list, without blanks at their ends.
func (r record) texts(name string) []string {
	values, _ := r[name].([]any)
	found := make([]string, len(values))
	for i, v := range values {
		s, _ := v.(string)
		found[i] = strings.TrimSpace(s)
	}
	return found
}

// part is an object within; one that is null or missing is empty.
func (r record) part(name string) record {
	p, _ := r[name].(map[string]any)
	return p
}

// items are the objects of a list.
func (r record) items(name string) []record {
	values, _ := r[name].([]any)
	found := make([]record, len(values))
	for i, v := range values {
		found[i], _ = v.(map[string]any)
	}
	return found
}

// A comparison collects differences.
type comparison struct{ found []string }

func (c *comparison) differ(where, format string, args ...any) {
	c.found = append(c.found, where+": "+fmt.Sprintf(format, args...))
}

// equal notes a difference of two values that print differently.
func (c *comparison) equal(where string, got, want any) {
	if g, w := fmt.Sprintf("%q", fmt.Sprint(got)), fmt.Sprintf("%q", fmt.Sprint(want)); g != w {
		c.differ(where, "got %s, want %s", g, w)
	}
}

// same counts two lists and notes a difference of their lengths.
func (c *comparison) same(where string, got, want int) bool {
	if got != want {
		c.differ(where, "got %d, want %d", got, want)
	}
	return got == want
}

func (c *comparison) texts(where string, got, want []string) {
	if !c.same("number of "+where, len(got), len(want)) {
		return
	}
	for i := range want {
		c.equal(fmt.Sprintf("%s %d", where, i+1), got[i], want[i])
	}
}
