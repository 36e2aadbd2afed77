package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.etcd.io/bbolt"
)

// TestMain makes this binary the program too, so that scripts run the real one, in processes of its own that take signals.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"boswell": main, "fetch": fetch, "newer-schema": newerSchema})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		WorkdirRoot:         open(t),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			story, err := filepath.Abs("../../testdata")
			env.Setenv("STORY", story)
			env.Values[backgroundsKey{}] = map[string]*background{}
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"start": start, "quit": quit, "mode": mode},
	})
}

// fetch prints what an address answers, with its status first.
func fetch() {
	resp, err := http.Get(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer resp.Body.Close()
	fmt.Println(resp.Status)
	if _, err := io.Copy(os.Stdout, resp.Body); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// newerSchema makes the store in a folder one of a later Boswell.
func newerSchema() {
	db, err := bbolt.Open(filepath.Join(os.Args[1], "boswell.db"), 0o600, nil)
	if err == nil {
		err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("schema"), []byte("9999")) })
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A background is a program that runs beside a script.
type background struct {
	cmd  *exec.Cmd
	read chan struct{} // closed once its standard output has ended
}

var running = regexp.MustCompile(`http://([0-9.:]+)/`)

// start NAME ARGS… starts boswell and waits until it says where its pages are, which $NAME_ADDR then holds. Its standard
// error goes to NAME.err.
func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start name arguments…")
	}
	name := args[0]
	cmd := exec.Command("boswell", args[1:]...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR"))
	stderr, err := os.Create(ts.MkAbs(name + ".err"))
	ts.Check(err)
	ts.Defer(func() { stderr.Close() })
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	b := &background{cmd: cmd, read: make(chan struct{})}
	backgrounds(ts)[name] = b
	ts.Defer(func() { b.end(syscall.SIGKILL) })
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		ts.Logf("%s: %s", name, lines.Text())
		if found := running.FindStringSubmatch(lines.Text()); found != nil {
			ts.Setenv(name+"_ADDR", found[1])
			break
		}
	}
	go func() {
		defer close(b.read)
		for lines.Scan() {
		}
	}()
	if ts.Getenv(name+"_ADDR") == "" {
		b.end(syscall.SIGKILL)
		said, err := os.ReadFile(stderr.Name())
		ts.Check(err)
		ts.Fatalf("%s did not start: %s", name, said)
	}
}

// quit NAME [kill] ends what start began, and expects that it leaves with 0 unless it is killed.
func quit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: quit name [kill]")
	}
	b, ok := backgrounds(ts)[args[0]]
	if !ok {
		ts.Fatalf("nothing called %s was started", args[0])
	}
	if len(args) > 1 {
		b.end(syscall.SIGKILL)
		return
	}
	ts.Check(b.end(syscall.SIGTERM))
}

// end sends a signal and waits. A second end changes nothing.
func (b *background) end(s syscall.Signal) error {
	if b.cmd.ProcessState != nil {
		return nil
	}
	if err := b.cmd.Process.Signal(s); err != nil {
		return err
	}
	<-b.read
	return b.cmd.Wait()
}

type backgroundsKey struct{}

// backgrounds are those of one script.
func backgrounds(ts *testscript.TestScript) map[string]*background {
	return ts.Value(backgroundsKey{}).(map[string]*background)
}

// mode FILE BITS checks the permissions of a file.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); (got == args[1]) == neg {
		ts.Fatalf("%s has mode %s", args[0], got)
	}
}

// TestHelp reads the help of every command: it says what the command does and gives an example that is understood.
func TestHelp(t *testing.T) {
	var help strings.Builder
	if err := run(t.Context(), []string{"--help"}, &help, io.Discard); err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`(?m)^  ([a-z]+)`).FindAllStringSubmatch(help.String(), -1)
	if len(names) != reflect.TypeFor[commandLine]().NumField() {
		t.Fatalf("there are %d commands in:\n%s", len(names), &help)
	}
	for _, n := range names {
		var text strings.Builder
		if err := run(t.Context(), []string{n[1], "--help"}, &text, io.Discard); err != nil {
			t.Errorf("%s --help: %v", n[1], err)
		}
		if _, examples, _ := strings.Cut(text.String(), "Example"); !strings.Contains(examples, "    boswell "+n[1]) {
			t.Errorf("%s --help has no example of its own:\n%s", n[1], &text)
		}
	}
}
