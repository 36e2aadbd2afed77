package local_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// listen opens the stream of a page and gives its lines.
func (h *pageHouse) listen(last string) <-chan string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	h.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.server.URL+"/events?as="+string(h.ada), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	lines := make(chan string, 64)
	go func() {
		defer close(lines)
		defer res.Body.Close()
		for scan := bufio.NewScanner(res.Body); scan.Scan(); {
			lines <- scan.Text()
		}
	}()
	return lines
}

// next is what follows a prefix in the next line that has it.
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

func TestEventsTellWhatHappens(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	lines := h.listen("")
	h.say(h.grace, "News")
	if event := next(t, lines, "event: "); event != "changed" {
		t.Errorf("event %q", event)
	}
	seen := next(t, lines, "id: ")
	h.say(h.grace, "More news")
	missed := h.listen(seen)
	if now := next(t, missed, "id: "); now == seen {
		t.Error("who comes back is not told of what they missed")
	}
	h.act(h.ada, h.roomPath()+"/messages", url.Values{"text": {"/incident start Lifts stand still"}})
	for next(t, lines, "event: ") != "beside" {
	}
}
