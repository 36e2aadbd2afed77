package slack_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
)

// vendor runs programs with the vendor's own packages.
var vendor = chattest.NodeProject{Source: "conformance"}

// TestMain removes what the tests of this process installed.
func TestMain(m *testing.M) {
	status := m.Run()
	if err := vendor.Remove(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// TestVendorClients: the vendor's own clients find in the simulator the Slack that they know.
func TestVendorClients(t *testing.T) {
	folder := vendor.Installed(t)
	d := newDesk(t, tiered(1))
	d.w.AddEmoji("pin", "pushpin")
	node := exec.CommandContext(d.ctx, "node", "clients.mjs")
	node.Dir, node.Env = folder, append(os.Environ(), "SIM="+d.w.URL())
	var problems bytes.Buffer
	node.Stderr = &problems
	in, err := node.StdinPipe()
	d.must(err)
	out, err := node.StdoutPipe()
	d.must(err)
	d.must(node.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "READY\n" {
		t.Fatalf("the clients say %q, %v\n%s", line, err, problems.String())
	}
	go io.Copy(io.Discard, out)
	d.talk()
	d.must(in.Close())
	if err := node.Wait(); err != nil {
		t.Errorf("the clients ended with %v\n%s", err, problems.String())
	}
}

// talk lets people do what the app of the vendor's clients answers.
func (d *desk) talk() {
	d.Helper()
	a, err := d.w.Type(d.ctx, d.ann, d.ops, "note a < b", nil)
	d.must(err)
	if len(a.Message.Buttons) != 1 {
		d.Fatalf("Ann sees %+v, want a button", a)
	}
	b, err := d.w.Press(d.ctx, d.ann, a.Message, a.Message.Buttons[0])
	d.must(err)
	d.want(b.Text(), "pressed v1")
	later, err := d.w.Type(d.ctx, d.ann, d.ops, "later", nil)
	d.must(err)
	d.want(later.Text(), "answered at its address")
	form, err := d.w.Type(d.ctx, d.ann, d.ops, "form", nil)
	d.must(err)
	wrong, err := d.w.Submit(d.ctx, d.ann, form, map[chat.FieldID]string{"word": "wrong"})
	d.must(err)
	if wrong.Form == nil || wrong.Field != "word" || wrong.Problem != "Another word." {
		d.Fatalf("Ann sees %+v, want the form with what is wrong", wrong)
	}
	sent, err := d.w.Submit(d.ctx, d.ann, wrong, map[chat.FieldID]string{"word": "sesame"})
	d.must(err)
	d.want(sent.Text(), "submitted sesame")
	ref := d.say("hello app")
	added, err := d.w.Call(d.ctx, d.ben, "timeline", ref)
	d.must(err)
	d.want(added.Text(), "added hello app")
	d.must(d.w.React(d.ctx, d.ben, ref, "👀", true))
	d.until("the app's reaction and answer", func() bool {
		messages, err := d.w.Messages(d.ctx, d.ops)
		d.must(err)
		last := messages[len(messages)-1]
		for _, m := range messages {
			if m.Ref == ref && len(m.Reactions["👀"]) == 2 {
				return strings.Contains(last.Text(), "hello Ann Archer")
			}
		}
		return false
	})
	d.w.Renew()
	d.until("the next socket", func() bool { return d.w.Sockets() >= 1 })
	d.idle()
}

func (d *desk) want(got, want string) {
	d.Helper()
	if got != want {
		d.Errorf("people read %q, want %q", got, want)
	}
}
