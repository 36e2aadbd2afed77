package web

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// newMarkdown makes the one reader of Markdown. It is safe: addresses that would run something are dropped, and what looks
// like HTML is shown as it was typed.
func newMarkdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Linkify, extension.Strikethrough),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(mender{}, 100))),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(literal{}, 100))),
	)
}

// folder is the key of the address, ending in a slash, that the files of a document lie under.
var folder = parser.NewContextKey()

// render makes markup of Markdown. Links to kept files lead below files, an address that ends in a slash.
func (s *Site) render(markdown []byte, files string) (template.HTML, error) {
	pc := parser.NewContext()
	pc.Set(folder, files)
	var b bytes.Buffer
	if err := s.markdown.Convert(markdown, &b, parser.WithContext(pc)); err != nil {
		return "", fmt.Errorf("render Markdown: %w", err)
	}
	return template.HTML(b.String()), nil
}

// A mender fits a document into a page: its headings stand below the page's own, its files are found, and pictures of other
// sites, which the page would not load, become links.
type mender struct{}

func (mender) Transform(doc *ast.Document, _ text.Reader, pc parser.Context) {
	files, _ := pc.Get(folder).(string)
	var foreign []*ast.Image
	// The walk cannot fail: its function returns no error.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if entering {
				n.Level = min(n.Level+1, 6)
			}
		case *ast.Link:
			if entering {
				n.Destination = below(files, n.Destination)
			}
		case *ast.Image:
			if !entering {
				return ast.WalkContinue, nil
			}
			n.Destination = below(files, n.Destination)
			if !bytes.HasPrefix(n.Destination, []byte(files)) {
				foreign = append(foreign, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, image := range foreign {
		linked(image)
	}
}

// below is where a link leads that names a kept file; others stay as they are.
func below(files string, destination []byte) []byte {
	name, kept := strings.CutPrefix(string(destination), "files/")
	if !kept || files == "" {
		return destination
	}
	return []byte(files + name)
}

// linked puts a link in the place of a picture.
func linked(image *ast.Image) {
	link := ast.NewLink()
	link.Destination, link.Title = image.Destination, image.Title
	for c := image.FirstChild(); c != nil; {
		next := c.NextSibling()
		link.AppendChild(link, c)
		c = next
	}
	if !link.HasChildren() {
		link.AppendChild(link, ast.NewString(image.Destination))
	}
	image.Parent().ReplaceChild(image.Parent(), image, link)
}

// literal shows HTML as it was typed.
type literal struct{}

func (l literal) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, l.raw)
	r.Register(ast.KindHTMLBlock, l.block)
}

func (literal) raw(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		if err := escaped(w, source, n.(*ast.RawHTML).Segments); err != nil {
			return ast.WalkStop, err
		}
	}
	return ast.WalkSkipChildren, nil
}

func (literal) block(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	mark := "<p>"
	if !entering {
		mark = "</p>\n"
	}
	if _, err := w.WriteString(mark); err != nil || !entering {
		return ast.WalkContinue, err
	}
	block := n.(*ast.HTMLBlock)
	if err := escaped(w, source, block.Lines()); err != nil {
		return ast.WalkStop, err
	}
	if !block.HasClosure() {
		return ast.WalkContinue, nil
	}
	_, err := w.Write(util.EscapeHTML(block.ClosureLine.Value(source)))
	return ast.WalkContinue, err
}

func escaped(w util.BufWriter, source []byte, lines *text.Segments) error {
	for _, line := range lines.Sliced(0, lines.Len()) {
		if _, err := w.Write(util.EscapeHTML(line.Value(source))); err != nil {
			return err
		}
	}
	return nil
}
