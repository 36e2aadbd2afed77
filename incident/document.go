package incident

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Clear is what people write for a field that is to be emptied.
const Clear = "-"

// Set decides a new value of a field. typed is when it was written, which dates and times are read against.
func (in *Incident) Set(f Field, text string, typed time.Time) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == Clear {
		return in.clear(f)
	}
	switch f {
	case FieldTitle:
		return in.setWords(f, text, MaxTitle)
	case FieldNetwork:
		return in.setWords(f, text, MaxWords)
	case FieldNumber:
		return in.setNumber(text)
	case FieldDate:
		return in.setDate(text, typed)
	case FieldZone:
		return in.setZone(text)
	case FieldPrecision:
		return in.setPrecision(text)
	case FieldPublished:
		return in.setPublished(text, typed)
	case FieldAuthors:
		return in.setAuthors(nil, text)
	default:
		return in.setText(f, text)
	}
}

// Append decides an item more of a list field, or a paragraph more of a text field.
func (in *Incident) Append(f Field, text string) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	if f.single() {
		return nil, Refuse("The field %s holds one value. `%s` replaces it.", f, in.typed("set "+string(f)+" <text>"))
	}
	if f == FieldAuthors {
		return in.setAuthors(in.fields[f], text)
	}
	text, err := prose(text, "field "+string(f))
	if err != nil {
		return nil, err
	}
	return []Event{FieldAppended{f, text}}, nil
}

func (in *Incident) clear(f Field) ([]Event, error) {
	switch f {
	case FieldTitle, FieldZone, FieldPrecision:
		return nil, Refuse("The field %s cannot be empty. `%s` replaces it.", f, in.typed("set "+string(f)+" <text>"))
	case FieldNumber:
		return changed(in.Number != 0, NumberSet{}), nil
	case FieldDate:
		return changed(in.Date != Date{}, DateSet{}), nil
	case FieldPublished:
		return changed(!in.Published.IsZero(), PublishedSet{}), nil
	default:
		return changed(len(in.fields[f]) > 0, FieldSet{Field: f}), nil
	}
}

// changed is the event, if there is a change.
func changed(yes bool, e Event) []Event {
	if !yes {
		return nil
	}
	return []Event{e}
}

func (in *Incident) setWords(f Field, text string, most int) ([]Event, error) {
	text, err := words(text, string(f), most)
	if err != nil {
		return nil, err
	}
	return in.replace(f, []string{text}), nil
}

func (in *Incident) setText(f Field, text string) ([]Event, error) {
	text, err := prose(text, "field "+string(f))
	if err != nil {
		return nil, err
	}
	return in.replace(f, []string{text}), nil
}

func (in *Incident) replace(f Field, values []string) []Event {
	return changed(!slices.Equal(in.fields[f], values), FieldSet{f, values})
}

var authorsApart = regexp.MustCompile(`\s*,\s*(?:and\s+)?|\s+and\s+`)

func (in *Incident) setAuthors(before []string, text string) ([]Event, error) {
	text, err := words(text, "list of authors", MaxText)
	if err != nil {
		return nil, err
	}
	names := slices.Clone(before)
	for _, name := range authorsApart.Split(text, -1) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, Refuse("%q names nobody. Write the authors apart by commas: `%s`.", cut(text, 40), in.typed("set authors Ada, Grace"))
	}
	return in.replace(FieldAuthors, names), nil
}

func (in *Incident) setNumber(text string) ([]Event, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(text), "#"))
	if err != nil || n < 1 {
		return nil, Refuse("%q is not a number of an incident. Write a whole number from 1 on, like 12.", cut(text, 40))
	}
	return changed(n != in.Number, NumberSet{n}), nil
}

func (in *Incident) setDate(text string, typed time.Time) ([]Event, error) {
	d, err := ReadDate(text, typed, in.Zone)
	if err != nil {
		return nil, err
	}
	return changed(d != in.Date, DateSet{d}), nil
}

func (in *Incident) setZone(text string) ([]Event, error) {
	z, err := ParseZone(text)
	if err != nil {
		return nil, err
	}
	return changed(z != in.Zone, ZoneSet{z}), nil
}

func (in *Incident) setPrecision(text string) ([]Event, error) {
	p, err := ParsePrecision(text)
	if err != nil {
		return nil, err
	}
	return changed(p != in.Precision, PrecisionSet{p}), nil
}

func (in *Incident) setPublished(text string, typed time.Time) ([]Event, error) {
	at, err := ReadInstant(text, typed, in.Zone)
	if err != nil {
		return nil, err
	}
	return changed(!at.Equal(in.Published), PublishedSet{at}), nil
}
