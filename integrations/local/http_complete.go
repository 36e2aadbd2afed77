package local

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/chat/typing"
)

// suggestions is what the page shows above a command that is being typed.
type suggestions struct {
	// Choices could stand in the place of the last word.
	Choices []chat.Choice `json:"choices"`
	// Usage is how the command is written, Help what it does.
	Usage string `json:"usage,omitempty"`
	Help  string `json:"help,omitempty"`
}

// complete says what could follow.
func (p *pages) complete(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	place := p.place(r)
	place.Thread = chat.ThreadID(query.Get("thread"))
	choices, err := p.chat.Complete(r.Context(), chat.UserID(query.Get("as")), place, query.Get("line"))
	if err != nil {
		return err
	}
	s := suggestions{Choices: choices}
	s.Usage, s.Help = usage(p.chat.Commands(), query.Get("line"))
	contents, err := json.Marshal(s)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	p.write(w, contents)
	return nil
}

// usage is how the command at the beginning of a line is written; empty until its name is whole.
func usage(commands []chat.Command, line string) (text, help string) {
	ended, _ := typing.Words(line)
	for _, word := range ended {
		i := slices.IndexFunc(commands, func(c chat.Command) bool { return c.Name == word })
		if i < 0 {
			break
		}
		text, help = text+" "+word, commands[i].Help
		if len(commands[i].Sub) == 0 {
			return Slash + text + shape(commands[i].Args), help
		}
		commands = commands[i].Sub
	}
	return "", ""
}

// shape is the arguments as they are written.
func shape(args []chat.Arg) string {
	var b strings.Builder
	for _, a := range args {
		text := "<" + string(a.Name) + ">"
		if a.Option {
			text = string(a.Name) + ":…"
		}
		if !a.Required {
			text = "[" + text + "]"
		}
		b.WriteString(" " + text)
	}
	return b.String()
}
