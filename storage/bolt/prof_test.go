package bolt
import ("go.etcd.io/bbolt";"testing";"fmt";"boswell/incident")
func BenchmarkProf(b *testing.B) {
	n := 64
	s := openBench(b, Options{NoSync: true})
	ids := make([]incident.ID, n)
	for i := range ids { ids[i] = opened(b, s, fmt.Sprintf("open-%d", i)) }
	b.ReportAllocs()
	before := s.Stats().Commits
	spread(b, n, func(caller, i int) { note(b, s, ids[caller], fmt.Sprintf("note-%d", i)) })
	b.ReportMetric(float64(b.N)/float64(s.Stats().Commits-before), "ops/commit")
}
func BenchmarkProfBare(b *testing.B) {
	s, sample := sampled(b); s.db.NoSync = true
	bare := newBareLoop(s.db); defer bare.close()
	b.ReportAllocs()
	spread(b, 64, func(caller, i int) { bare.do(func(tx *bbolt.Tx) error { return sample.put(tx, caller, i) }) })
}
