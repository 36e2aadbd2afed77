//go:build unix

package bolt

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What the process of another user is told by its environment: the folder to open, and how.
const (
	othersFolder = "BOSWELL_OTHERS_FOLDER"
	othersReads  = "BOSWELL_OTHERS_READS"
)

// nobody owns nothing.
const nobody = 65534

// TestOpenedByAnother is the process of another user, which TestAnotherUser starts.
func TestOpenedByAnother(t *testing.T) {
	dir := os.Getenv(othersFolder)
	if dir == "" {
		t.Skip("this is the other process of TestAnotherUser")
	}
	if os.Geteuid() != nobody {
		t.Fatalf("the user is %d", os.Geteuid())
	}
	if os.Getenv(othersReads) == "" {
		opening(t, dir, Options{}, os.ErrPermission, dir, "no permission", "chown")
		return
	}
	s := openStore(t, dir, Options{ReadOnly: true})
	if status := statusOf(t, s, 1); status != "At the winch" {
		t.Errorf("the status is %q", status)
	}
}

// TestAnotherUser wants a user who may not write to a store to hear what to do, and to change nothing.
func TestAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can become another user")
	}
	program := others(t)
	for name, c := range map[string]struct {
		filled       bool
		file, folder os.FileMode
		files        os.FileMode
		reads        bool
	}{
		"an empty folder":                   {folder: 0o755},
		"a folder that is closed":           {filled: true, file: 0o666, folder: 0o700, files: 0o777},
		"a store that is the owner's alone": {filled: true, file: 0o600, folder: 0o755, files: 0o755},
		"a store that may be read":          {filled: true, file: 0o644, folder: 0o755, files: 0o755},
		"files that are the owner's alone":  {filled: true, file: 0o666, folder: 0o755, files: 0o700},
		"files that may only be read":       {filled: true, file: 0o666, folder: 0o755, files: 0o755},
		"a store that is only read":         {filled: true, file: 0o644, folder: 0o755, files: 0o755, reads: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := visibleFolder(t)
			if c.filled {
				move(t, filled(t), dir)
				chmod(t, filepath.Join(dir, fileName), c.file)
				chmod(t, filepath.Join(dir, filesName), c.files)
			}
			chmod(t, dir, c.folder)
			before := listing(t, dir)
			openAs(t, program, dir, c.reads)
			if after := listing(t, dir); after != before {
				t.Errorf("the folder held %s and holds %s", before, after)
			}
			if c.filled {
				wantWhole(t, openStore(t, dir, Options{}))
			}
		})
	}
}

// openAs opens a store as nobody.
func openAs(t *testing.T, program, dir string, reads bool) {
	t.Helper()
	other := exec.CommandContext(t.Context(), program, "-test.run=^TestOpenedByAnother$", "-test.v")
	other.Env = []string{othersFolder + "=" + dir}
	if reads {
		other.Env = append(other.Env, othersReads+"=1")
	}
	other.Dir = "/"
	other.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := other.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestOpenedByAnother") {
		t.Errorf("as another user: %v\n%s", err, out)
	}
}

// visibleFolder is a folder that everybody finds, which those of t.TempDir are not.
func visibleFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "boswell-visible-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	chmod(t, dir, 0o755)
	return dir
}

// others is this program where another user finds it.
func others(t *testing.T) string {
	t.Helper()
	self, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer self.Close()
	path := filepath.Join(visibleFolder(t), "program")
	copied, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(copied, self)
	if err := errors.Join(err, copied.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// move brings a store to another folder.
func move(t *testing.T, from, to string) {
	t.Helper()
	for _, name := range []string{fileName, filesName} {
		if err := os.Rename(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// listing is what a folder holds.
func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, info.Mode().String()+" "+e.Name())
	}
	return strings.Join(names, ", ")
}
