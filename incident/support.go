package incident

import (
	"cmp"
	"slices"
	"strings"
)

func (in *Incident) applySupport(e Event) {
	switch e := e.(type) {
	case SupportAdded:
		in.count(e.Support.Entry)
		in.supports = append(slices.Clip(in.supports), e.Support)
	case SupportRemoved:
		in.outSupport[e.Entry] = true
	case SupportRestored:
		delete(in.outSupport, e.Entry)
	}
}

// Supporting is the supporting information in the order in which it was captured: what was typed, and what tagged
// messages and their files say.
func (in *Incident) Supporting() []Support {
	var items []Support
	for _, s := range in.supports {
		if !in.outSupport[s.Entry] {
			items = append(items, s)
		}
	}
	for _, m := range in.messages {
		if m.tagged(TagSupporting) && !m.deleted && m.content != nil && !in.outSupport[m.entry] {
			items = append(items, m.support()...)
		}
	}
	slices.SortStableFunc(items, func(a, b Support) int {
		return cmp.Or(a.Captured.Compare(b.Captured), compareHandles(string(a.Entry), string(b.Entry)))
	})
	return items
}

// support is what a tagged message gives: one item per file, the text of the message as the title of the first; without
// files the text itself.
func (m *message) support() []Support {
	at, _ := m.first(TagSupporting)
	item := Support{Entry: m.entry, Captured: at, Author: m.content.Author, Alias: m.content.Alias}
	files := m.kept()
	if len(files) == 0 {
		item.Kind, item.Text = TextKind(m.content.Text), m.content.Text
		return []Support{item}
	}
	items := make([]Support, len(files))
	for i, f := range files {
		items[i] = item
		items[i].fill(f)
		if i == 0 {
			items[i].Title = m.content.Text
		}
	}
	return items
}

func (s *Support) fill(f File) {
	s.File = &f
	s.Language = f.Language
	switch {
	case strings.HasPrefix(f.Type, "image/"):
		s.Kind = "image"
	case f.Text == "":
		s.Kind = "file"
	default:
		s.Text = f.Text
		s.Kind, s.Language = languageKind(f.Language)
	}
}

// languageKind is the kind of a text in a language. Markdown, and text without a language, is printed as it is.
func languageKind(language string) (kind, fence string) {
	switch strings.ToLower(language) {
	case "", "text", "txt", "plain", "plaintext":
		return "text", ""
	case "markdown", "md":
		return "chat", ""
	case "diff", "patch":
		return "diff", "diff"
	default:
		return "code", language
	}
}

// TextKind is "link" for a text of one line that holds an address, else "text".
func TextKind(text string) string {
	one := !strings.Contains(strings.TrimSpace(text), "\n")
	if one && (strings.Contains(text, "https://") || strings.Contains(text, "http://")) {
		return "link"
	}
	return "text"
}
