import { readdirSync } from 'node:fs'
import { statOf, tickMs } from '../loop/proc.ts'

/** The process that started this one. */
export function parentOf(pid: number): number {
  return Number(statOf(pid)[1])
}

/** CPU time of a process, of all that it started and of those of them that ended, in ms: PostgreSQL is one process per connection. */
export function familyCpuMs(pid: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statIfThere(Number(name)))
    .filter((fields) => fields !== null && Number(fields[1]) === pid)
  const ticks = (fields: readonly string[] | null, places: readonly number[]): number =>
    places.reduce((sum, place) => sum + Number(fields?.[place] ?? 0), 0)
  // utime and stime; of the parent also cutime and cstime, which are those of children that ended.
  return (ticks(statOf(pid), [11, 12, 13, 14]) + children.reduce((sum, fields) => sum + ticks(fields, [11, 12]), 0)) * tickMs
}

/** null = it ended meanwhile. */
function statIfThere(pid: number): readonly string[] | null {
  try {
    return statOf(pid)
  } catch {
    return null
  }
}
