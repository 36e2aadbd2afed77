package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"boswell/incident"
)

type initCommand struct {
	File string `arg:"" default:"${config}" help:"Where to write it (default: ${config})."`
}

// Help is the longer help of the command.
func (initCommand) Help() string {
	return `Writes a configuration in which every key is explained and has its default. A file that is there already is left alone.

Example:

    boswell init
    boswell run`
}

// Run writes a configuration.
func (i initCommand) Run(s streams) error {
	f, err := os.OpenFile(i.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return incident.Refuse("%s is there already and was left as it is. Name another file, or move this one away.", i.File)
	}
	if err != nil {
		return incident.Refuse("The configuration cannot be written: %v. Name a file in a folder that this user may write to.", err)
	}
	if err := errors.Join(sample(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(i.File))
	}
	_, err = fmt.Fprintf(s.out, "Wrote %s. It runs as it is: `boswell run --config %s`.\n", i.File, i.File)
	return err
}
