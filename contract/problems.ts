/**
 * Sentences about what is wrong with a definition, for editors: which field each is about, and where in its text.
 * Every sentence of ours says its place in one of two ways, and is read back here. Read next: api/routes/check.ts, core/query/error.ts.
 */

/** `offset` from 0 in UTF-16 units, `line` and `column` from 1; `length` may be 0 at the end of a text. */
export type Place = Readonly<{ offset: number; line: number; column: number; length: number }>

/** `field` null = it is about all of it. `place` null = about the whole field. */
export type Problem = Readonly<{ field: string | null; message: string; place: Place | null }>

const fields = ['type', 'name', 'query', 'message', 'tags', 'priority', 'restricted_roles', 'options', 'draft_status', 'assets']
const fieldAtFirst = new RegExp(`^((?:${fields.join('|')})(?:\\.[A-Za-z0-9_.]+)?)(?=[: ,])`)
const placeInside = /(?:\(|at )line (\d+), column (\d+)/

export function problemOf(sentence: string, definition: Readonly<Record<string, unknown>>): Problem {
  const field = fieldAtFirst.exec(sentence)?.[1] ?? null
  const text = field === null ? undefined : valueAt(definition, field)
  const [, line, column] = placeInside.exec(sentence) ?? []
  if (typeof text !== 'string' || line === undefined || column === undefined) return { field, message: sentence, place: null }
  return { field, message: sentence, place: placeOf(text, Number(line), Number(column)) }
}

/** Surrounding blanks are no part of what was checked; the place is one of the text as it was sent. */
function placeOf(sent: string, line: number, column: number): Place | null {
  const skipped = sent.length - sent.trimStart().length
  const checked = sent.trim()
  const lines = checked.split('\n')
  if (line > lines.length) return null
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0)
  const offset = Math.min(before + column - 1, checked.length) + skipped
  const up = sent.slice(0, offset).split('\n')
  return { offset, line: up.length, column: (up.at(-1)?.length ?? 0) + 1, length: lengthAt(sent, offset) }
}

/** A word, or one character; what stands there is wrong as a whole. */
function lengthAt(text: string, offset: number): number {
  return /^(?:[\p{L}\p{N}_.@$-]+|[^\s])/u.exec(text.slice(offset))?.[0].length ?? 0
}

function valueAt(definition: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = definition
  for (const name of path.split('.')) value = isRecord(value) ? value[name] : undefined
  return value
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
