package local

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"syscall"
)

// maxLine is how many bytes one line of the file may have.
const maxLine = 16 << 20

// logVersion is the version of the file's format, which its first line tells.
const logVersion = 1

// ErrDamaged says that the file was changed after it was written. What was cut off while it was being written is not damage.
var ErrDamaged = errors.New("the chat's file is damaged")

// Errors of writing. After errFull the file is as it was before; after any other error nobody knows what is in it.
var errFull = errors.New("the disk is full")

// A disk is what a journal needs of its file.
type disk interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Sync() error
	Truncate(size int64) error
	Stat() (os.FileInfo, error)
}

// A journal is the file, open for appending.
type journal struct {
	file disk
	// size is where the next line goes: the end of the last line that is durable.
	size int64
}

// openJournal opens the file, or makes it, and calls apply for each line in it. What the last group of lines lacks was never
// durable and is cut off.
func openJournal(path string, apply func(entry) error) (*journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the chat's file: %w", err)
	}
	j := &journal{file: f}
	if err := j.replay(apply); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	if err := j.cut(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: cut off what is torn: %w", path, err), f.Close())
	}
	return j, syncFolder(filepath.Dir(path))
}

// Verify reads the file of the chat in a folder, open or not, as Open does, and changes nothing. An error says what is wrong;
// it wraps ErrDamaged if the file was changed after it was written.
func Verify(folder string) error {
	f, err := os.Open(filepath.Join(folder, journalName))
	if err != nil {
		return fmt.Errorf("open the chat's file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open the chat's file: %w", err)
	}
	// What is written meanwhile is not read: half of it would look like damage.
	_, err = readLines(io.NewSectionReader(f, 0, info.Size()), checkVersion)
	return err
}

// checkVersion refuses the first line of a file that this version cannot read.
func checkVersion(e entry) error {
	if t, ok := e.thing.(begun); ok && t.Version > logVersion {
		return fmt.Errorf("the chat's file has format %d and this version of Boswell reads up to %d", t.Version, logVersion)
	}
	return nil
}

// replay reads the lines up to the first that is torn.
func (j *journal) replay(apply func(entry) error) (err error) {
	j.size, err = readLines(io.NewSectionReader(j.file, 0, math.MaxInt64), apply)
	return err
}

// readLines reads the lines up to the first that is torn, and says how many bytes they have.
func readLines(from io.Reader, apply func(entry) error) (size int64, err error) {
	r := bufio.NewReaderSize(from, 1<<16)
	for next := uint64(1); ; next++ {
		line, err := nextLine(r)
		if err == io.EOF {
			return size, nil
		}
		if err != nil {
			return size, err
		}
		e, err := readLine(line)
		if errors.Is(err, errSum) || line[len(line)-1] != '\n' {
			return size, onlyTorn(r, next)
		}
		if err != nil {
			return size, fmt.Errorf("line %d was written by a newer version of Boswell: %w", next, err)
		}
		if e.seq != next {
			return size, fmt.Errorf("%w: line %d says that it is line %d; restore the file from a backup", ErrDamaged, next, e.seq)
		}
		if err := apply(e); err != nil {
			return size, err
		}
		size += int64(len(line))
	}
}

// onlyTorn is nil if nothing behind the bad line was written after that line was durable: then it is the group that was
// being written when the power went.
func onlyTorn(r *bufio.Reader, bad uint64) error {
	for {
		line, err := nextLine(r)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, err := readLine(line); !errors.Is(err, errSum) && e.group > bad {
			return fmt.Errorf("%w: line %d is not as it was written; restore the file from a backup", ErrDamaged, bad)
		}
	}
}

// nextLine reads a line with its newline, or the rest of the file without one.
func nextLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLine:
			return nil, fmt.Errorf("%w: a line has more than %d bytes; restore the file from a backup", ErrDamaged, maxLine)
		case err == nil, err == io.EOF && len(line) > 0:
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// cut makes the file end behind its last good line.
func (j *journal) cut() error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() == j.size {
		return nil
	}
	if err := j.file.Truncate(j.size); err != nil {
		return err
	}
	return j.file.Sync()
}

// append writes lines and returns when they are durable.
func (j *journal) append(lines []byte) error {
	if _, err := j.file.WriteAt(lines, j.size); errors.Is(err, syscall.ENOSPC) {
		if cut := j.cut(); cut != nil {
			return fmt.Errorf("write the chat's file: %w", errors.Join(err, cut))
		}
		return errFull
	} else if err != nil {
		return fmt.Errorf("write the chat's file: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("sync the chat's file: %w", err)
	}
	j.size += int64(len(lines))
	return nil
}

func (j *journal) close() error { return j.file.Close() }

// syncFolder makes new names in a folder durable.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync a folder: %w", err)
	}
	if err := d.Sync(); err != nil {
		return errors.Join(fmt.Errorf("sync a folder: %w", err), d.Close())
	}
	return d.Close()
}
