package local

import (
	"strings"
	"testing"

	"boswell/chat"
)

// FuzzMessageMarkup: whatever people write, a browser runs none of it and loads nothing from elsewhere.
func FuzzMessageMarkup(f *testing.F) {
	for _, text := range []string{"a `b` *c* ~~d~~", "```go\n<x>\n```", "> q\n- [l](//h \"t\")", "![p](data:x) <https://e> <i>", "[a]: javascript:b\n[a]"} {
		f.Add(text, false)
		f.Add(text, true)
	}
	p := &pages{markdown: newMarkdown()}
	f.Fuzz(func(t *testing.T, text string, fromBot bool) {
		m := Message{Content: chat.Message{Text: chat.Say(text).Bold(text).Code(text).Block(text).Link(text, text)}}
		if fromBot {
			m.From.ID = Boswell
		}
		markup, err := p.text(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", "<img", "<iframe", "<svg", "<style", "<i>", `="javascript:`, `="vbscript:`} {
			if strings.Contains(strings.ToLower(string(markup)), bad) {
				t.Errorf("%q in the markup of %q:\n%s", bad, text, markup)
			}
		}
	})
}

func TestHandleOf(t *testing.T) {
	for name, want := range map[string]string{"Ada Lovelace": "ada.lovelace", "  Jürgen ": "jürgen", "O'Neil_2": "oneil_2", "…": "", "--x--": "x"} {
		if got := handleOf(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Ada": "A", "ada lovelace byron": "AL", "émile": "É", "": ""} {
		if got := initials(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func TestShape(t *testing.T) {
	commands := []chat.Command{{Name: "cause", Sub: []chat.Command{{Name: "add", Help: "Add one", Args: []chat.Arg{
		{Name: "kind", Required: true}, {Name: "title", Option: true}, {Name: "text"}}}}}}
	for line, want := range map[string]string{"cause": "", "cause ": "", "cause add ": "/incident cause add <kind> [title:…] [<text>]", "nothing ": ""} {
		if got, _ := usage(commands, line); got != want {
			t.Errorf("%q is explained as %q, want %q", line, got, want)
		}
	}
}
