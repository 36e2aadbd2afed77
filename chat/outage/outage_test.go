package outage_test

import (
	"testing"
	"time"

	"boswell/chat/outage"
)

func TestOutageKeepsItsBeginning(t *testing.T) {
	var o outage.Outage
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.FixedZone("", 3600))
	text := func(want string) {
		t.Helper()
		if got := o.Text("The server cannot be reached"); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
	text("")
	if !o.Begin("no route", at) || o.Begin("refused", at.Add(time.Hour)) {
		t.Error("an outage is news once")
	}
	text("The server cannot be reached since 2026-03-01 08:00 UTC: refused")
	o.End()
	text("")
	if !o.Begin("no route", at.Add(2*time.Hour)) {
		t.Error("the next outage is news again")
	}
	text("The server cannot be reached since 2026-03-01 10:00 UTC: no route")
}
