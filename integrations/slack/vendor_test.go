package slack_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"boswell/chat"
)

// nodeProject is a copy of the Node project with its packages installed, once for all tests.
var nodeProject = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", fmt.Sprintf("boswell-slack-node-%d-", os.Getpid()))
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(folder, onlyFiles("conformance")); err != nil {
		return "", err
	}
	install := exec.Command("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return folder, nil
})

// project is the Node project; where Node is missing, the test is skipped, unless CI=true.
func project(t *testing.T) string {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("CI") != "true" {
			t.Skipf("%s is not installed, so the vendor's clients are not run: %v", tool, err)
		}
	}
	if testing.Short() && os.Getenv("CI") != "true" {
		t.Skip("the vendor's clients are not installed in a short run")
	}
	folder, err := nodeProject()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestMain removes what the tests of this process installed; another one may be at work beside it.
func TestMain(m *testing.M) {
	status := m.Run()
	if folders, err := filepath.Glob(filepath.Join(os.TempDir(), fmt.Sprintf("boswell-slack-node-%d-*", os.Getpid()))); err == nil {
		for _, f := range folders {
			os.RemoveAll(f)
		}
	}
	os.Exit(status)
}

// TestVendorClients: the vendor's own clients find in the simulator the Slack that they know.
func TestVendorClients(t *testing.T) {
	folder := project(t)
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
