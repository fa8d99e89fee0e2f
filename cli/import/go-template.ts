/**
 * An annotation's template in the language of messages. Names of labels and the value are taken over, roundings as `eval`; what only
 * looks different is noted, and what can't be said is kept as text. Pure. Read next: docs/how-to/from-prometheus.md.
 */

/** `exact`: renders the same. `kept`: left as text, for a person to write anew. */
export type Translation = Readonly<{ text: string; exactness: 'exact' | 'near' | 'kept'; because: readonly string[] }>

type Piece = Readonly<{ text: string; near?: string }>

/** Of Go's floats with a number of decimals; zeros at the end aren't written. */
const decimals = /^%0?\.?(\d*)f$/

export function translateTemplate(template: string): Translation {
  const because = new Set<string>()
  let near = false
  const parts = template.split(/(\{\{.*?\}\})/s)
  const texts: string[] = []
  for (const [index, part] of parts.entries()) {
    if (!part.startsWith('{{') || !part.endsWith('}}')) {
      texts.push(trimmed(part, parts[index - 1], parts[index + 1]))
      continue
    }
    const piece = translateAction(part.slice(2, -2).replace(/^-\s/, '').replace(/\s-$/, '').trim())
    if (piece === null) return { text: escaped(template), exactness: 'kept', because: [`${part} has no counterpart`] }
    texts.push(piece.text)
    if (piece.near === undefined) continue
    near = true
    because.add(piece.near)
  }
  return { text: texts.join(''), exactness: near ? 'near' : 'exact', because: [...because] }
}

/** Braces as they stand. */
export function escaped(text: string): string {
  return text.replaceAll('{{', '\\{{')
}

/** `{{-` and `-}}` take the blanks of their side. */
function trimmed(text: string, before: string | undefined, after: string | undefined): string {
  const left = before?.endsWith(' -}}') === true ? text.trimStart() : text
  return after !== undefined && /^\{\{-\s/.test(after) ? left.trimEnd() : left
}

/** null = it can't be said. */
function translateAction(action: string): Piece | null {
  if (/^\/\*.*\*\/$/s.test(action)) return { text: '' }
  const label = labelOf(action)
  if (label !== null) return { text: `{{${label}.name}}` }
  if (isValue(action)) return { text: '{{value}}' }
  if (action === '$labels' || action === '.Labels') return { text: '(see the title)', near: '{{ $labels }}: the title names them' }
  return translateCall(action.split('|').map((stage) => stage.trim()))
}

/** `$value | humanize`, or `humanize $value`. */
function translateCall([first = '', ...stages]: readonly string[]): Piece | null {
  if (stages.length === 1 && labelOf(first) !== null) return labelPiece(labelOf(first) ?? '', stages[0] ?? '')
  if (stages.length === 1 && isValue(first)) return valuePiece(stages[0] ?? '')
  const [, call = '', argument = ''] = /^(printf\s+(?:"(?:[^"\\]|\\.)*"|`[^`]*`)|\w+)\s+(\S+)$/s.exec(first) ?? []
  if (stages.length === 0 && isValue(argument)) return valuePiece(call)
  return stages.length === 0 && labelOf(argument) !== null ? labelPiece(labelOf(argument) ?? '', call) : null
}

function labelOf(text: string): string | null {
  const [, plain, quoted] = /^(?:(?:\$labels|\.Labels)\.([A-Za-z_]\w*)|index\s+\$labels\s+"([A-Za-z_][\w.]*)")$/.exec(text) ?? []
  return plain ?? quoted ?? null
}

const isValue = (text: string): boolean => text === '$value' || text === '.Value'

function labelPiece(label: string, call: string): Piece | null {
  const name = `{{${label}.name}}`
  if (call === 'safeHtml' || /^printf\s+"%[sv]"$/.test(call)) return { text: name }
  return ['title', 'toUpper', 'toLower', 'stripPort', 'stripDomain'].includes(call) ? { text: name, near: `${call}: left away` } : null
}

function valuePiece(call: string): Piece | null {
  switch (call) {
    case 'humanizePercentage':
      return { text: '{{eval "round(value * 100, 2)"}}%', near: 'humanizePercentage: two decimals' }
    case 'humanize':
    case 'humanize1024':
      return { text: '{{value}}', near: `${call}: the number without a prefix` }
    case 'humanizeDuration':
      return { text: '{{eval "round(value, 1)"}} s', near: 'humanizeDuration: in seconds' }
    case 'humanizeTimestamp':
      return { text: '{{value}}', near: 'humanizeTimestamp: epoch seconds' }
    default:
      return printed(call)
  }
}

function printed(call: string): Piece | null {
  const [, quoted, raw] = /^printf\s+(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)$/s.exec(call) ?? []
  const format = quoted?.replaceAll('\\"', '"') ?? raw
  if (format === undefined) return null
  const verbs = format.match(/%%|%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]/g)?.filter((verb) => verb !== '%%') ?? []
  const [verb = ''] = verbs
  if (verbs.length !== 1) return null
  const value = verbPiece(verb)
  if (value === null) return null
  const text = format
    .split(verb)
    .map((part) => escaped(part.replaceAll('%%', '%')))
    .join(value.text)
  return { ...value, text }
}

function verbPiece(verb: string): Piece | null {
  if (/^%[vsgd]$/.test(verb)) return { text: '{{value}}' }
  if (/^%\.\d+g$/.test(verb)) return { text: '{{value}}', near: `printf "${verb}": all digits` }
  const [, digits] = decimals.exec(verb) ?? []
  if (digits === undefined) return null
  const count = verb.includes('.') ? Number(digits) : 6
  return { text: count === 0 ? '{{eval "round(value)"}}' : `{{eval "round(value, ${count})"}}` }
}
