package agree

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

func (c *comparison) fields(got, want record) {
	for _, name := range []string{"title", "network", "date", "status", "preamble", "summary", "background", "trigger",
		"detection", "responders_note", "closing"} {
		c.equal(name, got.text(name), want.text(name))
	}
	c.equal("number", got.number("number"), want.number("number"))
	c.equal("published", moment(got.text("published")), moment(want.text("published")))
	for _, name := range []string{"authors", "reference_links", "impact", "timeline_note"} {
		c.texts(name, got.texts(name), want.texts(name))
	}
	for _, name := range []string{"iso", "end"} {
		c.equal("date_reading."+name, got.part("date_reading").text(name), want.part("date_reading").text(name))
	}
	gotResolution, wantResolution := got.part("resolution"), want.part("resolution")
	c.equal("resolution", gotResolution.text("text"), wantResolution.text("text"))
	c.texts("resolution steps", gotResolution.texts("steps"), wantResolution.texts("steps"))
	for _, kind := range []string{"well", "wrong", "lucky", "general"} {
		c.texts("lessons "+kind, got.part("lessons").texts(kind), want.part("lessons").texts(kind))
	}
}

// moment is an instant in UTC however it was written, and anything else, such as a date, as it is.
func moment(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func (c *comparison) causes(got, want []record) {
	if !c.same("number of causes", len(got), len(want)) {
		return
	}
	for i, w := range want {
		where := fmt.Sprintf("cause %d", i+1)
		for _, name := range []string{"kind", "title", "text"} {
			c.equal(where+" "+name, got[i].text(name), w.text(name))
		}
		c.texts(where+" recommendations", got[i].texts("recommendations"), w.texts("recommendations"))
	}
}

func (c *comparison) timeline(got, want []record) {
	if !c.same("number of timeline entries", len(got), len(want)) {
		return
	}
	for i, w := range want {
		where := fmt.Sprintf("entry %d", i+1)
		c.equal(where+" order", got[i].number("order"), w.number("order"))
		for _, name := range []string{"text", "precision", "marker"} {
			c.equal(where+" "+name, got[i].text(name), w.text(name))
		}
		for _, name := range []string{"start", "end"} {
			c.equal(where+" "+name, moment(got[i].text(name)), moment(w.text(name)))
		}
		// Of an entry without a time it says nothing.
		if w.text("start") != "" {
			c.equal(where+" approximate", got[i].yes("approximate"), w.yes("approximate"))
		}
	}
}

// responders are compared where the report says itself what they did; those that were gathered from its text are not.
func (c *comparison) responders(got, want []record) {
	got = slices.DeleteFunc(slices.Clone(got), func(r record) bool { return r.text("actions") == "" })
	want = slices.DeleteFunc(slices.Clone(want), func(r record) bool { return r.yes("derived") || r.text("actions") == "" })
	if !c.same("number of responders", len(got), len(want)) {
		return
	}
	for i, w := range want {
		where := fmt.Sprintf("responder %d", i+1)
		c.equal(where+" name", got[i].text("name"), w.text("name"))
		c.equal(where+" actions", got[i].text("actions"), w.text("actions"))
	}
}

func (c *comparison) actions(got, want []record) {
	if !c.same("number of action items", len(got), len(want)) {
		return
	}
	for i, w := range want {
		where := fmt.Sprintf("action item %d", i+1)
		for _, name := range []string{"text", "type", "owner", "outcome", "link"} {
			c.equal(where+" "+name, got[i].text(name), w.text(name))
		}
		c.equal(where+" term", term(got[i]), term(w))
		c.equal(where+" priority", got[i].number("priority"), w.number("priority"))
		c.equal(where+" done", got[i].yes("done"), w.yes("done"))
	}
}

func term(r record) string {
	if t := r.text("term"); t != "unspecified" {
		return t
	}
	return ""
}

// supporting leaves out what the report prints in another section too.
func (c *comparison) supporting(got, want []record) {
	want = slices.DeleteFunc(slices.Clone(want), func(r record) bool { return r["also_in"] != nil })
	if !c.same("number of supporting items", len(got), len(want)) {
		return
	}
	for i, w := range want {
		where := fmt.Sprintf("supporting item %d", i+1)
		c.equal(where+" title", got[i].text("title"), w.text("title"))
		c.equal(where+" text", got[i].text("text"), w.text("text"))
		if kind := w.text("kind"); kind == "diff" || kind == "code" {
			c.equal(where+" language", got[i].text("language"), w.text("language"))
		}
	}
}

// frontMatter compares the keys that the incident has.
func (c *comparison) frontMatter(got, want record) {
	for _, key := range slices.Sorted(maps.Keys(got)) {
		c.equal("front matter "+key, canonical(got[key]), canonical(want[key]))
	}
}

func canonical(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// metrics compares the durations, both ways: a figure that the report does not have is a difference.
func (c *comparison) metrics(got, want record) {
	for _, name := range []string{"ttd", "tta", "ttm", "ttr", "duration", "detection_to_resolution", "timeline_span", "largest_gap"} {
		g, w := got.part(name), want.part(name)
		if (g == nil) != (w == nil) {
			c.differ(name, "got %s, want %s", figure(g), figure(w))
			continue
		}
		c.equal(name, g.number("seconds"), w.number("seconds"))
		c.equal(name+" after entry", g.number("after"), w.number("after"))
		c.equal(name+" before entry", g.number("before"), w.number("before"))
	}
}

func figure(r record) string {
	if r == nil {
		return "nothing"
	}
	return fmt.Sprintf("%q", r.text("text"))
}
