package web_test

import (
	"net/http"
	"strings"
	"testing"

	"boswell/incident"
	"boswell/web"
)

func TestTextsStayTexts(t *testing.T) {
	f := newFixture(t, web.Options{})
	id := f.open("<script>alert(1)</script>", false,
		note("e1", 1, "<script>alert(2)</script> and a <nil> pointer"),
		note("e2", 2, "[click](javascript:alert(3)) ![x](https://elsewhere.example/p.png) ![](data:text/html;base64,AA)"),
		note("e3", 3, "<img src=x onerror=alert(4)>\n\n<iframe src=//elsewhere.example></iframe>"),
		incident.FieldSet{Field: incident.FieldSummary, Values: []string{"<b onclick=alert(5)>bold</b> `a < b`"}})
	for _, path := range []string{"", "/timeline", "/postmortem"} {
		_, body, header := f.get("/incidents/" + id.String() + path)
		_, main, _ := strings.Cut(body, "<main")
		for _, bad := range []string{"<script", "<img", "<iframe", "<b ", `href="javascript`, `"data:`} {
			if strings.Contains(main, bad) {
				t.Errorf("%s: %q became markup:\n%s", path, bad, main)
			}
		}
		if header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s is served without a policy", path)
		}
	}
	_, body, _ := f.get("/incidents/" + id.String() + "/timeline?part")
	wants(t, body, "&lt;nil&gt; pointer", "&lt;iframe", `<a href="https://elsewhere.example/p.png">x</a>`)
}

func TestKeptFiles(t *testing.T) {
	f := newFixture(t, web.Options{})
	picture := f.keep("pretend these are pixels")
	drawing := f.keep("<svg onload='alert(1)'/>")
	stray := f.keep("of no incident")
	message := incident.MessageRef{Platform: "home", Channel: room, Message: "m1"}
	files := []incident.File{
		{ID: "a", Name: "graph.png", Type: "image/png", Hash: picture},
		{ID: "b", Name: "drawing.svg", Type: "image/svg+xml", Hash: drawing},
	}
	id := f.open("Till drawers do not open", false,
		incident.Tagged{Message: message, Tag: incident.TagTimeline, Way: incident.WayPin, At: noon, Entry: "e1"},
		incident.MessageRead{Message: message, Content: incident.Content{Said: noon, Text: "Look", Files: files}})
	base := "/incidents/" + id.String()

	_, body, _ := f.get(base + "/postmortem?part")
	wants(t, body, `<img src="`+base+"/files/"+picture+`.png"`)
	status, contents, header := f.get(base + "/files/" + picture + ".png")
	if status != http.StatusOK || contents != "pretend these are pixels" || header.Get("Content-Type") != "image/png" {
		t.Errorf("picture: %d %q %v", status, contents, header)
	}
	_, _, header = f.get(base + "/files/" + drawing + ".svg")
	if !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") || header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("a drawing is shown: %v", header)
	}
	for _, name := range []string{stray, strings.Repeat("0", 64), "..%2f..%2fboswell.db", ".png"} {
		if status, _, _ := f.get(base + "/files/" + name); status != http.StatusNotFound {
			t.Errorf("%s: %d", name, status)
		}
	}
	f.append(id, incident.MessageDeleted{Message: message, At: noon})
	if status, _, _ := f.get(base + "/files/" + picture + ".png"); status != http.StatusNotFound {
		t.Errorf("the file of a deleted message: %d", status)
	}
}

func (f *fixture) keep(contents string) string {
	f.t.Helper()
	hash, _, err := f.store.PutFile(strings.NewReader(contents), 1<<20)
	if err != nil {
		f.t.Fatal(err)
	}
	return hash
}

func FuzzRender(f *testing.F) {
	f.Add("a <b c=d> | e\n|-|-|\n<!-- x")
	f.Add("![a](files/0.png) [b](//c) <https://d>")
	f.Add("<table>\n<tr>\n\n</table>")
	f.Fuzz(func(t *testing.T, markdown string) {
		html, err := web.Render(markdown)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", "<iframe", "<style", "<svg", `="javascript:`, `="vbscript:`} {
			if strings.Contains(strings.ToLower(html), bad) {
				t.Errorf("%q in the markup of %q:\n%s", bad, markdown, html)
			}
		}
	})
}
