package rocketsim

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"strconv"
	"strings"
	"time"
)

// invalid is the server's word for arguments that do not fit what it expects.
func invalid(text string) error { return fail("invalid-params", text) }

// read takes the arguments of a request from where they are, and refuses those that the endpoint does not know.
func (c *call) read(e endpoint, body []byte) error {
	switch {
	case e.form:
		return c.readFile(body)
	case e.method == "GET":
		for key, values := range c.URL.Query() {
			c.args[key] = values[0]
		}
	case len(bytes.TrimSpace(body)) > 0:
		if err := json.Unmarshal(body, &c.args); err != nil {
			return plain("Unexpected token in JSON at position 0")
		}
	}
	return c.check(e)
}

func (c *call) check(e endpoint) error {
	for name, value := range c.args {
		kind, known := e.takes[name]
		if !known {
			return invalid("must NOT have additional properties")
		}
		if value != nil && !fits(value, kind[0], e.method == "GET") {
			return invalid("must be " + kinds[kind[0]])
		}
	}
	one, some := false, false
	for name, kind := range e.takes {
		_, there := c.args[name]
		if strings.HasSuffix(kind, "!") && !there {
			return invalid("must have required property '" + name + "'")
		}
		if strings.HasSuffix(kind, "?") {
			one, some = true, some || there
		}
	}
	if one && !some {
		return invalid("must match exactly one schema in oneOf")
	}
	return nil
}

var kinds = map[byte]string{'s': "string", 'n': "number", 'b': "boolean", 'a': "array", 'l': "array", 'o': "object", 'u': "string"}

// fits says whether a value is of a kind. In a query everything is text.
func fits(value any, kind byte, query bool) bool {
	switch v := value.(type) {
	case string:
		_, err := strconv.ParseFloat(v, 64)
		return kind == 's' || kind == 'u' || query && (kind != 'n' || err == nil)
	case float64:
		return kind == 'n'
	case bool:
		return kind == 'b'
	case object:
		return kind == 'o'
	case []any:
		return list(v, kind)
	default:
		return false
	}
}

func list(values []any, kind byte) bool {
	for _, v := range values {
		_, text := v.(string)
		_, made := v.(object)
		if kind == 'l' && !made || kind != 'l' && !text {
			return false
		}
	}
	return kind == 'a' || kind == 'l' || kind == 'u'
}

// readFile takes the file of a form.
func (c *call) readFile(body []byte) error {
	kind, parameters, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return fail("error-invalid-request", "Unsupported content type")
	}
	form := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			return plain("File required")
		}
		if err != nil {
			return plain("Unexpected end of form")
		}
		contents, err := io.ReadAll(part)
		if err != nil {
			return plain("Unexpected end of form")
		}
		if part.FormName() == "file" && part.FileName() != "" {
			c.file = &file{name: part.FileName(), kind: part.Header.Get("Content-Type"), contents: contents}
			return nil
		}
	}
}

// text is an argument; one that is not there is empty.
func (c *call) text(name string) string {
	text, _ := c.args[name].(string)
	return text
}

// texts are the elements of a list, or of what stands in its place.
func (c *call) texts(name string) []string {
	var all []string
	switch v := c.args[name].(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, x := range v {
			text, _ := x.(string)
			all = append(all, text)
		}
	}
	return all
}

func (c *call) yes(name string) bool { return c.args[name] == true || c.args[name] == "true" }

// number is an argument of a query; the second is for where it is not there.
func (c *call) number(name string, usual int) int {
	n, err := strconv.Atoi(c.text(name))
	if err != nil {
		return usual
	}
	return n
}

// when is a date of a query.
func (c *call) when(name string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, c.text(name))
	return at, err == nil
}

// page is a part of a list as the query wants it, which is never longer than the server allows.
func page[T any](s *Sim, c *call, all []T, usual int) []T {
	most := s.amount("API_Upper_Count_Limit")
	count := c.number("count", usual)
	if count <= 0 || count > most {
		count = most
	}
	from := min(max(c.number("offset", 0), 0), len(all))
	return all[from:min(from+count, len(all))]
}

// paged are the fields of any query of a list.
func paged(more fields) fields {
	all := fields{"count": "n", "offset": "n", "sort": "s"}
	for name, kind := range more {
		all[name] = kind
	}
	return all
}
