// What the vendor's own parser makes of texts, with the settings of a fresh server: a JSON list of texts comes in, and out
// comes, for each, the list of what is shown: [kind, text].
import { parse } from '@rocket.chat/message-parser'

const options = { colors: true, emoticons: true, katex: { dollarSyntax: false, parenthesisSyntax: true } }
const kinds = { BOLD: 'bold', HEADING: 'bold', INLINE_CODE: 'code', CODE: 'block', LINK: 'link', MENTION_USER: 'mention' }

function* shown(node, kind = '') {
  if (Array.isArray(node)) {
    for (const each of node) yield* shown(each, kind)
  } else if (typeof node === 'string') {
    yield [kind, node]
  } else if (node.type === 'LINK') {
    yield* shown(node.value.label, 'link')
  } else if (node.type === 'CODE') {
    yield ['block', node.value.map((line) => line.value.value).join('\n')]
  } else if (node.type === 'LINE_BREAK') {
    yield [kind, '\n']
  } else if (node.type === 'EMOJI') {
    yield node.unicode ? [kind, node.unicode] : ['emoji', node.shortCode]
  } else if (node.value !== undefined) {
    yield* shown(node.value, kind || kinds[node.type] || '')
    if (node.type === 'PARAGRAPH') yield [kind, '\n']
  }
}

// joined puts together what has one kind, without what nobody sees.
function joined(parts) {
  const all = []
  for (const [kind, text] of parts) {
    const seen = text.replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    if (seen === '') continue
    if (all.length > 0 && all.at(-1)[0] === kind) all.at(-1)[1] += seen
    else all.push([kind, seen])
  }
  return all
}

let input = ''
for await (const chunk of process.stdin) input += chunk
console.log(JSON.stringify(JSON.parse(input).map((text) => joined([...shown(parse(text, options))]))))
