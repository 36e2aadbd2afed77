package postmortem

import (
	"strconv"
	"strings"

	"boswell/incident"
)

const notApplicable = "n/a"

// A column of the table of action items.
type column struct {
	name string
	cell func(incident.Action) string
}

// actionTable is the table of action items; Term and Priority have a column only if any item has one.
func actionTable(actions []incident.Action) string {
	if len(actions) == 0 {
		return noneRecorded
	}
	columns := actionColumns(actions)
	names, rules := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], rules[i] = c.name, "---"
	}
	rows := []string{tableRow(names), tableRow(rules)}
	for _, a := range actions {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = c.cell(a)
		}
		rows = append(rows, tableRow(cells))
	}
	return strings.Join(rows, "\n")
}

func actionColumns(actions []incident.Action) []column {
	columns := []column{
		{"Action Item", actionCell},
		{"Type", func(a incident.Action) string { return cellOr(a.Type) }},
	}
	hasTerm, hasPriority := false, false
	for _, a := range actions {
		hasTerm = hasTerm || a.Term != ""
		hasPriority = hasPriority || a.Priority != 0
	}
	if hasTerm {
		columns = append(columns, column{"Term", func(a incident.Action) string { return cellOr(a.Term) }})
	}
	if hasPriority {
		columns = append(columns, column{"Priority", priorityCell})
	}
	return append(columns,
		column{"Owner", func(a incident.Action) string { return cellOr(a.Owner) }},
		column{"Bug", bugCell})
}

func tableRow(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }

var inCell = strings.NewReplacer("|", `\|`, "\n", "<br/>")

// cellOr is a text in a cell, and of an empty one that it does not apply.
func cellOr(text string) string {
	if text == "" {
		return notApplicable
	}
	return inCell.Replace(text)
}

func actionCell(a incident.Action) string {
	text := inCell.Replace(a.Text)
	if a.Outcome != "" {
		text += "<br/>" + inCell.Replace(a.Outcome)
	}
	return text
}

func priorityCell(a incident.Action) string {
	if a.Priority == 0 {
		return notApplicable
	}
	return strconv.Itoa(a.Priority)
}

func bugCell(a incident.Action) string {
	state := "**TODO**"
	if a.Done {
		state = "**DONE**"
	}
	return cellOr(a.Bug) + " " + state
}
