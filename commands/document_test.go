package commands_test

import (
	"slices"
	"strings"
	"testing"

	"boswell/incident"
)

func TestSet(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, "set summary It was  broken.", "Set the summary of INC-1 to “It was broken.”", "undo")
	h.says("Ada", ops, "set summary It was  broken.", "says so already")
	h.says("Ada", ops, "set +summary And slow.", "now 2 paragraphs", "“And slow.”")
	h.says("Ada", ops, "set +impact 12 shops", "Added to impact of INC-1, now 1 item")
	h.says("Ada", ops, "set +IMPACT 3 days", "now 2 items")
	h.says("Ada", ops, "set authors Ada, Grace and Alan", "Ada, Grace and Alan")
	h.says("Ada", ops, "set number #12", "#12")
	h.says("Ada", ops, "set date 2024/03/21", "2024-03-21")
	h.says("Ada", ops, "set date March 20 to March 21", "2024-03-20 to 2024-03-21")
	h.says("Ada", ops, "set date March 2024", "March 2024")
	h.says("Ada", ops, "set zone europe/paris", "Europe/Paris")
	h.says("Ada", ops, "set precision seconds", "second")
	h.says("Ada", ops, "set published 2030-01-02T10:00Z", "2 January 2030 11:00 Europe/Paris")
	h.says("Ada", ops, `set front.tags ["a","b"]`, `["a","b"]`)
	h.says("Ada", ops, "set summary -", "is empty now")
	h.says("Ada", ops, "set number -", "is empty now")
	h.says("Ada", ops, "set published -", "is empty now")
	h.message = "Line one\n\n  line two "
	h.says("Ada", ops, "set background from:message", "“Line one line two”")
	in := h.incident(1)
	if got := in.Text(incident.FieldBackground); got != "Line one\n\n  line two" {
		t.Errorf("the background is %q", got)
	}
	if got := in.Values(incident.FieldImpact); !slices.Equal(got, []string{"12 shops", "3 days"}) {
		t.Errorf("the impact is %q", got)
	}
	h.says("Ada", ops, "show fields", "authors Ada Grace Alan", "date March 2024", "front.tags", "impact 12 shops")
}

func TestSetRefuses(t *testing.T) {
	h := started(t)
	h.refuses("Ada", ops, "set sumary x", `"summary"`)
	h.refuses("Ada", ops, "set front.a{b x", "front matter")
	h.refuses("Ada", ops, "set +title x", "one value")
	h.refuses("Ada", ops, "set title -", "cannot be empty")
	h.refuses("Ada", ops, "set zone Pairs", "Paris")
	h.refuses("Ada", ops, "set zone CEST", "Berlin")
	h.refuses("Ada", ops, "set date 03/04/2024", "3 April", "4 March")
	h.refuses("Ada", ops, "set date soon", "not a date")
	h.refuses("Ada", ops, "set precision hour", "minute")
	h.refuses("Ada", ops, "set number many", "many")
	h.refuses("Ada", ops, "set summary "+strings.Repeat("é", 20001), "20001")
	h.refuses("Ada", ops, "set background from:message", "no text")
	h.refuses("Ada", ops, "set background a\x00b", "U+0000")
}

func TestTitleChangesTheCard(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "set title Checkout and search are down")
	sent := h.expectSent("edit ops")
	if got := cardText(sent[0]); !strings.Contains(got, "Checkout and search are down") {
		t.Errorf("the card says %q", got)
	}
	h.must("Ada", ops, "set summary x")
	h.expectSent()
}

