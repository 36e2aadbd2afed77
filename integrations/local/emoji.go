package local

import "unicode"

// emojis are those that people can choose by name.
var emojis = map[string]string{
	"+1": "👍", "-1": "👎", "100": "💯", "bell": "🔔", "boom": "💥", "bug": "🐛", "bulb": "💡", "calendar": "📅",
	"chart_with_downwards_trend": "📉", "chart_with_upwards_trend": "📈", "clap": "👏", "eyes": "👀", "fire": "🔥",
	"hammer_and_wrench": "🛠", "heart": "❤", "hourglass": "⌛", "joy": "😂", "link": "🔗", "lock": "🔒", "mag": "🔍",
	"ok_hand": "👌", "paperclip": "📎", "point_up": "☝", "pray": "🙏", "pushpin": "📌", "question": "❓",
	"raised_hands": "🙌", "rocket": "🚀", "rotating_light": "🚨", "scroll": "📜", "stopwatch": "⏱", "tada": "🎉",
	"thinking_face": "🤔", "warning": "⚠", "wave": "👋", "white_check_mark": "✅", "x": "❌",
}

func notInEmoji(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
