/**
 * A search's terms that the filters beside the list set: read from the text and written into it, so that the text holds everything.
 * Never touches what somebody wrote with AND, OR, NOT or brackets. Read next: facets.tsx, contract/monitor-search.ts.
 */

/** `any`: one of the values is enough, `status:(alert OR warn)`. `all`: each is a term of its own. */
export type TermKind = 'any' | 'all'

/** The values of a key, in lower case where they have none of their own. */
export function valuesOf(query: string, key: string): readonly string[] {
  return termsOf(query).flatMap((term) => (term.own && term.key === key ? term.values : []))
}

export function toggleValue(query: string, key: string, value: string, kind: TermKind): string {
  const present = valuesOf(query, key)
  const values = present.includes(value) ? present.filter((one) => one !== value) : [...present, value]
  const rest = withoutKeys(query, [key])
  const written = kind === 'all' ? values.map((one) => `${key}:${quoted(one)}`).join(' ') : anyOf(key, values)
  return [written === '' || !isLoose(rest) ? rest : `(${rest})`, written].filter((part) => part !== '').join(' ')
}

/** What remains without the terms of these keys. */
export function withoutKeys(query: string, keys: readonly string[]): string {
  return termsOf(query)
    .filter((term) => !(term.own && keys.includes(term.key)))
    .map(({ text }) => text)
    .join(' ')
}

function anyOf(key: string, values: readonly string[]): string {
  if (values.length === 0) return ''
  const [only = ''] = values
  return values.length === 1 ? `${key}:${quoted(only)}` : `${key}:(${values.map(quoted).join(' OR ')})`
}

/** `own`: a term of the form that is written here, beside which stands no word that would bind it. */
type Term = Readonly<{ text: string; own: boolean; key: string; values: readonly string[] }>

function termsOf(query: string): readonly Term[] {
  const texts = splitTop(query)
  return texts.map((text, index) => {
    const bound = isOperator(texts[index - 1]) || isOperator(texts[index + 1])
    const [, key = '', rest = ''] = /^([a-z_]+):(.+)$/s.exec(text) ?? []
    const values = key === '' ? null : valuesIn(rest)
    return { text, own: !bound && values !== null, key, values: values ?? [] }
  })
}

/** null = it is more than values. */
function valuesIn(text: string): readonly string[] | null {
  const inside = /^\((.*)\)$/s.exec(text)?.[1]
  const parts = inside === undefined ? [text] : splitTop(inside).filter((part) => part !== 'OR')
  const values = parts.map(plainValue)
  return values.every((value) => value !== null) ? values : null
}

function plainValue(text: string): string | null {
  const inQuotes = /^"([^"\\]*)"$/.exec(text)?.[1]
  if (inQuotes !== undefined) return inQuotes
  return /^[\p{L}\p{N}_.:/-]+$/u.test(text) && !isOperator(text) ? text : null
}

function quoted(value: string): string {
  return /^[\p{L}\p{N}_.-]+$/u.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** Parts between spaces, outside of quotes and brackets. */
function splitTop(text: string): string[] {
  const parts: string[] = []
  let [part, depth] = ['', 0]
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[()]|\s+|[^\s"()]+/g)) {
    if (piece === '(') depth += 1
    if (piece === ')') depth -= 1
    const isGap = depth <= 0 && piece.trim() === ''
    if (isGap && part !== '') parts.push(part)
    part = isGap ? '' : part + piece
  }
  return part === '' ? parts : [...parts, part]
}

const isOperator = (text: string | undefined): boolean => text === 'AND' || text === 'OR' || text === 'NOT'

/** Whether a term after it would bind to its last part only. */
const isLoose = (text: string): boolean => splitTop(text).includes('OR')