func TestCauses(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, `cause root title:"No limit" Clients retried.`, "Cause 1 of INC-1 (root): “Clients retried.”")
	h.says("Ada", ops, "cause contributing Nobody watched.", "Cause 2 of INC-1 (contributing)")
	h.says("Ada", ops, "cause 2 recommend Watch the queue.", "Recommended for cause 2", "“Nobody watched.”", "“Watch the queue.”")
	h.says("Ada", ops, "cause 2 recommend Watch the queue.", "Nothing was changed")
	h.says("Ada", ops, "show causes", "1 root: No limit. Clients retried.", "2 contributing: Nobody watched.", "• Watch the queue.")
	h.says("Ada", ops, "cause 1 remove", "Took out cause 1", "“No limit”", "undo")
	h.says("Ada", ops, "undo", "The cause")
	h.message = "From a message."
	h.says("Ada", ops, "cause superficial from:message", "Cause 3", "“From a message.”")
	h.refuses("Ada", ops, "cause 7 recommend x", "no cause 7")
	h.refuses("Ada", ops, "cause 0 remove", "no cause 0")
	if n := len(h.incident(1).Causes); n != 3 {
		t.Errorf("%d causes", n)
	}
}

func TestLessons(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, "lesson well It was fast.", "Lesson 1 of INC-1 under well: “It was fast.”")
	h.says("Ada", ops, "lesson lucky It was Sunday.", "Lesson 1", "lucky")
	h.says("Ada", ops, "lesson well We slept.", "Lesson 2", "well")
	h.says("Ada", ops, "show lessons", "well 1 It was fast.", "well 2 We slept.", "lucky 1 It was Sunday.")
	h.says("Ada", ops, "lesson remove well 1", "“It was fast.”")
	h.refuses("Ada", ops, "lesson remove wrong 1", "no lesson of the kind wrong")
	h.refuses("Ada", ops, "lesson good x", `"good"`, "well")
}

func TestActions(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, `action type:prevent term:short priority:1 owner:"Team A" due:2024-05-01 bug:https://example.com/1 Limit retries.`,
		"Action item 1 of INC-1, prevent, term short, priority 1, owner Team A, due 2024-05-01, https://example.com/1: “Limit retries.”")
	h.says("Ada", ops, "action Add an alert.", "Action item 2 of INC-1: “Add an alert.”")
	h.says("Ada", ops, "action 1 done", "is done")
	h.says("Ada", ops, "action 1 done", "Nothing was changed")
	h.says("Ada", ops, "action 1 reopen", "to do again")
	h.says("Ada", ops, "action 2 outcome It was there.", "“It was there.”")
	h.says("Ada", ops, "action 1 edit owner:- type:- due:- priority:0 Limit them.", "Action item 1 of INC-1, term short, https://example.com/1: “Limit them.”")
	h.says("Ada", ops, "show actions", "1 to do, term short", "2 to do: “Add an alert.” Outcome: “It was there.”")
	h.says("Ada", ops, "action 2 remove", "Took out action item 2 of INC-1: “Add an alert.”")
	h.refuses("Ada", ops, "action 2 done", "1 to 1")
	h.refuses("Ada", ops, "action type:prevnt x", `"prevent"`)
	h.refuses("Ada", ops, "action bug:issues/12 x", "address")
	h.refuses("Ada", ops, "action due:whenever x", "not a date")
	h.refuses("Ada", ops, "action 1 edit due:whenever", "not a date")
	h.refuses("Ada", ops, "action priority:high x", "whole number")
	h.refuses("Ada", ops, "action priority:5000 x", "5000")
}

func TestSupport(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, "support remove me: https://example.com/graph", "(1 item)", "“remove me: https://example.com/graph”")
	h.message = "+ a\n- b"
	h.says("Ada", ops, `support title:"The change" from:message`, "(2 items)")
	h.says("Ada", ops, "show support", "1 link: remove me", "2 text: The change")
	h.says("Ada", ops, "support 1 remove", "“remove me: https://example.com/graph”")
	h.refuses("Ada", ops, "support 5 remove", "no supporting information 5")
	if got := h.incident(1).Supporting(); len(got) != 1 || got[0].Text != "+ a\n- b" {
		t.Errorf("it is supported by %v", got)
	}
}
