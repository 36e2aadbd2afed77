package main

import (
	"os"

	"boswell/incident"
)

// scratch makes a folder for what is thrown away. The error is for people: a machine may have no place for such folders.
func scratch() (string, error) {
	dir, err := os.MkdirTemp("", "boswell-")
	if err != nil {
		return "", incident.Refuse("There is no place for a temporary folder: %v. Set TMPDIR to a folder that this user may write to, or keep the data with --data DIR where the command has that.", err)
	}
	return dir, nil
}
