package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"time"
)

// An entry is one line of the file.
type entry struct {
	// seq counts the lines from 1, without a gap.
	seq uint64
	// group is the seq of the first line that was synced together with this one.
	group uint64
	at    time.Time
	thing thing
}

// entryFile is an entry as it is written.
type entryFile struct {
	Seq   uint64          `json:"seq"`
	Group uint64          `json:"group"`
	At    time.Time       `json:"at"`
	Kind  string          `json:"kind"`
	Data  json.RawMessage `json:"data"`
}

// A line is {"sum":"01234567","entry":{…}}, the sum being the CRC-32C of the bytes of the entry.
const (
	sumMark   = `{"sum":"`
	entryMark = `","entry":`
	endMark   = `}`
	sumLen    = 2 * crc32.Size
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errSum says that a line is not as it was written.
var errSum = errors.New("the line is not as it was written")

// line writes an entry as a line, newline and all.
func (e entry) line() ([]byte, error) {
	data, err := plainJSON(e.thing)
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", e.seq, err)
	}
	body, err := plainJSON(entryFile{Seq: e.seq, Group: e.group, At: e.at, Kind: e.thing.kind(), Data: data})
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", e.seq, err)
	}
	var b bytes.Buffer
	b.WriteString(sumMark)
	b.WriteString(sumOf(body))
	b.WriteString(entryMark)
	b.Write(body)
	b.WriteString(endMark + "\n")
	return b.Bytes(), nil
}

func sumOf(body []byte) string {
	return fmt.Sprintf("%08x", crc32.Checksum(body, castagnoli))
}

// readLine reads a line, with or without its newline. A line that is torn or damaged is errSum; any other error is of a line
// that is as it was written, by a newer version of this package.
func readLine(line []byte) (entry, error) {
	body, ok := bodyOf(bytes.TrimSuffix(line, []byte("\n")))
	if !ok {
		return entry{}, errSum
	}
	var f entryFile
	if err := json.Unmarshal(body, &f); err != nil {
		return entry{}, err
	}
	t, err := readThing(f.Kind, f.Data)
	if err != nil {
		return entry{}, err
	}
	return entry{seq: f.Seq, group: f.Group, at: f.At, thing: t}, nil
}

// bodyOf is the entry within a line, if its sum agrees.
func bodyOf(line []byte) ([]byte, bool) {
	rest, ok := bytes.CutPrefix(line, []byte(sumMark))
	if !ok || len(rest) < sumLen {
		return nil, false
	}
	sum := string(rest[:sumLen])
	rest, ok = bytes.CutPrefix(rest[sumLen:], []byte(entryMark))
	if !ok {
		return nil, false
	}
	body, ok := bytes.CutSuffix(rest, []byte(endMark))
	return body, ok && sumOf(body) == sum
}
