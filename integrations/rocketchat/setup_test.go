package rocketchat_test

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestConfig: everything that is wrong is said at once.
func TestConfig(t *testing.T) {
	good := rocketchat.Config{URL: "https://chat.example.org", UserID: "u", Token: chat.NewSecret("x"), Prefix: "!inc", Rooms: rocketchat.RoomsDiscussion}
	if err := good.Validate(); err != nil {
		t.Errorf("a good configuration is refused: %v", err)
	}
	bad := rocketchat.Config{URL: "chat.example.org", UserID: "a b", Prefix: "! incident", Rooms: "cellar", AppSecret: chat.NewSecret("short")}
	err := bad.Validate()
	for _, key := range []string{"url", "user_id", "token", "prefix", "rooms", "app_secret", "listen"} {
		if err == nil || !strings.Contains(err.Error(), key+":") {
			t.Errorf("%s is not in %v", key, err)
		}
	}
}

// manifest is what is to be set up, for a kind of room.
func manifest(t testing.TB, rooms string) string {
	t.Helper()
	var text bytes.Buffer
	if err := (rocketchat.Config{Rooms: rooms}).Manifest(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// asked are the permissions that a manifest asks for.
func asked(manifest string) (all []string) {
	for _, m := range regexp.MustCompile(`(?m)^     ([a-z-]+) +to `).FindAllStringSubmatch(manifest, -1) {
		all = append(all, m[1])
	}
	return all
}

// TestManifest: it names the prefix that is configured, and asks for no more than the kind of room needs.
func TestManifest(t *testing.T) {
	var text bytes.Buffer
	if err := (rocketchat.Config{Prefix: "!inc"}).Manifest(&text); err != nil || !strings.Contains(text.String(), "write !inc start") {
		t.Errorf("the manifest (%v) is\n%s", err, text.String())
	}
	for rooms, wants := range map[string]bool{rocketchat.RoomsChannel: false, rocketchat.RoomsDiscussion: true} {
		if strings.Contains(manifest(t, rooms), "start-discussion") != wants {
			t.Errorf("for a %s discussions are asked for: %v", rooms, !wants)
		}
	}
}

// TestDocumentedPermissions: docs/rocketchat.md gives a reason for each permission.
func TestDocumentedPermissions(t *testing.T) {
	page, err := os.ReadFile("../../docs/rocketchat.md")
	if err != nil {
		t.Fatal(err)
	}
	all := asked(manifest(t, rocketchat.RoomsDiscussion))
	if len(all) < 10 {
		t.Fatalf("the manifest asks for %v", all)
	}
	for _, permission := range all {
		if !strings.Contains(string(page), "`"+permission+"`") {
			t.Errorf("docs/rocketchat.md does not mention the permission %s", permission)
		}
	}
}

// TestDocumentedTraps: docs/rocketchat.md names the tests of traps that there are, and no others.
func TestDocumentedTraps(t *testing.T) {
	page, err := os.ReadFile("../../docs/rocketchat.md")
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, file := range []string{"trap_test.go", "trap_room_test.go"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func (TestTrap\w+)`).FindAllStringSubmatch(string(source), -1) {
			there = append(there, m[1])
		}
	}
	told := regexp.MustCompile(`TestTrap\w+`).FindAllString(string(page), -1)
	slices.Sort(there)
	slices.Sort(told)
	if !slices.Equal(there, told) {
		t.Errorf("there are\n%v\nand the page names\n%v", there, told)
	}
}

// TestConformWithManifest: with the permissions of the manifest and no others, the bot can do all that platforms do.
func TestConformWithManifest(t *testing.T) {
	grants := asked(manifest(t, rocketchat.RoomsChannel))
	chattest.Conform(t, func(t *testing.T) chattest.World {
		w, _ := newWorld(t, chattest.NewClock(morning), rocketsim.Options{Grants: grants})
		return w
	})
}

// TestDoctor: it finds what is wrong, and says what to do.
func TestDoctor(t *testing.T) {
	all := asked(manifest(t, rocketchat.RoomsDiscussion))
	for _, c := range []struct {
		name  string
		o     rocketsim.Options
		rooms string
		spoil func(*desk)
		want  string
	}{
		{"all is well", rocketsim.Options{Grants: all}, rocketchat.RoomsChannel, func(*desk) {}, ""},
		{"a permission is missing", rocketsim.Options{Grants: all}, "", func(d *desk) { d.w.Revoke("pin-message") }, "pin-message (the status card is not pinned). Administration"},
		{"guests are not shown", rocketsim.Options{Grants: all}, "", func(d *desk) { d.w.Revoke("view-full-other-user-info") }, "view-full-other-user-info (guests see every incident"},
		{"no role", rocketsim.Options{Roles: []string{"user"}}, "", func(*desk) {}, "api-bypass-rate-limit"},
		{"a revoked token", rocketsim.Options{}, "", func(d *desk) { d.w.RevokeToken() }, "personal access token"},
		{"two-factor demanded", rocketsim.Options{}, "", func(d *desk) { d.w.Fail("me", rocketsim.Fault{Code: "totp-required"}) }, "Ignore Two Factor"},
		{"an old server", rocketsim.Options{Version: "6.13.0"}, "", func(*desk) {}, "6.13 is older"},
		{"a new server", rocketsim.Options{Version: "9.0.0", Grants: all}, rocketchat.RoomsChannel, func(*desk) {}, ""},
		{"no pins", rocketsim.Options{Settings: map[string]any{"Message_AllowPinning": false}}, "", func(*desk) {}, "allow pinning"},
		{"no editing", rocketsim.Options{Settings: map[string]any{"Message_AllowEditing": false}}, "", func(*desk) {}, "allow editing"},
		{"no discussions", rocketsim.Options{Settings: map[string]any{"Discussion_enabled": false}}, rocketchat.RoomsDiscussion, func(*desk) {}, "there are no discussions"},
		{"private rooms are encrypted", rocketsim.Options{Settings: map[string]any{"E2E_Enable": true, "E2E_Enabled_Default_PrivateRooms": true}}, "", func(*desk) {}, "private rooms are encrypted"},
		{"an encrypted room", rocketsim.Options{Settings: map[string]any{"E2E_Enable": true}}, "", func(d *desk) { d.must(d.w.Encrypt(d.ops, true)) }, "end-to-end encrypted, so that nothing can be read there: #ops"},
		{"no sockets", rocketsim.Options{}, "", func(d *desk) { d.w.TurnAway(true) }, "FAIL  socket"},
		{"nobody there", rocketsim.Options{}, "", func(d *desk) { d.w.Close() }, "is there a way to it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDeskWith(t, c.o, func(cfg *rocketchat.Config) { cfg.Rooms = c.rooms })
			c.spoil(d)
			var report bytes.Buffer
			err := d.examinee(c.rooms, d.clock.Now).Doctor(t.Context(), &report)
			if (err == nil) != (c.want == "") || !strings.Contains(report.String(), c.want) {
				t.Errorf("the doctor says %v and\n%s", err, report.String())
			}
		})
	}
}

// TestDoctorOnTime: a clock that is wrong is found.
func TestDoctorOnTime(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	var report bytes.Buffer
	late := func() time.Time { return d.clock.Now().Add(7 * time.Minute) }
	if err := d.examinee("", late).Doctor(t.Context(), &report); err == nil || !strings.Contains(report.String(), "7m0s away from the server") {
		t.Errorf("the doctor says %v and\n%s", err, report.String())
	}
}

// examinee is an adapter for the same server, with a clock of its own.
func (d *desk) examinee(rooms string, now func() time.Time) *rocketchat.Platform {
	d.Helper()
	c := config(d.w.Sim)
	c.Rooms = rooms
	p, err := rocketchat.New(c, rocketchat.Options{Now: now, Trace: d.w.Trace})
	d.must(err)
	return p
}
