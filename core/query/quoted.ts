/** Texts in quotes inside of queries. Read next: calls.peggy. */
import type { Quoted } from './language-syntax.ts'

/** What a text in quotes says: a backslash before a quotation mark or before itself goes away, any other stays. */
export function textOf({ raw }: Quoted): string {
  return raw.replace(/\\(["'\\])/g, '$1')
}

/** Where a character of textOf() stands in the query. */
export function offsetIn({ raw, offset }: Quoted, index: number): number {
  let at = 0
  for (let left = index; left > 0 && at < raw.length; left -= 1) at += /^\\["'\\]/.test(raw.slice(at, at + 2)) ? 2 : 1
  return offset + at
}

export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
