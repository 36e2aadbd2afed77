package inorder_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"boswell/chat/inorder"
)

// unbroken fails the test where a job panics.
func unbroken(t *testing.T) inorder.Broke {
	return func(lane string, fault any, stack []byte) {
		t.Errorf("a job of %s panicked: %v\n%s", lane, fault, stack)
	}
}

func TestEachLaneKeepsItsOrder(t *testing.T) {
	const each, rooms = 200, 7
	lanes, ran := inorder.New(10, unbroken(t)), make([][]int, rooms)
	for n := range each {
		for room := range rooms {
			if !lanes.Do(t.Context(), fmt.Sprint(room), func() { ran[room] = append(ran[room], n) }) {
				t.Fatal("a job was not taken")
			}
		}
	}
	if err := lanes.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	for room, order := range ran {
		for n := range each {
			if len(order) != each || order[n] != n {
				t.Fatalf("room %d ran %v", room, order)
			}
		}
	}
}

func TestLanesGoOnBesideEachOther(t *testing.T) {
	lanes := inorder.New(2, unbroken(t))
	var both sync.WaitGroup
	both.Add(2)
	meet := func() { both.Done(); both.Wait() } // ends only when both run at once
	lanes.Do(t.Context(), "a", meet)
	lanes.Do(t.Context(), "b", meet)
	if err := lanes.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestFullLanesWaitAndGiveUp(t *testing.T) {
	lanes, held := inorder.New(1, unbroken(t)), make(chan struct{})
	lanes.Do(t.Context(), "a", func() { <-held })
	gone, leave := context.WithCancel(t.Context())
	leave()
	if lanes.Do(gone, "b", func() { t.Error("a job ran that was not taken") }) {
		t.Error("more was taken than may wait")
	}
	if err := lanes.Wait(gone); err == nil {
		t.Error("the wait ended though a job runs")
	}
	close(held)
	ran := false
	if !lanes.Do(t.Context(), "b", func() { ran = true }) {
		t.Error("there is room again, and the job was not taken")
	}
	if err := lanes.Wait(t.Context()); err != nil || !ran {
		t.Errorf("ran %v, err %v", ran, err)
	}
}

// TestBrokenJob: a job that panics takes nobody along.
func TestBrokenJob(t *testing.T) {
	var told []string
	lanes := inorder.New(2, func(lane string, fault any, stack []byte) {
		told = append(told, fmt.Sprint(lane, " ", fault, " ", strings.Contains(string(stack), "TestBrokenJob")))
	})
	ran := false
	lanes.Do(t.Context(), "a", func() { panic("oops") })
	lanes.Do(t.Context(), "a", func() { ran = true })
	if err := lanes.Wait(t.Context()); err != nil || !ran {
		t.Errorf("the next job ran %v, err %v", ran, err)
	}
	if want := []string{"a oops true"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}
