package web_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"boswell/incident"
	"boswell/web"
)

// listen opens the stream of an incident and gives its lines that say something.
func (f *fixture) listen(id incident.ID, last string) <-chan string {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	f.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.server.URL+"/incidents/"+id.String()+"/events", nil)
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Last-Event-ID", last)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		defer res.Body.Close()
		for scan := bufio.NewScanner(res.Body); scan.Scan(); {
			if scan.Text() != "" {
				lines <- scan.Text()
			}
		}
	}()
	return lines
}

func next(t *testing.T, lines <-chan string, prefix string) string {
	t.Helper()
	for line := range lines {
		if rest, ok := strings.CutPrefix(line, prefix); ok {
			return rest
		}
	}
	t.Fatalf("the stream ended before a line with %q", prefix)
	return ""
}

func TestEventsTellWhatChanged(t *testing.T) {
	f := newFixture(t, web.Options{})
	id := f.open("Till drawers do not open", false)
	lines := f.listen(id, "")
	first := next(t, lines, "id: ")
	f.append(id, note("e1", 1, "A drawer is stuck"))
	if second := next(t, lines, "id: "); second == first {
		t.Errorf("the change has the number of the state before it, %s", first)
	}
}

func TestEventsTellWhoComesBackWhatTheyMissed(t *testing.T) {
	f := newFixture(t, web.Options{Beat: 20 * time.Millisecond})
	id := f.open("Till drawers do not open", false)
	other := f.open("Lamps flicker", false)
	head := next(t, f.listen(id, ""), "id: ")

	current := f.listen(id, head)
	f.append(other, note("e1", 1, "Another incident"))
	next(t, current, ": still here")
	f.append(id, note("e1", 1, "A drawer is stuck"))
	if got := next(t, current, "id: "); got == head {
		t.Error("who missed nothing is told of what they know, or of another incident")
	}
	if got := next(t, f.listen(id, head), "id: "); got == head {
		t.Error("who missed something is not told")
	}
}

func TestChanged(t *testing.T) {
	f := newFixture(t, web.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	changed := f.site.Changed(ctx)
	f.open("Till drawers do not open", false)
	<-changed
	cancel()
	for range changed {
	}
}
