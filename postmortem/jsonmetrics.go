package postmortem

import (
	"time"

	"boswell/incident"
)

type exportedMetrics struct {
	Points                map[string]exportedPoint `json:"points"`
	TTD                   *exportedSpan            `json:"ttd"`
	TTA                   *exportedSpan            `json:"tta"`
	TTM                   *exportedSpan            `json:"ttm"`
	TTR                   *exportedSpan            `json:"ttr"`
	Duration              *exportedSpan            `json:"duration"`
	DetectionToResolution *exportedSpan            `json:"detection_to_resolution"`
	TimelineSpan          *exportedSpan            `json:"timeline_span"`
	LargestGap            *exportedLull            `json:"largest_gap"`
	Entries               int                      `json:"entries"`
	EntriesWithTime       int                      `json:"entries_with_time"`
	ApproximateShare      float64                  `json:"approximate_share"`
	Responders            int                      `json:"responders"`
	OpenActions           int                      `json:"open_actions"`
	DoneActions           int                      `json:"done_actions"`
	ActionsWithoutOwners  int                      `json:"actions_without_owner"`
}

// exportedPoint is a milestone. Order and Handle are those of its entry; null if it was said with a command.
type exportedPoint struct {
	At          *string `json:"at"`
	End         *string `json:"end"`
	Approximate bool    `json:"approximate"`
	Precision   string  `json:"precision"`
	Order       *int    `json:"order"`
	Handle      *string `json:"handle"`
	Source      string  `json:"source"` // "marker" or "command"
}

type exportedSpan struct {
	Seconds     int64  `json:"seconds"`
	Text        string `json:"text"`
	Approximate bool   `json:"approximate"`
	Days        bool   `json:"days"`
}

type exportedLull struct {
	exportedSpan
	After  int `json:"after"`
	Before int `json:"before"`
}

func exportMetrics(m incident.Metrics, loc *time.Location) exportedMetrics {
	return exportedMetrics{
		Points: exportPoints(m, loc),
		TTD:    exportSpan(m.TTD), TTA: exportSpan(m.TTA), TTM: exportSpan(m.TTM), TTR: exportSpan(m.TTR),
		Duration: exportSpan(m.Duration), DetectionToResolution: exportSpan(m.DetectedToResolved),
		TimelineSpan: exportSpan(m.TimelineSpan), LargestGap: exportLull(m.LargestGap),
		Entries: m.Entries, EntriesWithTime: m.Timed, ApproximateShare: m.ApproximateShare(), Responders: m.Responders,
		OpenActions: m.OpenActions, DoneActions: m.DoneActions, ActionsWithoutOwners: m.UnownedActions,
	}
}

// exportPoints are the milestones that are known.
func exportPoints(m incident.Metrics, loc *time.Location) map[string]exportedPoint {
	points := map[string]exportedPoint{}
	for name, p := range map[string]incident.Milestone{
		"incident_start": m.IncidentStart, "impact_start": m.ImpactStart, "detected": m.Detected,
		"acknowledged": m.Acknowledged, "mitigated": m.Mitigated, "resolved": m.Resolved,
	} {
		if p.Known() {
			points[name] = exportPoint(p, loc)
		}
	}
	return points
}

func exportPoint(p incident.Milestone, loc *time.Location) exportedPoint {
	at, end := moment(p.At, loc)
	out := exportedPoint{At: at, End: end, Approximate: p.At.Approximate, Precision: string(p.At.Precision), Source: "command"}
	if p.Number > 0 {
		out.Source, out.Order, out.Handle = "marker", nonZero(p.Number), given(string(p.Entry))
	}
	return out
}

func exportSpan(s incident.Span) *exportedSpan {
	if !s.Known {
		return nil
	}
	return &exportedSpan{int64(s.Length / time.Second), s.String(), s.Approximate, s.Days}
}

func exportLull(l incident.Lull) *exportedLull {
	span := exportSpan(l.Span)
	if span == nil {
		return nil
	}
	return &exportedLull{*span, l.After, l.Before}
}
