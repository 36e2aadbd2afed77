package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rs/zerolog"

	"boswell/bot"
	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// nobody is a user who owns nothing.
const nobody = 65534

// asNobody runs this binary as the program, as a user who owns nothing. Only root can.
func asNobody(t *testing.T, args ...string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can run a program as another user")
	}
	program := filepath.Join(open(t), "boswell")
	binary, err := os.ReadFile(must(t)(os.Executable()))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = filepath.Dir(program)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	said, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("boswell %q left with %v, want 1; it said:\n%s", args, err, said)
	}
	return string(said)
}

// open is a temporary folder that everybody may look into. Its name leaves room for that of a socket, however long TMPDIR is.
func open(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "boswell-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func must(t *testing.T) func(string, error) string {
	return func(s string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}

func TestFolderOfAnotherUser(t *testing.T) {
	dir := open(t)
	p := built(t, filepath.Join(dir, "data"))
	if err := p.close(); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	contains(t, asNobody(t, "try", "--data", data, "--addr", "127.0.0.1:0"), data, "permission", "chown")
	contains(t, asNobody(t, "list", "--data", data), data, "belongs to another user")
	contains(t, asNobody(t, "try", "--data", filepath.Join(dir, "new"), "--addr", "127.0.0.1:0"), "permission", "name another folder")
}

func TestConfigurationOfAnotherUser(t *testing.T) {
	path := filepath.Join(open(t), "boswell.yaml")
	put(t, path, "platforms: {chat: {kind: local}}\n")
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	contains(t, asNobody(t, "run", "--config", path), "cannot be read", "permission denied", "--config")
}

// built is a program on a folder, with the built-in chat.
func built(t *testing.T, dir string) *program {
	t.Helper()
	p, err := build(t.Context(), tryCommand{Data: dir, Addr: "127.0.0.1:0"}.config(), zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBuildLeavesNothingOpen(t *testing.T) {
	dir := open(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := tryCommand{Data: dir, Addr: address(taken.Addr().String())}.config()
	if _, err := build(t.Context(), c, zerolog.Nop()); !errors.As(err, new(incident.Refusal)) {
		t.Fatalf("a port that is taken gives %v, want a refusal", err)
	}
	if err := built(t, dir).close(); err != nil { // would be locked
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, socketName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
}

func TestSecondProgramOnAFolder(t *testing.T) {
	dir := open(t)
	p := built(t, dir)
	defer p.close()
	_, err := build(t.Context(), tryCommand{Data: dir, Addr: "127.0.0.1:0"}.config(), zerolog.Nop())
	if !errors.Is(err, storage.ErrLocked) {
		t.Errorf("a second program gets %v, want %v", err, storage.ErrLocked)
	}
}

// TestPagesTellWhatIsTypedThere: where no chat has /incident, no page tells anybody to type it.
func TestPagesTellWhatIsTypedThere(t *testing.T) {
	t.Setenv("BOSWELL_TEST_TOKEN", "token")
	const server = "server: {kind: rocketchat, url: 'https://chat.example.org', user_id: bot, token: '${BOSWELL_TEST_TOKEN}'}"
	for platforms, want := range map[string]string{
		server:                           "<code>!incident start</code>",
		server + ", talk: {kind: local}": "<code>/incident start</code>",
	} {
		c := defaults()
		if err := decode(&c, "boswell.yaml", []byte("web: {addr: '127.0.0.1:0'}\nplatforms: {"+platforms+"}")); err != nil {
			t.Fatal(err)
		}
		c.Data = open(t)
		p, err := build(t.Context(), c, zerolog.Nop())
		if err != nil {
			t.Fatal(err)
		}
		page := httptest.NewRecorder()
		p.pages.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "http://localhost/incidents", nil))
		contains(t, page.Body.String(), want)
		if err := p.close(); err != nil {
			t.Error(err)
		}
	}
}

func TestSocket(t *testing.T) {
	dir := open(t)
	l, err := openSocket(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	info, err := os.Stat(filepath.Join(dir, socketName))
	if err != nil || info.Mode().Perm() != socketMode {
		t.Errorf("the socket has mode %v (%v), want %o", info.Mode(), err, socketMode)
	}
	if _, err := openSocket(t.Context(), dir); !errors.As(err, new(incident.Refusal)) {
		t.Errorf("a socket that answers gives %v, want a refusal", err)
	}
	long := filepath.Join(dir, strings.Repeat("x", maxSocketPath))
	if _, err := openSocket(t.Context(), long); !errors.As(err, new(incident.Refusal)) {
		t.Errorf("a name that is too long gives %v, want a refusal", err)
	}
}

func TestSocketOfADeadProcessIsReplaced(t *testing.T) {
	dir := open(t)
	dead, err := openSocket(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	dead.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := openSocket(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestServeFinishes stops a server while requests are under way: one that ends soon is answered, one that does not is cut off.
func TestServeFinishes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	arrived, release := make(chan string, 2), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- r.URL.Path
		if r.URL.Path == "/for-ever" {
			<-r.Context().Done()
			return
		}
		<-release
		io.WriteString(w, "finished")
	})
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, l, handler) }()
	answers := map[string]chan string{"/soon": make(chan string, 1), "/for-ever": make(chan string, 1)}
	for path, answer := range answers {
		go func() { answer <- ask("http://" + l.Addr().String() + path) }()
	}
	<-arrived
	<-arrived
	stop()
	close(release)
	if have := <-answers["/soon"]; have != "finished" {
		t.Errorf("the request under way got %q", have)
	}
	if have := <-answers["/for-ever"]; have == "finished" {
		t.Error("the request without an end got an answer")
	}
	if err := <-served; err != nil {
		t.Errorf("serve left with %v", err)
	}
}

func ask(address string) string {
	resp, err := http.Get(address)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func TestHealth(t *testing.T) {
	h := healthOf(beat{}, map[chat.PlatformID]bot.Standing{"a": {}, "b": {}})
	if !h.OK || h.code() != http.StatusOK || h.tell(io.Discard) != nil {
		t.Errorf("all is well, and it says %+v", h)
	}
	h = healthOf(beat{}, map[chat.PlatformID]bot.Standing{"a": {}, "b": {Trouble: "it does not answer"}})
	if !h.OK || h.Platforms["b"] != "it does not answer" || h.tell(io.Discard) != nil {
		t.Errorf("a connection is in trouble that may pass, and it says %+v", h)
	}
	h = healthOf(beat{damage: "INC-1 is damaged"}, nil)
	if !h.OK || h.Store != "INC-1 is damaged" || h.tell(io.Discard) != nil {
		t.Errorf("an incident is damaged, and it says %+v", h)
	}
	for _, h := range []health{
		healthOf(beat{err: storage.ErrFull}, map[chat.PlatformID]bot.Standing{"a": {}}),
		healthOf(beat{}, map[chat.PlatformID]bot.Standing{"a": {}, "b": {Lost: true, Trouble: "its token was revoked"}}),
	} {
		if h.OK || h.code() != http.StatusServiceUnavailable || !errors.As(h.tell(io.Discard), new(incident.Refusal)) {
			t.Errorf("not all is well, and it says %+v", h)
		}
	}
}

// TestDamageUnderWayIsTold: an incident under way whose log was changed is told of at the start and by the health.
func TestDamageUnderWayIsTold(t *testing.T) {
	dir := open(t)
	p := built(t, dir)
	_, err := p.store.Do(t.Context(), storage.Cause{Key: "start"}, func(tx storage.Tx) (storage.Outcome, error) {
		_, err := tx.Create(incident.Opened{Title: "The lamp is off"}, incident.StatusSet{Text: "Looking for the switch"})
		return storage.Outcome{}, err
	})
	if err := errors.Join(err, p.close()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "boswell.db")
	contents, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	put(t, file, strings.ReplaceAll(string(contents), `{"text":"Looking for the switch"}`, `{"text":"Looking for the witch!"}`))
	var log strings.Builder
	p, err = build(t.Context(), tryCommand{Data: dir, Addr: "127.0.0.1:0"}.config(), zerolog.New(&log))
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	contains(t, log.String(), "the records of INC-1 are damaged")
	h := p.health(t.Context())
	contains(t, h.Store, "the records of INC-1 are damaged", "boswell verify")
	if !h.OK {
		t.Error("starting anew would not help, and the health asks for it")
	}
}

func TestPulseFeelsTheStore(t *testing.T) {
	p := built(t, open(t))
	if felt := p.pulse.feel(t.Context()); felt != (beat{}) {
		t.Errorf("a good store feels like %v", felt)
	}
	if err := p.close(); err != nil {
		t.Fatal(err)
	}
	if felt := (&pulse{store: p.store}).feel(t.Context()); felt.err == nil {
		t.Error("a store that is closed feels writable")
	}
}
