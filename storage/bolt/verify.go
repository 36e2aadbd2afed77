package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"

	"boswell/incident"
	"boswell/storage"
)

// Verify is described at storage.Store. It reads the file with the care that a damaged one needs. progress is told how many
// incidents and files of how many are done.
func (s *Store) Verify(ctx context.Context, progress func(done, total int)) (storage.Report, error) {
	v := &verifier{store: s, expected: map[bucket]map[string]bool{inRooms: {}, inLinked: {}, inFiles: {}}, damaged: map[incident.ID]bool{}, progress: progress}
	err := s.view(ctx, func(r *reader) error {
		v.r = r
		err := guard(s.db.Path(), v.run)
		if errors.Is(err, storage.ErrDamaged) {
			v.problem("The file cannot be read to its end: %v.", err)
			return nil
		}
		return err
	})
	return v.report, err
}

// What can be done about what Verify finds.
const (
	restoreBackup = "Restore a backup from before that, and keep this folder: what happened since can be read from it with `boswell show`."
	indexOnly     = "The logs are not touched by this. Restore a backup, or leave it if nothing is missed."
)

// A verifier reads a store again and compares it with itself.
type verifier struct {
	store    *Store
	r        *reader
	report   storage.Report
	progress func(done, total int)
	done     int
	total    int
	// expected are the keys that the logs imply.
	expected map[bucket]map[string]bool
	// damaged are the incidents whose logs could not be read to their end; what they imply is not known.
	damaged map[incident.ID]bool
}

func (v *verifier) problem(format string, args ...any) {
	v.report.Problems = append(v.report.Problems, fmt.Sprintf(format, args...))
}

func (v *verifier) step() {
	v.done++
	if v.progress != nil {
		v.progress(v.done, v.total)
	}
}

func (v *verifier) run() error {
	if !v.ordered() {
		return v.r.usable()
	}
	files := 0
	for range namedFiles(v.r.src) {
		files++
	}
	last := incident.ID(v.r.src.sequence(inHeads))
	v.total = int(last) + files
	for id := incident.ID(1); id <= last; id++ {
		if err := v.r.usable(); err != nil {
			return err
		}
		v.log(id)
		v.step()
	}
	v.strays(last)
	v.indexes()
	return v.files()
}

// ordered reads every key once. Nothing else is worth asking of a file whose pages are not in order.
func (v *verifier) ordered() bool {
	for b := range bucketCount {
		var previous []byte
		for k := range v.r.src.scan(b, nil, nil) {
			if bytes.Compare(k, previous) <= 0 && previous != nil {
				v.problem("The pages of %q are not in order. %s", bucketNames[b], restoreBackup)
				return false
			}
			if previous = k; v.r.usable() != nil {
				return false
			}
		}
	}
	return true
}

// log reads the log of one incident and compares it with its head.
func (v *verifier) log(id incident.ID) {
	v.report.Incidents++
	head := v.r.src.get(inHeads, incidentKey(id))
	end, _, err := decodeTip(head)
	if head == nil || err != nil {
		v.damage(id, "The head of %s is missing or unreadable.", id)
		return
	}
	in, l, last := incident.New(id), newLinks(), tip{}
	err = eachRecord(v.r.src, id, 1, end.seq, func(r incident.Record, sum incident.Hash) {
		v.report.Records++
		v.follows(last, r)
		if _, erased := r.Event.(incident.Erased); erased {
			last.erased++
		}
		l.add(apply(in, r), r)
		last.seq, last.hash, last.at, last.closed = r.Seq, sum, r.At, in.Closed
		v.names(r)
	})
	switch {
	case err != nil:
		v.damage(id, "The log of %s cannot be trusted: %v.", id, err)
		return
	case last != end:
		v.damage(id, "The log of %s does not end as its head says: a record was changed, or the head was.", id)
	default:
		v.summary(head, end, in)
	}
	for b, of := range l.byBucket() {
		for _, one := range of {
			v.expected[b][string(one.key())] = true
		}
	}
}

// follows checks that a record continues the chain.
func (v *verifier) follows(last tip, r incident.Record) {
	if r.Prev != last.hash {
		v.damage(r.Incident, "Record %d of %s does not follow the record before it: one of the two was changed or put in its place.", r.Seq, r.Incident)
	}
	if r.At.Before(last.at) {
		v.damage(r.Incident, "Record %d of %s is older than the record before it.", r.Seq, r.Incident)
	}
	switch r.Event.(type) {
	case incident.Opened, incident.Erased:
	default:
		if r.Seq == 1 {
			v.damage(r.Incident, "The log of %s does not begin with its opening.", r.Incident)
		}
	}
}

// damage reports a log that is not what it was; of one incident the first finding says enough.
func (v *verifier) damage(id incident.ID, format string, args ...any) {
	if v.damaged[id] {
		return
	}
	v.damaged[id] = true
	v.problem("%s %s", fmt.Sprintf(format, args...), restoreBackup)
}

func (v *verifier) names(r incident.Record) {
	for _, hash := range fileHashes(r.Event) {
		if key, ok := fileKey(hash, r.Incident, r.Seq); ok {
			v.expected[inFiles][string(key)] = true
		}
	}
}

// summary compares what lists show with what the log says.
func (v *verifier) summary(head []byte, end tip, in *incident.Incident) {
	have, err := decodeSummary(head)
	if err == nil {
		text, encodeErr := encodeSummary(summarize(in))
		want, decodeErr := decodeSummary(encodeHead(end, text))
		if err = errors.Join(encodeErr, decodeErr); err == nil && reflect.DeepEqual(have, want) {
			return
		}
	}
	v.problem("Lists show %s otherwise than its log says. %s", in.ID, indexOnly)
}

// strays are records and heads of incidents that were never given a number.
func (v *verifier) strays(last incident.ID) {
	for _, b := range []bucket{inEvents, inHeads} {
		for k := range v.r.src.scan(b, nil, nil) {
			v.stray(b, k, last)
		}
	}
}

func (v *verifier) stray(b bucket, k []byte, last incident.ID) {
	n, rest, err := cutNumber(k)
	id := incident.ID(n)
	if err != nil || id == 0 || id > last {
		v.problem("%q holds a key that belongs to no incident (%x). %s", bucketNames[b], k, restoreBackup)
		return
	}
	if b == inHeads || v.damaged[id] {
		return
	}
	end, err := v.r.tip(id)
	if err != nil {
		return // reported with the log
	}
	if seq, _, err := cutNumber(rest); err != nil || seq == 0 || seq > end.seq {
		v.damage(id, "The log of %s goes on behind its head.", id)
	}
}
