package agree_test

import (
	"strings"
	"testing"

	"boswell/postmortem/agree"
)

const exported = `{
	"title": "Lift", "number": null, "date": "May 2024", "date_reading": {"iso": "2024-05-01", "end": null},
	"published": "2024-05-02T10:00:00+02:00", "authors": ["Ines"], "status": null, "impact": ["Ten people."],
	"root_causes": [{"id": "c1", "kind": "root", "title": null, "text": "Rust.", "recommendations": ["Paint."]}],
	"resolution": {"text": "Painted.", "steps": []},
	"lessons": {"well": [], "wrong": ["Late."], "lucky": [], "general": []},
	"timeline": [
		{"order": 1, "text": "It rained.", "start": null, "end": null, "approximate": false, "precision": null, "marker": null, "author": "Ines"},
		{"order": 2, "text": "It stuck.", "start": "2024-05-01T10:00:00+02:00", "end": null, "approximate": true, "precision": "minute", "marker": "OUTAGE BEGINS"}
	],
	"responders": [{"name": "Omar", "actions": "Painted."}, {"name": "Wanja", "actions": null}],
	"action_items": [{"id": "a1", "text": "Dry it", "type": null, "term": null, "priority": null, "owner": null, "done": false, "outcome": null, "link": null}],
	"supporting": [{"handle": "e3", "kind": "diff", "title": null, "text": "- a\n+ b", "language": "diff"}],
	"front_matter": {"tags": ["lift"]},
	"metrics": {"points": {}, "ttd": null, "ttr": {"seconds": 5400, "text": "~1 hour and 30 minutes"}}
}`

const report = `{
	"slug": "lift", "layout": {"x": 1}, "title": " Lift ", "number": null, "date": "May 2024",
	"date_reading": {"iso": "2024-05-01", "confident": true},
	"published": "2024-05-02T08:00:00Z", "authors": ["Ines "], "status": null, "impact": ["Ten people."],
	"root_causes": [{"kind": "root", "text": "Rust.", "recommendations": ["Paint."], "section": "Why"}],
	"resolution": {"text": "Painted.", "steps": []},
	"lessons": {"wrong": ["Late."]},
	"timeline": [
		{"order": 1, "text": "It rained.", "start": null, "approximate": true, "precision": null, "label": "1."},
		{"order": 2, "text": "It stuck.", "start": "2024-05-01T08:00:00Z", "approximate": true, "precision": "minute", "marker": "OUTAGE BEGINS"}
	],
	"responders": [{"name": "Omar", "actions": "Painted.", "derived": false}, {"name": "Ines", "actions": null, "derived": true}],
	"action_items": [{"text": "Dry it", "term": "unspecified", "done": null, "group": "later"}],
	"supporting": [{"kind": "diff", "text": "- a\n+ b\n", "language": "diff"}, {"kind": "text", "text": "Elsewhere", "also_in": "summary"}],
	"front_matter": {"tags": ["lift"], "cover": "x.png"},
	"metrics": {"ttr": {"seconds": 5400}, "note": "…"}
}`

func TestAgree(t *testing.T) {
	if found := agree.Agree([]byte(exported), []byte(report)); len(found) > 0 {
		t.Errorf("differences where there are none: %q", found)
	}
}

// Every change of something that is compared is noticed, and named.
func TestAgreeNotices(t *testing.T) {
	for _, change := range []struct{ old, fresh, where string }{
		{`"title": "Lift"`, `"title": "Stairs"`, "title"},
		{`"number": null`, `"number": 3`, "number"},
		{`"date": "May 2024"`, `"date": null`, "date"},
		{`"iso": "2024-05-01"`, `"iso": "2024-05-02"`, "date_reading.iso"},
		{`"end": null},`, `"end": "2024-05-03"},`, "date_reading.end"},
		{`T10:00:00+02:00", "authors"`, `T10:00:00Z", "authors"`, "published"},
		{`["Ines"]`, `["Ines", "Omar"]`, "number of authors"},
		{`"status": null`, `"status": "Done"`, "status"},
		{`Ten people`, `No people`, "impact 1"},
		{`"kind": "root"`, `"kind": "superficial"`, "cause 1 kind"},
		{`"Rust."`, `"Rain."`, "cause 1 text"},
		{`["Paint."]`, `[]`, "number of cause 1 recommendations"},
		{`"Painted.", "steps": []`, `"Painted.", "steps": ["Dried."]`, "number of resolution steps"},
		{`"wrong": ["Late."]`, `"wrong": []`, "number of lessons wrong"},
		{`It rained.`, `It snowed.`, "entry 1 text"},
		{`"start": "2024-05-01T10:00:00+02:00"`, `"start": "2024-05-01T10:00:00Z"`, "entry 2 start"},
		{`"approximate": true`, `"approximate": false`, "entry 2 approximate"},
		{`"precision": "minute"`, `"precision": "second"`, "entry 2 precision"},
		{`OUTAGE BEGINS`, `DETECTED`, "entry 2 marker"},
		{`"actions": null`, `"actions": "Helped."`, "number of responders"},
		{`"name": "Omar"`, `"name": "Oma"`, "responder 1 name"},
		{`"done": false`, `"done": true`, "action item 1 done"},
		{`"term": null`, `"term": "short"`, "action item 1 term"},
		{`"priority": null`, `"priority": 2`, "action item 1 priority"},
		{`"link": null}`, `"link": "https://bugs.example/1"}`, "action item 1 link"},
		{`"language": "diff"`, `"language": ""`, "supporting item 1 language"},
		{`["lift"]`, `["stairs"]`, "front matter tags"},
		{`"seconds": 5400`, `"seconds": 5401`, "ttr"},
		{`"ttd": null`, `"ttd": {"seconds": 1, "text": "1 second"}`, "ttd"},
	} {
		if !strings.Contains(exported, change.old) {
			t.Fatalf("nothing to change: %s", change.old)
		}
		found := agree.Agree([]byte(strings.Replace(exported, change.old, change.fresh, 1)), []byte(report))
		if len(found) != 1 || !strings.HasPrefix(found[0], change.where+":") {
			t.Errorf("%s: found %q, want one difference of %s", change.fresh, found, change.where)
		}
	}
}

func TestAgreeRefusesWhatIsNoObject(t *testing.T) {
	for _, data := range []string{"", "null", "[]", `"x"`, "{"} {
		if found := agree.Agree([]byte(data), []byte(report)); len(found) != 1 || !strings.HasPrefix(found[0], "the exported incident") {
			t.Errorf("exported %q: %q", data, found)
		}
		if found := agree.Agree([]byte(exported), []byte(data)); len(found) != 1 || !strings.HasPrefix(found[0], "the report") {
			t.Errorf("report %q: %q", data, found)
		}
	}
}

// Whatever two files say, they are compared, and each difference is told in words.
func FuzzAgree(f *testing.F) {
	f.Add([]byte(exported), []byte(report))
	f.Add([]byte(`{"timeline": [1, null, {"order": "x"}], "metrics": []}`), []byte(`{"timeline": [{}, {}, {"start": 3}]}`))
	f.Fuzz(func(t *testing.T, got, want []byte) {
		for _, difference := range agree.Agree(got, want) {
			if !strings.Contains(difference, ": ") {
				t.Errorf("a difference that does not say where: %q", difference)
			}
		}
	})
}
