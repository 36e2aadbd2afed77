package postmortem

import (
	"strings"

	"boswell/incident"
)

// A page is Markdown in blocks that one empty line keeps apart.
type page struct{ blocks []string }

// add appends blocks; empty ones are left out.
func (p *page) add(blocks ...string) {
	for _, b := range blocks {
		if b != "" {
			p.blocks = append(p.blocks, b)
		}
	}
}

// bytes is the page with one line end at its end.
func (p *page) bytes() []byte { return []byte(strings.Join(p.blocks, "\n\n") + "\n") }

// bullets is a list, one item per text.
func bullets(items []string) string {
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = listItem("- ", item)
	}
	return strings.Join(lines, "\n")
}

// listItem sets the further lines of a text under the first, so that all of it stays in the item.
func listItem(mark, text string) string {
	if !strings.Contains(text, "\n") {
		return mark + text
	}
	indent := strings.Repeat(" ", len(mark))
	lines := strings.Split(text, "\n")
	for i, line := range lines[1:] {
		if line != "" {
			lines[i+1] = indent + line
		}
	}
	return mark + strings.Join(lines, "\n")
}

// fenced is a text between fences that no run of backticks in it can end.
func fenced(language, text string) string {
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	return fence + infoString(language) + "\n" + text + "\n" + fence
}

// infoString is a language as it may stand behind a fence: one word without backticks.
func infoString(language string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(language, "`", "")), " ")
	return oneLine(word)
}

func longestRun(text string, c byte) int {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// A fence is the state of reading Markdown line by line: whether a code block is open, and what closes it.
type fence struct{ run string }

func (f *fence) open() bool { return f.run != "" }

// read takes the next line.
func (f *fence) read(line string) {
	line = strings.TrimLeft(line, " ")
	run := line[:len(line)-len(strings.TrimLeft(line, "`"))]
	if run == "" {
		run = line[:len(line)-len(strings.TrimLeft(line, "~"))]
	}
	rest := line[len(run):]
	switch {
	case len(run) < 3:
	case !f.open() && !(run[0] == '`' && strings.Contains(rest, "`")):
		f.run = run
	case f.open() && strings.HasPrefix(run, f.run) && strings.TrimSpace(rest) == "":
		f.run = ""
	}
}

// paragraphs cuts a text at its empty lines, but not inside code blocks.
func paragraphs(text string) []string {
	var found []string
	var block []string
	flush := func() {
		if len(block) > 0 {
			found = append(found, strings.TrimSpace(strings.Join(block, "\n")))
			block = nil
		}
	}
	var f fence
	for line := range strings.SplitSeq(text, "\n") {
		f.read(line)
		if !f.open() && strings.TrimSpace(line) == "" {
			flush()
			continue
		}
		block = append(block, line)
	}
	flush()
	return found
}

// attached is a file as it is linked: an image that is kept is shown, another file that is kept is linked where an export
// keeps it, and of one that is not kept the original is linked or the reason given.
func attached(f incident.File) string {
	name := linkText(f.Name)
	switch {
	case f.Hash != "" && strings.HasPrefix(f.Type, "image/"):
		return "![" + name + "](" + FilePath(f) + ")"
	case f.Hash != "":
		return "[" + name + "](" + FilePath(f) + ")"
	case f.Link != "":
		return "[" + name + "](" + linkTarget(f.Link) + ")"
	case f.Problem != "":
		return name + " (not kept: " + strings.TrimSuffix(oneLine(f.Problem), ".") + ")"
	default:
		return name + " (not kept yet)"
	}
}

var brackets = strings.NewReplacer("[", `\[`, "]", `\]`)

// linkText is the name of a file as the text of a link.
func linkText(name string) string {
	if name = oneLine(name); name == "" {
		return "file"
	}
	return brackets.Replace(name)
}

var inAngles = strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "%0A", "\r", "%0D")

// linkTarget is an address as the target of a link.
func linkTarget(address string) string {
	address = tidy(address)
	if strings.ContainsAny(address, " ()<>\n\r\t") {
		return "<" + inAngles.Replace(address) + ">"
	}
	return address
}
