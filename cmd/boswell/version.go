package main

import (
	"fmt"
	"runtime"
)

// version is set when a release is built: -ldflags "-X main.version=1.2.3".
var version = "development"

type versionCommand struct{}

// Help is the longer help of the command.
func (versionCommand) Help() string {
	return `Prints the version, and for which system it was built.

Example:

    boswell version`
}

// Run prints the version.
func (versionCommand) Run(s streams) error {
	_, err := fmt.Fprintf(s.out, "boswell %s %s/%s\n", version, runtime.GOOS, runtime.GOARCH)
	return err
}
