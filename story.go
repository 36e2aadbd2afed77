// Package boswell carries what the program and its tests both tell from: an incident to look at.
//
// The invariant: the story is invented, it is a replay like any other (package chattest reads it), and testdata/story.md is
// the postmortem that it ends in.
package boswell

import _ "embed"

// Story is an incident as the chat that people wrote, from the first alert to the closed incident.
//
//go:embed testdata/story.yaml
var Story []byte
