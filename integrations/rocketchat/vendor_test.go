package rocketchat_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// vendor runs programs with the vendor's own packages.
var vendor = chattest.NodeProject{Source: "conformance"}

// TestMain removes what the tests of this process installed.
func TestMain(m *testing.M) {
	status := m.Run()
	if err := errors.Join(vendor.Remove(), app.Remove()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// TestVendorClient: the vendor's own client finds in the simulator the server that it knows, and finds its way back when the
// connection is cut.
func TestVendorClient(t *testing.T) {
	folder := vendor.Installed(t)
	d := newDesk(t, rocketsim.Options{})
	node := exec.CommandContext(d.ctx, "node", "client.mjs")
	node.Dir, node.Env = folder, append(os.Environ(), "SIM="+d.w.URL(), "ROOM="+string(d.ops.Channel))
	var problems bytes.Buffer
	node.Stderr = &problems
	in, err := node.StdinPipe()
	d.must(err)
	out, err := node.StdoutPipe()
	d.must(err)
	d.must(node.Start())
	said := bufio.NewReader(out)
	if line, err := said.ReadString('\n'); err != nil || line != "READY\n" {
		t.Fatalf("the client says %q, %v\n%s", line, err, problems.String())
	}
	d.answeredBy("hello client", "heard hello client")
	d.w.Drop()
	d.must(d.w.Until(d.ctx, func() bool { return len(d.w.Listening()) == 2 }))
	last := d.answeredBy("still there?", "heard still there?")
	d.must(d.w.Delete(d.ctx, d.ann, last))
	if line, err := said.ReadString('\n'); err != nil || line != "DELETED "+string(last.Message)+"\n" {
		t.Errorf("of a deletion the client says %q, %v", line, err)
	}
	d.must(in.Close())
	go io.Copy(io.Discard, said)
	if err := node.Wait(); err != nil {
		t.Errorf("the client ended with %v\n%s", err, problems.String())
	}
}

// answeredBy lets Ann say something, and waits for the client's reaction to it and its answer in the thread.
func (d *desk) answeredBy(text, answer string) chat.Ref {
	d.Helper()
	ref := d.say(text)
	d.must(d.w.Until(d.ctx, func() bool {
		messages, err := d.w.Messages(d.ctx, d.ops)
		d.must(err)
		reacted := slices.ContainsFunc(messages, func(m chattest.Message) bool { return m.Ref == ref && len(m.Reactions["✅"]) == 1 })
		return reacted && slices.ContainsFunc(messages, func(m chattest.Message) bool {
			return m.Text() == answer && string(m.Place.Thread) == string(ref.Message)
		})
	}))
	return ref
}

// TestVendorParser: what the adapter sends is shown by the vendor's own parser as the simulator says that people see it.
func TestVendorParser(t *testing.T) {
	folder := vendor.Installed(t)
	var worlds []*rocketsim.World
	t.Run("everything", func(t *testing.T) {
		chattest.Conform(t, func(t *testing.T) chattest.World {
			w, _ := newWorld(t, chattest.NewClock(morning), rocketsim.Options{})
			worlds = append(worlds, w)
			return w
		})
	})
	var texts []string
	for _, w := range append(worlds, talkative(t)) {
		texts = append(texts, sentTexts(w.Calls())...)
	}
	if len(texts) < 10 {
		t.Fatalf("the adapter sent only %q", texts)
	}
	node := exec.CommandContext(t.Context(), "node", "parser.mjs")
	list, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	node.Dir, node.Stdin = folder, bytes.NewReader(list)
	out, err := node.Output()
	if err != nil {
		t.Fatal(err)
	}
	var seen [][][2]string
	if err := json.Unmarshal(out, &seen); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if got, want := shownAs(seen[i]), shownAs(spansOf(worlds[0].Show(text))); got != want {
			t.Errorf("the text %q\nis shown by the vendor's parser as\n%q, and by the simulator as\n%q", text, got, want)
		}
	}
}

// awkward are lines in which a client would see what nobody meant.
var awkward = []string{"start room:here Checkout *down* since 2 * 3 * 4 minutes, see INC-7.md", "help", "note :fire: in rack_7_b :) @all",
	"note at:09:00 # not a heading", "note - no list, 1. nor this, > nor a quote", `note a \[katex\] and \(more\) or $x$`,
	"set summary [click](https://example.test/) <https://example.test/|here> ||hidden|| ~~gone~~ __bold__", "cause root `unclosed and *unclosed",
	"note mail ops@example.com or call +491234567", "support https://example.test/a_b_c?d=*e*", "timeline", "show", "check", "list", "status <t:1630360800>",
	"nonsense *bold*", "role scribe ben", "export html"}

// talkative is a server where the whole bot has answered awkward lines.
func talkative(t *testing.T) *rocketsim.World {
	t.Helper()
	p := newParty(t, rocketsim.Options{})
	for _, line := range awkward {
		p.types(p.ops, line)
	}
	return p.world
}

// sentTexts are the texts that were sent.
func sentTexts(calls []rocketsim.Exchange) []string {
	var texts []string
	for _, c := range calls {
		var body struct {
			Message struct{ Msg string } `json:"message"`
			Text    string               `json:"text"`
		}
		if (c.Route == "chat.sendMessage" || c.Route == "chat.update") && json.Unmarshal(c.Body, &body) == nil {
			if text := body.Message.Msg + body.Text; text != "" && !slices.Contains(texts, text) && len(text) < 4000 {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

func spansOf(text chat.Text) [][2]string {
	var spans [][2]string
	for _, s := range text {
		spans = append(spans, [2]string{string(s.Kind), s.Text})
	}
	return spans
}

// shownAs writes what is shown as one text, with the kind before what is not plain. Ends of lines are left out: between
// blocks there may be one more or less.
func shownAs(spans [][2]string) string {
	var b strings.Builder
	kind := ""
	for _, s := range spans {
		text := strings.ReplaceAll(s[1], "\n", "")
		if s[0] != kind && text != "" {
			b.WriteString("{" + s[0] + "}")
			kind = s[0]
		}
		b.WriteString(text)
	}
	return b.String()
}
