/** YAML (and JSON, which is YAML) as other programs read it. Read next: command.ts. */
import { parseAllDocuments } from 'yaml'

/** Texts in one file whose lines begin too far to the left. */
const repairsMax = 100

/** Deeper than any text of a rule stands; within quotes blanks at the beginning of a line mean nothing. */
const indent = ' '.repeat(80)

/** The documents, without empty ones. Throws an Error that names line and column. */
export function parseForeign(text: string): readonly unknown[] {
  let source = text
  for (let repairs = 0; ; repairs += 1) {
    const documents = parseAllDocuments(source, { merge: true })
    if (!Array.isArray(documents)) return []
    const error = documents.flatMap(({ errors }) => errors)[0]
    if (error === undefined) return documents.map((document): unknown => document.toJS()).filter((value) => value !== null)
    // Prometheus' own reader takes a text in quotes that goes on at the level of its key; YAML wants it further to the right.
    if (!/^Missing closing/.test(error.message) || repairs === repairsMax) throw error
    source = indented(source, error.pos[0])
  }
}

/** The line after the one that `offset` is in, moved to the right. */
function indented(source: string, offset: number): string {
  const end = source.indexOf('\n', offset)
  return end < 0 ? source : `${source.slice(0, end + 1)}${indent}${source.slice(end + 1)}`
}
