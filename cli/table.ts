/** Rows for people, in columns; the last one is cut where the terminal ends. Read next: terminal.ts. */
import type { Terminal } from './terminal.ts'

/** What a command lists: a row each, or all of it as JSON. */
export function sayList<Item>(found: readonly Item[], rowOf: (item: Item) => readonly string[], json: boolean, terminal: Terminal): void {
  if (json) terminal.say(JSON.stringify(found, null, 2))
  else for (const line of table(found.map(rowOf), terminal.columns)) terminal.say(line)
}

/** `columns` null = nothing is cut. */
function table(rows: readonly (readonly string[])[], columns: number | null): string[] {
  const widths = rows.reduce<number[]>((widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, cell.length)), [])
  return rows.map((row) => {
    const line = row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  ')
    return columns !== null && line.length > columns ? `${line.slice(0, Math.max(0, columns - 1))}…` : line
  })
}

/** `2026-11-24 09:03:42` in UTC; a dash where there is none. */
export function shortTime(at: string | number | null | undefined): string {
  if (at === null || at === undefined) return '-'
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString().slice(0, 19).replace('T', ' ')
}
