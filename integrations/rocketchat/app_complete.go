package rocketchat

import (
	"context"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/chat/typing"
)

// previews are the lines that could be meant, as far as they are typed. The client runs the first of them when the person
// presses Enter, so a line that names a command stands there itself. It never says what is wrong: somebody is typing.
func (d *door) previews(ctx context.Context, q appRequest) (appAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, d.within)
	defer cancel()
	line := strings.TrimSpace(q.Line)
	var items []appPreviewItem
	if runnable(d.commands(), line) {
		items = append(items, appPreviewItem{ID: line, Label: line})
	}
	items = append(items, d.completions(ctx, q, line)...)
	if line != "" && len(items) > 0 && items[0].ID == line {
		items = append(items, d.completions(ctx, q, line+" ")...)
	}
	seen := map[string]bool{}
	items = slices.DeleteFunc(items, func(i appPreviewItem) bool {
		again := seen[i.ID]
		seen[i.ID] = true
		return again
	})
	return appAnswer{Previews: items[:min(len(items), previewsMost)]}, nil
}

// runnable says that a line begins with the name of a command.
func runnable(commands []chat.Command, line string) bool {
	word, _, _ := strings.Cut(line, " ")
	_, _, ok := typing.Named(commands, word)
	return ok
}

// completions are the lines that begin with a line, each with what it is.
func (d *door) completions(ctx context.Context, q appRequest, line string) []appPreviewItem {
	l := typing.Read(d.commands(), line)
	choices := append(d.values(ctx, q, l), l.Names...)
	items := make([]appPreviewItem, len(choices))
	for i, c := range choices {
		whole := strings.TrimSpace(l.Before + " " + c.Value)
		items[i] = appPreviewItem{ID: whole, Label: first(c.Label, whole)}
	}
	return items
}

// values are what the argument could be that is being typed, as it is written. Who cannot be asked in time has nothing to
// offer.
func (d *door) values(ctx context.Context, q appRequest, l typing.Line) []chat.Choice {
	choices := l.Declared()
	if l.Field.Suggest {
		m := q.meta(d.self, d.person(ctx, q.User), d.host.place(q.Room.ID, q.Thread))
		reply, err := d.host.ask(ctx, chat.Suggest{Meta: m, Line: l.Path, Args: l.Args, Field: l.Field.Name, Typed: l.Typed})
		if err != nil {
			d.log.Debug().Err(err).Msg("could not complete a line")
			return nil
		}
		choices = slices.Clone(reply.Choices)
	}
	for i := range choices {
		choices[i].Value = l.Word(choices[i].Value)
	}
	return choices
}
