package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"strconv"
	"syscall"

	"boswell/incident"
	"boswell/integrations/local"
	"boswell/postmortem"
	"boswell/storage"
)

// A desk answers what commands ask of a data folder. A running bot has one on its socket, whose owner alone can open it; a
// command that finds no bot asks a desk of its own, so the answers are the same.
type desk struct {
	store  storage.Store
	folder string                       // the data folder
	health func(context.Context) health // nil where no bot runs
}

// listed is an incident in a list.
type listed struct {
	storage.Summary
	CommanderName string `json:"commander_name,omitempty"`
}

// logged is a record in a list, without its contents.
type logged struct {
	Seq    uint64 `json:"seq"`
	At     string `json:"at"`
	By     string `json:"by"`
	Kind   string `json:"kind"`
	Erased bool   `json:"erased,omitempty"`
}

// attached is a file that an export refers to.
type attached struct {
	Hash string `json:"hash"`
	Path string `json:"path"` // relative to the document, with slashes
}

// checked is one line of what verify tells while it works; the last has a report or an error.
type checked struct {
	Done   int             `json:"done"`
	Total  int             `json:"total"`
	Report *storage.Report `json:"report,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// complaint is the answer to what could not be done.
type complaint struct {
	Error string `json:"error"`
}

// handler answers. What is refused is 400, what is not there 404, all other failures are 500.
func (d desk) handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, answer := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /health":                              d.tellHealth,
		"GET /incidents":                           d.list,
		"GET /incidents/{id}":                      d.show,
		"GET /incidents/{id}/export":               d.export,
		"GET /incidents/{id}/files":                d.attachments,
		"GET /incidents/{id}/records":              d.records,
		"POST /incidents/{id}/records/{seq}/erase": d.erase,
		"GET /files/{hash}":                        d.file,
		"POST /verify":                             d.verify,
		"POST /backup":                             d.backup,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := answer(w, r); err != nil {
				complain(w, err)
			}
		})
	}
	return mux
}

func complain(w http.ResponseWriter, err error) {
	code := http.StatusInternalServerError
	switch {
	case errors.As(err, new(incident.Refusal)):
		code = http.StatusBadRequest
	case errors.Is(err, storage.ErrNotFound):
		code = http.StatusNotFound
	}
	answerJSON(w, code, complaint{err.Error()})
}

// answerJSON writes v. Whoever asked and is gone by now needs no answer.
func answerJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}

func (d desk) tellHealth(w http.ResponseWriter, r *http.Request) error {
	if d.health == nil {
		return errNoBot
	}
	h := d.health(r.Context())
	answerJSON(w, h.code(), h)
	return nil
}

func (d desk) list(w http.ResponseWriter, r *http.Request) error {
	all := []listed{}
	err := d.store.View(r.Context(), func(view storage.Reader) error {
		for s, err := range view.Incidents() {
			if err != nil {
				return err
			}
			if s.State.Live() || r.FormValue("all") != "" {
				commander, _ := view.Person(s.Commander)
				all = append(all, listed{s, commander.Name})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	answerJSON(w, http.StatusOK, all)
	return nil
}

// look runs fn on the incident that a request names, as far as it can be read; the answer's lossHeader says what is missing.
// fn does not write the answer: a slow reader of it would hold up the store.
func (d desk) look(w http.ResponseWriter, r *http.Request, fn func(storage.Reader, *incident.Incident) error) error {
	id, err := incident.ParseID(r.PathValue("id"))
	if err != nil {
		return incident.Refuse("%v `boswell list --all` lists all incidents.", err)
	}
	return d.store.View(r.Context(), func(view storage.Reader) error {
		in, lost, err := salvage(view, id)
		if errors.Is(err, storage.ErrNotFound) {
			return incident.Refuse("There is no %s. `boswell list --all` lists all incidents.", id)
		}
		if err != nil {
			return err
		}
		if len(lost) > 0 {
			w.Header().Set(lossHeader, lossOf(id, lost))
		}
		return fn(view, in)
	})
}

func (d desk) show(w http.ResponseWriter, r *http.Request) error {
	var text string
	err := d.look(w, r, func(view storage.Reader, in *incident.Incident) error {
		text = showing(in, names(view))
		return nil
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

// names are those of people, by their identity.
func names(view storage.Reader) postmortem.People {
	return func(id incident.PersonID) string {
		p, _ := view.Person(id)
		return p.Name
	}
}

func (d desk) export(w http.ResponseWriter, r *http.Request) error {
	var contents []byte
	err := d.look(w, r, func(view storage.Reader, in *incident.Incident) error {
		text, style, err := postmortem.Render(r.FormValue("style"), in, names(view))
		w.Header().Set("Content-Type", style.MediaType)
		w.Header().Set(nameHeader, postmortem.Slug(in.Title())+style.Extension)
		contents = text
		return err
	})
	if err != nil {
		return err
	}
	_, err = w.Write(contents)
	return err
}

// What an answer is accompanied by: the name that an export has as a file, and what is missing of a damaged incident.
const (
	nameHeader = "Boswell-File-Name"
	lossHeader = "Boswell-Loss"
)

func (d desk) attachments(w http.ResponseWriter, r *http.Request) error {
	var files []attached
	err := d.look(w, r, func(view storage.Reader, in *incident.Incident) error {
		files = attachmentsOf(postmortem.From(in, names(view)))
		return nil
	})
	if err != nil {
		return err
	}
	answerJSON(w, http.StatusOK, files)
	return nil
}

func attachmentsOf(doc postmortem.Document) []attached {
	files := []attached{}
	add := func(f incident.File) {
		if path := postmortem.FilePath(f); path != "" {
			files = append(files, attached{f.Hash, path})
		}
	}
	for _, line := range doc.Timeline {
		for _, f := range line.Files {
			add(f)
		}
	}
	for _, exhibit := range doc.Supporting {
		if exhibit.File != nil {
			add(*exhibit.File)
		}
	}
	return files
}

func (d desk) file(w http.ResponseWriter, r *http.Request) error {
	f, err := d.store.OpenFile(r.PathValue("hash"))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

func (d desk) records(w http.ResponseWriter, r *http.Request) error {
	all := []logged{}
	err := d.look(w, r, func(view storage.Reader, in *incident.Incident) error {
		name := names(view)
		for record, err := range view.Records(in.ID, 1) {
			if err != nil {
				return err
			}
			l := logged{Seq: record.Seq, At: record.At.UTC().Format("2006-01-02 15:04:05"), By: name(record.By), Kind: incident.Kind(record.Event)}
			if erased, ok := record.Event.(incident.Erased); ok {
				l.Kind, l.Erased = erased.Kind, true
			}
			all = append(all, l)
		}
		return nil
	})
	if err != nil {
		return err
	}
	answerJSON(w, http.StatusOK, all)
	return nil
}

func (d desk) erase(w http.ResponseWriter, r *http.Request) error {
	id, err := incident.ParseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	seq, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
	if err != nil {
		return incident.Refuse("%q is not the number of a record. `boswell erase %s` lists them.", r.PathValue("seq"), id)
	}
	err = d.store.Erase(r.Context(), id, seq)
	if errors.Is(err, storage.ErrNotFound) {
		return incident.Refuse("%s has no record %d. `boswell erase %s` lists them.", id, seq, id)
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (d desk) verify(w http.ResponseWriter, r *http.Request) error {
	lines := json.NewEncoder(w)
	tell := func(c checked) error {
		if err := lines.Encode(c); err != nil {
			return err
		}
		return http.NewResponseController(w).Flush()
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	report, err := d.store.Verify(ctx, func(done, total int) {
		if tell(checked{Done: done, Total: total}) != nil {
			cancel() // nobody listens any more
		}
	})
	if err != nil {
		return tell(checked{Error: err.Error()})
	}
	wrong, err := d.wrongChats()
	if err != nil {
		return tell(checked{Error: err.Error()})
	}
	report.Problems = append(report.Problems, wrong...)
	return tell(checked{Report: &report})
}

// wrongChats says what is wrong with the built-in chats. One that cannot be read keeps the bot from starting.
func (d desk) wrongChats() ([]string, error) {
	chats, err := builtInChats(d.folder)
	if err != nil {
		return nil, err
	}
	var wrong []string
	for _, c := range chats {
		if err := local.Verify(filepath.Join(d.folder, c)); err != nil {
			wrong = append(wrong, fmt.Sprintf("The built-in chat in %s cannot be read: %v.", c, err))
		}
	}
	return wrong, nil
}

func (d desk) backup(w http.ResponseWriter, r *http.Request) error {
	err := copyFolder(r.Context(), d.store, d.folder, r.FormValue("dir"))
	if errors.Is(err, syscall.ENOTDIR) || errors.Is(err, fs.ErrPermission) {
		return incident.Refuse("The backup cannot be written: %v. Name a folder that is not there yet, where this user may make one.", err)
	}
	if err != nil {
		return fmt.Errorf("the backup failed: %w", err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
