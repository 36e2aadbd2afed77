package local_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var colour = regexp.MustCompile(`(--[a-z-]+): #([0-9a-f]{6});`)

// themes are the colours of a style sheet, light and dark. The dark ones stand behind the media query.
func themes(t *testing.T, path string) map[string]map[string]string {
	t.Helper()
	css, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	light, dark, found := strings.Cut(string(css), "prefers-color-scheme: dark")
	if !found {
		t.Fatalf("%s knows no darkness", path)
	}
	all := map[string]map[string]string{}
	for name, part := range map[string]string{"light": light, "dark": dark} {
		all[name] = map[string]string{}
		for _, match := range colour.FindAllStringSubmatch(part, -1) {
			all[name][match[1]] = match[2]
		}
	}
	return all
}

// TestContrast holds the colours of texts against those behind them, by the formula of WCAG 2; AA wants 4.5, and 3 for edges
// that show where something can be done.
func TestContrast(t *testing.T) {
	pairs := map[string][]string{
		"--ink":        {"--ground", "--surface", "--sunken", "--accent-wash", "--warn-wash"},
		"--soft":       {"--ground", "--surface", "--sunken"},
		"--accent":     {"--ground", "--surface", "--accent-wash"},
		"--accent-ink": {"--accent"},
		"--danger":     {"--surface", "--danger-wash"},
		"--warn":       {"--surface", "--warn-wash"},
		"--good":       {"--surface", "--good-wash"},
	}
	for name, theme := range themes(t, "static/theme.css") {
		for text, grounds := range pairs {
			for _, ground := range grounds {
				if c := contrast(t, theme[text], theme[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", name, text, ground, c)
				}
			}
		}
		for _, edge := range []string{"--edge", "--focus"} {
			if c := contrast(t, theme[edge], theme["--surface"]); c < 3 {
				t.Errorf("%s: %s has a contrast of %.2f", name, edge, c)
			}
		}
	}
}

// TestThemesAgree keeps what stands beside the chat in the chat's colours.
func TestThemesAgree(t *testing.T) {
	ours, theirs := themes(t, "static/theme.css"), themes(t, "../../web/static/page.css")
	for name, theme := range theirs {
		for key, value := range theme {
			if ours[name][key] != value {
				t.Errorf("%s: %s is #%s here and #%s on the pages of incidents", name, key, ours[name][key], value)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light, dark := luminance(t, a), luminance(t, b)
	return (max(light, dark) + .05) / (min(light, dark) + .05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{.2126, .7152, .0722} {
		if len(hex) != 6 {
			t.Fatalf("%q is no colour", hex)
		}
		value, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		channel := float64(value) / 255
		if channel <= .04045 {
			sum += weight * channel / 12.92
		} else {
			sum += weight * math.Pow((channel+.055)/1.055, 2.4)
		}
	}
	return sum
}
