package web

// Render is a text as pages show it.
func Render(markdown string) (string, error) {
	html, err := (&Site{markdown: newMarkdown()}).render([]byte(markdown), "/incidents/INC-1/files/")
	return string(html), err
}
