package chattest

import (
	"bytes"
	"io"
	"strings"

	"boswell/chat"
)

// graph is a file that is no text.
var graph = append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{0, 1, 2, 0xff}, 500)...)

// checkFileOfPerson: what people attach can be read, byte for byte.
func checkFileOfPerson(s *scene) {
	attacher := ability[Attacher](s, s.w)
	ref, err := attacher.Attach(s.ctx, s.ann.ID, s.room, "the error rate", File{Name: "graph.png", Contents: graph})
	s.must(err)
	in := await(s, "the message with the file", func(m chat.Said) bool { return m.Ref == ref && len(m.Files) > 0 })
	f := in.Files[0]
	if len(in.Files) != 1 || f.Name != "graph.png" || f.Size != int64(len(graph)) || f.ID == "" || in.Text != "the error rate" {
		s.Errorf("the message is %+v, want the text and one file of %d bytes", in, len(graph))
	}
	downloader, ok := s.p.(chat.Downloader)
	if !ok {
		return
	}
	r, err := downloader.Download(s.ctx, f)
	s.must(err)
	got, err := io.ReadAll(r)
	s.must(err)
	s.must(r.Close())
	if !bytes.Equal(got, graph) {
		s.Errorf("%d bytes were read back, which are not the %d that were sent", len(got), len(graph))
	}
}

// checkFileOfBot: what the bot uploads can be read by people; the same key uploads once where keys are known for ever.
func checkFileOfBot(s *scene) {
	uploader := ability[chat.Uploader](s, s.p)
	text := "# Postmortem\n\n*what* <happened> & why\n"
	upload := func() chat.Ref {
		ref, err := uploader.Upload(s.ctx, "file", s.room, chat.Upload{Name: "INC-7.md", Type: "text/markdown",
			Caption: chat.Say("The postmortem")}, strings.NewReader(text), int64(len(text)))
		s.must(err)
		return ref
	}
	first := upload()
	m := s.shown(s.room, first)
	if len(m.Files) != 1 || m.Files[0].Name != "INC-7.md" || string(m.Files[0].Contents) != text {
		s.Errorf("people see the files %+v, want INC-7.md with its %d bytes", m.Files, len(text))
	}
	if !strings.Contains(m.Text(), "The postmortem") {
		s.Errorf("people read %q, want the caption in it", m.Text())
	}
	if s.p.Limits().Idempotent >= 0 {
		return
	}
	if again := upload(); again != first || len(s.texts()) != 1 {
		s.Errorf("the same key again is %v beside %v", again, first)
	}
}

// zeros is a file of any size.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// checkFileTooLarge: a file that does not fit is refused for good.
func checkFileTooLarge(s *scene) {
	uploader := ability[chat.Uploader](s, s.p)
	size := s.p.Limits().File + 1
	_, err := uploader.Upload(s.ctx, "large", s.room, chat.Upload{Name: "core.bin", Type: "application/octet-stream"},
		io.LimitReader(zeros{}, size), size)
	s.wantFinal(err)
	if texts := s.texts(); len(texts) > 0 {
		s.Errorf("people see %q, want nothing", texts)
	}
}
