package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/rs/zerolog"

	"boswell/chat/chattest"
	"boswell/incident"
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
	o := chattest.Options{OnStep: steps.tell, Export: []string{c.Style}}
	result, err := play(ctx, dir, r, o, zerolog.New(zerolog.ConsoleWriter{Out: s.err, NoColor: true}).Level(zerolog.WarnLevel))
	if err != nil {
		return fmt.Errorf("play %s: %w", c.File, err)
	}
	if err := steps.end(); err != nil {
		return err
	}
	export, ok := result.Exports[c.Style]
	if !ok {
		return incident.Refusal{Text: result.Refused[c.Style]}
	}
	_, err = s.out.Write(export.Contents)
	return err
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
