package incident_test

import (
	"testing"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
)

// people are the responders in their order.
func people(in *incident.Incident) []incident.PersonID {
	var all []incident.PersonID
	for _, r := range in.Responders {
		all = append(all, r.Person)
	}
	return all
}

func TestRespondersStandInTheOrderInWhichTheyJoined(t *testing.T) {
	j := newJournal(t)
	for _, p := range []incident.PersonID{"p-wen", "p-tariq", "p-ines"} {
		j.must(p)(j.in.Join(p, ""))
	}
	undoes(j, "p-wen")
	if diff := cmp.Diff([]incident.PersonID{"p-tariq", "p-ines"}, people(j.in)); diff != "" {
		t.Errorf("without the first (-want +got):\n%s", diff)
	}
	undoes(j, "p-wen")
	j.must("p-wen")(j.in.Leave("p-wen"))
	j.must("p-wen")(j.in.Join("p-wen", "held the lamp"))
	if diff := cmp.Diff([]incident.PersonID{"p-wen", "p-tariq", "p-ines"}, people(j.in)); diff != "" {
		t.Errorf("with the first again (-want +got):\n%s", diff)
	}
}

func TestWhoLeftJoinsAgain(t *testing.T) {
	for _, did := range []string{"", "held the lamp"} {
		j := newJournal(t)
		j.must("p-wen")(j.in.Join("p-wen", "held the lamp"))
		j.must("p-wen")(j.in.TakeRole(incident.Scribe, "p-wen"))
		j.must("p-wen")(j.in.Leave("p-wen"))
		if r, _ := j.in.Responder("p-wen"); r.Left.IsZero() || j.in.Holder(incident.Scribe) != "" {
			t.Errorf("who left is still there: %+v", r)
		}
		j.must("p-wen")(j.in.Join("p-wen", did))
		if r, _ := j.in.Responder("p-wen"); !r.Left.IsZero() || r.Did != "held the lamp" || j.in.Holder(incident.Scribe) != "" {
			t.Errorf("joined again with %q, they are %+v", did, r)
		}
	}
}

func TestARoleIsHandedOver(t *testing.T) {
	j := newJournal(t)
	j.must("p-ines")(j.in.TakeRole(incident.Commander, "p-ines"))
	taken := j.now
	j.must("p-ines")(j.in.TakeRole(incident.Commander, "p-wen"))
	before, _ := j.in.Responder("p-ines")
	after, _ := j.in.Responder("p-wen")
	want := []incident.RoleSpan{{Role: incident.Commander, From: taken, To: j.now}}
	if diff := cmp.Diff(want, before.Roles); diff != "" || !before.Left.IsZero() {
		t.Errorf("who had it (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]incident.RoleSpan{{Role: incident.Commander, From: j.now}}, after.Roles); diff != "" || j.in.Holder(incident.Commander) != "p-wen" {
		t.Errorf("who has it (-want +got):\n%s", diff)
	}
}

// TestWhatRespondersDidStandsWhereItWasFirstSaid keeps the place of a description that is replaced.
func TestWhatRespondersDidStandsWhereItWasFirstSaid(t *testing.T) {
	j := newJournal(t)
	j.must("p-wen")(j.in.Join("p-wen", ""))
	j.must("p-ines")(j.in.Join("p-ines", "primed the pump"))
	j.must("p-wen")(j.in.Join("p-wen", "held the lamp"))
	j.must("p-ines")(j.in.Join("p-ines", "primed both pumps"))
	ines, _ := j.in.Responder("p-ines")
	wen, _ := j.in.Responder("p-wen")
	if ines.Did != "primed both pumps" || ines.DidSeq >= wen.DidSeq || wen.DidSeq == 0 {
		t.Errorf("got %+v and %+v", ines, wen)
	}
}
