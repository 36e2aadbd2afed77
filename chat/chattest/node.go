package chattest

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// A NodeProject is a folder with a package.json that tests run programs of. It is copied before its packages are installed, so
// that nothing is written beside the sources. The zero value with a Source is ready; Remove belongs into TestMain.
type NodeProject struct {
	// Source is the folder, as the test sees it.
	Source string

	once   sync.Once
	folder string
	err    error
}

// Installed is the copy with its packages installed, once for all tests of the process. Where they cannot be installed and in
// short runs the test is skipped, unless CI=true.
func (p *NodeProject) Installed(t *testing.T) string {
	t.Helper()
	strict := os.Getenv("CI") == "true"
	if !strict {
		p.skip(t)
	}
	p.once.Do(func() { p.err = p.install() })
	if p.err != nil && !strict {
		t.Skipf("nothing of %s is run: %v", p.Source, p.err) // without a network, nothing can be installed
	}
	if p.err != nil {
		t.Fatal(p.err)
	}
	return p.folder
}

func (p *NodeProject) skip(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed, so nothing of %s is run: %v", tool, p.Source, err)
		}
	}
	if testing.Short() {
		t.Skipf("the packages of %s are not installed in a short run", p.Source)
	}
}

func (p *NodeProject) install() error {
	folder, err := os.MkdirTemp("", "boswell-node-*")
	if err != nil {
		return err
	}
	p.folder = folder
	if err := p.CopyTo(folder); err != nil {
		return err
	}
	return RunIn(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
}

// Remove deletes the copy, where one was made.
func (p *NodeProject) Remove() error {
	if p.folder == "" {
		return nil
	}
	return os.RemoveAll(p.folder)
}

// made are the folders beside the sources that were installed or built.
var made = []string{"node_modules", "build"}

// CopyTo copies the sources into a folder, without what was made beside them.
func (p *NodeProject) CopyTo(folder string) error {
	return filepath.WalkDir(p.Source, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains(made, entry.Name()) {
			return fs.SkipDir
		}
		inside, err := filepath.Rel(p.Source, name)
		if err != nil {
			return err
		}
		target := filepath.Join(folder, inside)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		contents, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(target, contents, 0o644)
	})
}

// RunIn runs a program in a folder. Where it fails, the error holds what it printed.
func RunIn(folder, program string, args ...string) error {
	c := exec.Command(program, args...)
	c.Dir = folder
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %v: %w\n%s", program, args, err, out)
	}
	return nil
}
