package rocketchat_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"boswell/chat/chattest"
	"boswell/integrations/rocketchat"
)

// app is the app that is installed on the server.
var app = chattest.NodeProject{Source: "app"}

var packed struct {
	sync.Mutex
	name string
}

// appPackage is the package of the app, built once.
func appPackage(t *testing.T) string {
	t.Helper()
	folder := app.Installed(t)
	packed.Lock()
	defer packed.Unlock()
	if packed.name == "" {
		if err := chattest.RunIn(folder, "npm", "run", "--silent", "package"); err != nil {
			t.Fatal(err)
		}
		packed.name = filepath.Join(folder, "boswell-rocketchat-app.zip")
	}
	return packed.name
}

// TestAppIsBuiltTheSame: the same sources make the same bytes, wherever and whenever they are built.
func TestAppIsBuiltTheSame(t *testing.T) {
	name := appPackage(t)
	first, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	if err := app.CopyTo(other); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(filepath.Dir(name), "node_modules"), filepath.Join(other, "node_modules")); err != nil {
		t.Fatal(err)
	}
	long := time.Date(2031, time.May, 4, 3, 2, 1, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(other, "app.json"), long, long); err != nil {
		t.Fatal(err)
	}
	if err := chattest.RunIn(other, "npm", "run", "--silent", "package"); err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(filepath.Join(other, filepath.Base(name)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Errorf("two builds have %d and %d bytes, which are not the same", len(first), len(second))
	}
}

// TestAppPackage: the package holds what a server asks for, in an order and with a date that never change.
func TestAppPackage(t *testing.T) {
	r, err := zip.OpenReader(appPackage(t))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	files := map[string][]byte{}
	var names []string
	for _, f := range r.File {
		if !f.Modified.Equal(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)) || f.Method != zip.Store {
			t.Errorf("%s is of %v and packed by method %d", f.Name, f.Modified, f.Method)
		}
		names = append(names, f.Name)
		files[f.Name] = contents(t, f)
	}
	if !slices.IsSorted(names) {
		t.Errorf("the files are not in order: %q", names)
	}
	icon, err := png.Decode(bytes.NewReader(files["icon.png"]))
	if err != nil {
		t.Fatalf("the icon: %v", err)
	}
	if b := icon.Bounds(); b.Dx() != 128 || b.Dy() != 128 {
		t.Errorf("the icon is %v", b)
	}
	if files["BoswellApp.js"] == nil || files["i18n/en.json"] == nil {
		t.Errorf("the package has only %q", names)
	}
}

func contents(t *testing.T, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r) // checks the checksum
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return data
}

// engines are versions of the Apps-Engine that servers from 7.0 to 8.8 have.
var engines = []string{"1.46.0", "1.47.0", "1.48.2", "1.53.1", "1.59.0", "1.61.1", "1.66.0"}

var uuid4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// TestAppLoads: the vendor's own loader takes the package, for the engines of all servers that are supported.
func TestAppLoads(t *testing.T) {
	name := appPackage(t)
	node := exec.Command("node", append([]string{"test/inspect.mjs", name}, engines...)...)
	node.Dir = filepath.Dir(name)
	var problems bytes.Buffer
	node.Stderr = &problems
	out, err := node.Output()
	if err != nil {
		t.Fatalf("the loader refuses the package: %v\n%s", err, problems.String())
	}
	var loaded struct {
		ID         string                       `json:"id"`
		ClassFile  string                       `json:"classFile"`
		Icon       string                       `json:"icon"`
		Languages  map[string]map[string]string `json:"languages"`
		Implements []string                     `json:"implements"`
		RefusedBy  []string                     `json:"refusedBy"`
	}
	if err := json.Unmarshal(out, &loaded); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if loaded.ID != rocketchat.AppID || !uuid4.MatchString(loaded.ID) {
		t.Errorf("the app has the identifier %q, and the bot knows it as %q", loaded.ID, rocketchat.AppID)
	}
	if problems.Len() > 0 {
		t.Errorf("the loader says %s", problems.String())
	}
	if loaded.ClassFile != "BoswellApp.js" || loaded.Icon != "data:image/png;base64," {
		t.Errorf("the class is in %q, the icon is %q…", loaded.ClassFile, loaded.Icon)
	}
	if !slices.Equal(loaded.Implements, []string{"IUIKitInteractionHandler"}) {
		t.Errorf("the app implements %q", loaded.Implements)
	}
	if len(loaded.RefusedBy) > 0 {
		t.Errorf("servers with the engines %q refuse it", loaded.RefusedBy)
	}
	if len(loaded.Languages["en"]) == 0 {
		t.Error("there are no texts in English")
	}
}

// TestAppLock: everything that builds the app is pinned, by its hash, and the registry is the one that npm is set to.
func TestAppLock(t *testing.T) {
	data, err := os.ReadFile("app/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Version   string `json:"version"`
			Resolved  string `json:"resolved"`
			Integrity string `json:"integrity"`
			Link      bool   `json:"link"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	if len(lock.Packages) < 5 {
		t.Fatalf("the lock file names %d packages", len(lock.Packages))
	}
	for name, p := range lock.Packages {
		if name != "" && (p.Resolved != "" || p.Integrity == "" || p.Version == "") {
			t.Errorf("%s is not pinned by its hash alone: %+v", name, p)
		}
	}
}
