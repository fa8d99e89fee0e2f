import type { BacktestAnswer, ShownStatus } from './answer.ts'

/** Paints a text as a status; a terminal without colours leaves it as it is. */
export type Paint = (status: ShownStatus, text: string) => string

/** What the answer says of a part, worst first, and how it is shown. */
const marks: readonly (readonly [said: string, status: ShownStatus, shown: string])[] = [
  ['A', 'Alert', '▓'],
  ['w', 'Warn', '▒'],
  ['u', 'Unknown', '?'],
  ['n', 'No Data', '░'],
  ['-', 'OK', '·'],
]

/** Names longer than this are cut: the strip matters more. */
const nameColumnsMax = 32
const stripColumnsMin = 20
const stripColumnsMax = 120

/** A line per group, `host:a  ····▓▓···`, that fits `columns`; and one that says what the marks mean. */
export function strips({ timeline }: BacktestAnswer, columns: number, paint: Paint): string[] {
  const groups = Object.entries(timeline.groups)
  if (groups.length === 0) return []
  const nameColumns = Math.min(nameColumnsMax, Math.max(...groups.map(([group]) => group.length)))
  const width = Math.max(stripColumnsMin, Math.min(stripColumnsMax, columns - nameColumns - 4))
  const lines = groups.map(([group, parts]) => `  ${cut(group, nameColumns)}  ${strip(parts, width, paint)}`)
  const legend = marks.map(([, status, shown]) => `${paint(status, shown)} ${status}`).join('  ')
  const more = timeline.groups_left_out > 0 ? [`  and ${timeline.groups_left_out} more groups`] : []
  return [...lines, ...more, `  ${legend}`]
}

/** Where several parts share a column, the worst shows. */
function strip(parts: string, width: number, paint: Paint): string {
  const columns = Math.min(width, parts.length)
  return Array.from({ length: columns }, (_, column) => {
    const shared = parts.slice(Math.floor((column * parts.length) / columns), Math.floor(((column + 1) * parts.length) / columns))
    const mark = marks.find(([said]) => shared.includes(said))
    return mark === undefined ? ' ' : paint(mark[1], mark[2])
  }).join('')
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text.padEnd(columns) : `${text.slice(0, columns - 1)}…`
}
