package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/rs/zerolog"

	"boswell/chat/chattest"
	"boswell/incident"
	"boswell/integrations/local"
	"boswell/postmortem"
)

type replayCommand struct {
	File  string `arg:"" help:"The replay, a YAML file. docs/replay.md says what stands in it."`
	Style string `default:"sre" help:"The format of the postmortem: sre (Markdown) or json."`
}

// Help is the longer help of the command.
func (replayCommand) Help() string {
	return `Plays an incident, written down as the chat that people had, into a built-in chat that is thrown away afterwards, by the clock of the file. The postmortem goes to standard output, how far it is to standard error. Commands that the bot refused are told there too.

Example:

    boswell replay testdata/story.yaml > postmortem.md`
}

// Run plays a replay.
func (c replayCommand) Run(ctx context.Context, s streams) (err error) {
	style, err := postmortem.StyleNamed(c.Style)
	if err != nil {
		return err
	}
	r, err := readReplay(c.File)
	if err != nil {
		return err
	}
	dir, err := scratch()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	steps := newProgress(s.err, "played")
	o := chattest.Options{OnStep: steps.tell, Export: []string{style.Name}}
	result, err := play(ctx, dir, r, o, zerolog.New(zerolog.ConsoleWriter{Out: s.err, NoColor: true}).Level(zerolog.WarnLevel))
	if err != nil {
		return fmt.Errorf("play %s: %w", c.File, err)
	}
	if err := steps.end(); err != nil {
		return err
	}
	tellRefused(s.err, r, result.Answers)
	export, ok := result.Exports[style.Name]
	if !ok {
		return incident.Refusal{Text: result.Refused[style.Name]}
	}
	_, err = s.out.Write(export.Contents)
	return err
}

// tellRefused says which commands of a replay did nothing, and why.
func tellRefused(w io.Writer, r *chattest.Replay, answers []chattest.Answered) {
	for _, a := range answers {
		if !a.Answer.Refused {
			continue
		}
		at := r.Steps[a.Step].At.Format("2006-01-02 15:04:05")
		fmt.Fprintf(w, "step %d (%s, %s %s): %s\n", a.Step+1, at, local.Slash, a.Line, whyRefused(a.Answer))
	}
}

// whyRefused is what the bot said. A form is for somebody who fills it in.
func whyRefused(a chattest.Answer) string {
	if a.Form != nil {
		return fmt.Sprintf("It needs more, and asked with the form %q. Write all of it behind the command.", a.Form.Title)
	}
	return a.Text()
}

func readReplay(path string) (*chattest.Replay, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, incident.Refuse("There is no file %s. Name a replay, such as testdata/story.yaml of Boswell's sources.", path)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := chattest.ReadReplay(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}
