package main

import (
	"strings"
	"testing"
)

func TestProgressTellsEachTenth(t *testing.T) {
	var said strings.Builder
	p := newProgress(&said, "checked")
	for done := 1; done <= 1000; done++ {
		p.tell(done, 1000)
	}
	if err := p.end(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(said.String()), "\n")
	if len(lines) != 10 || lines[0] != "checked 100 of 1000" || lines[9] != "checked 1000 of 1000" {
		t.Errorf("it said %q", lines)
	}
}

func TestProgressOfNothing(t *testing.T) {
	var said strings.Builder
	newProgress(&said, "checked").tell(0, 0)
	if said.String() != "checked 0 of 0\n" {
		t.Errorf("it said %q", said.String())
	}
}
