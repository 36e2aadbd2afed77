package postmortem_test

import (
	"errors"
	"strings"
	"testing"

	"boswell/incident"
	"boswell/postmortem"
)

func TestRender(t *testing.T) {
	in := build("The lift is stuck").in
	for _, s := range postmortem.Styles() {
		contents, got, err := postmortem.Render(" "+strings.ToUpper(s.Name), in, byName)
		if err != nil {
			t.Fatal(err)
		}
		if got.Name != s.Name || got.Extension == "" || got.MediaType == "" || got.Help == "" {
			t.Errorf("asked for %s, got %+v", s.Name, got)
		}
		if !strings.Contains(string(contents), "The lift is stuck") {
			t.Errorf("%s does not say the title", s.Name)
		}
	}
}

func TestUnknownStyleIsRefusedWithTheStyles(t *testing.T) {
	for _, style := range []string{"srr", "", "a\nb", strings.Repeat("x", 3000)} {
		_, _, err := postmortem.Render(style, build("x").in, byName)
		var refusal incident.Refusal
		if !errors.As(err, &refusal) {
			t.Fatalf("%q: %v is not a refusal", style, err)
		}
		for _, s := range postmortem.Styles() {
			if !strings.Contains(refusal.Text, s.Name) {
				t.Errorf("%q does not list %s", refusal.Text, s.Name)
			}
		}
		if len(refusal.Text) > 200 {
			t.Errorf("the refusal is %d bytes long", len(refusal.Text))
		}
	}
	if _, _, err := postmortem.Render("srr", build("x").in, byName); !strings.Contains(err.Error(), `Did you mean "sre"?`) {
		t.Errorf("%v does not offer the nearest style", err)
	}
}

func TestSlug(t *testing.T) {
	for _, test := range []struct{ title, want string }{
		{"Checkout is down", "checkout-is-down"},
		{"  It's «broken»: 50% of /api/v2 (again!) #3 ", "its-broken-50-of-api-v2-again-3"},
		{"Größe & Übermaß in São Paulo – Łódź", "grosse-ubermass-in-sao-paulo-lodz"},
		{"../../etc/passwd", "etc-passwd"},
		{"日本語", "incident"},
		{"", "incident"},
		{"\x00\n\r", "incident"},
		{strings.Repeat("word ", 20), strings.TrimSuffix(strings.Repeat("word-", 12), "-")},
		{strings.Repeat("x", 100), strings.Repeat("x", 60)},
		{strings.Repeat("y", 58) + " ab", strings.Repeat("y", 58)},
		{strings.Repeat("y", 57) + " ab", strings.Repeat("y", 57) + "-ab"},
	} {
		if got := postmortem.Slug(test.title); got != test.want {
			t.Errorf("Slug(%q) = %q, want %q", test.title, got, test.want)
		}
	}
}

func FuzzSlug(f *testing.F) {
	f.Add("Checkout is down")
	f.Fuzz(func(t *testing.T, title string) {
		slug := postmortem.Slug(title)
		if slug == "" || len(slug) > 60 || strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" ||
			strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Contains(slug, "--") {
			t.Errorf("Slug(%q) = %q", title, slug)
		}
	})
}

func TestFilePath(t *testing.T) {
	for _, test := range []struct {
		file incident.File
		want string
	}{
		{incident.File{Name: "graph.PNG", Hash: "ab"}, "files/ab.png"},
		{incident.File{Name: "archive.tar.gz", Hash: "ab"}, "files/ab.gz"},
		{incident.File{Name: "Screenshot", Type: "image/jpeg; x=y", Hash: "ab"}, "files/ab.jpg"},
		{incident.File{Name: "what. is this", Type: "text/plain", Hash: "ab"}, "files/ab.txt"},
		{incident.File{Name: "x.a/../../b", Hash: "ab"}, "files/ab"},
		{incident.File{Name: "noext", Hash: "ab"}, "files/ab"},
		{incident.File{Name: "lost.png"}, ""},
	} {
		if got := postmortem.FilePath(test.file); got != test.want {
			t.Errorf("FilePath(%+v) = %q, want %q", test.file, got, test.want)
		}
	}
}
