package local

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	render "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"boswell/chat"
)

// newMarkdown reads what people write as chats do: code, quotes, lists, emphasis and links. There are no headings, no HTML
// and no pictures of other sites in it, and a line break is one.
func newMarkdown() goldmark.Markdown {
	p := parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewListParser(), 300), util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700), util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100), util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300), util.Prioritized(parser.NewEmphasisParser(), 500)))
	return goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(extension.Linkify, extension.Strikethrough),
		goldmark.WithRendererOptions(render.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(pictures{}, 100))))
}

// pictures shows a picture of another site as a link to it.
type pictures struct{}

func (p pictures) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindImage, p.link)
}

func (pictures) link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	mark := "</a>"
	if entering {
		address := n.(*ast.Image).Destination
		if render.IsDangerousURL(address) {
			address = nil
		}
		mark = `<a href="` + string(util.EscapeHTML(util.URLEscape(address, true))) + `">`
	}
	_, err := w.WriteString(mark)
	return ast.WalkContinue, err
}

// text is what a message says, as markup. Only people write Markdown; the bot's text has its look already.
func (p *pages) text(m Message) (template.HTML, error) {
	if m.From.ID == Boswell {
		return spans(m.Content.Text), nil
	}
	var b bytes.Buffer
	if err := p.markdown.Convert([]byte(m.Content.Text.String()), &b); err != nil {
		return "", fmt.Errorf("render a message: %w", err)
	}
	return template.HTML(b.String()), nil
}

// spans is a text of the bot as markup. Blocks stand between paragraphs.
func spans(text chat.Text) template.HTML {
	var b strings.Builder
	b.WriteString("<p>")
	for _, s := range text {
		escaped := html.EscapeString(s.Text)
		switch s.Kind {
		case chat.SpanBold:
			b.WriteString("<strong>" + escaped + "</strong>")
		case chat.SpanCode:
			b.WriteString("<code>" + escaped + "</code>")
		case chat.SpanBlock:
			b.WriteString("</p><pre><code>" + escaped + "</code></pre><p>")
		case chat.SpanLink:
			b.WriteString(linkMarkup(s))
		case chat.SpanMention:
			b.WriteString(`<span class="mention">@` + escaped + "</span>")
		default:
			b.WriteString(escaped)
		}
	}
	b.WriteString("</p>")
	return template.HTML(strings.ReplaceAll(b.String(), "<p></p>", ""))
}

// linkMarkup is a link. An address that would run something is only text.
func linkMarkup(s chat.Span) string {
	label := s.Text
	if label == "" {
		label = s.Link
	}
	if render.IsDangerousURL([]byte(s.Link)) {
		return html.EscapeString(label)
	}
	return `<a href="` + html.EscapeString(s.Link) + `">` + html.EscapeString(label) + "</a>"
}
