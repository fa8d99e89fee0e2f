import type { EvaluationEntry } from '../../activities/ports.ts'

/** What a source was asked may be any text; what is longer than the longest query is cut. */
const queryCharsMax = 20_000
/** A sentence; sources may quote whole replies in theirs. */
const reasonCharsMax = 1_000

export type EvaluationBuffer = Readonly<{
  /** Returns how many entries had to go for it: the oldest. */
  add: (entry: EvaluationEntry) => number
  /** Removes the oldest entries, in the order of monitors and slots. */
  take: (count: number) => readonly EvaluationEntry[]
  size: () => number
}>

/** Entries that wait to be written, each monitor's slot once: what comes later replaces what was there. Never holds more than `max`. */
export function evaluationBuffer(max: number): EvaluationBuffer {
  const entries = new Map<string, EvaluationEntry>()
  return {
    size: () => entries.size,
    add(entry) {
      const key = `${entry.monitorId}:${entry.slot}`
      entries.delete(key)
      entries.set(key, storable(entry))
      if (entries.size <= max) return 0
      for (const oldest of entries.keys()) {
        entries.delete(oldest)
        break
      }
      return 1
    },
    take(count) {
      const taken: EvaluationEntry[] = []
      for (const [key, entry] of entries) {
        if (taken.length === count) break
        taken.push(entry)
        entries.delete(key)
      }
      return taken.sort((a, b) => a.monitorId - b.monitorId || a.slot - b.slot)
    },
  }
}

/** As PostgreSQL takes it: one row that it refuses would take its whole batch along. */
function storable(entry: EvaluationEntry): EvaluationEntry {
  return {
    ...entry,
    at: Math.round(entry.at),
    reason: entry.reason === null ? null : textOf(entry.reason, reasonCharsMax),
    query: entry.query === null ? null : textOf(entry.query, queryCharsMax),
    // A clock that was set back makes a negative duration.
    durationMs: Math.max(0, Math.round(entry.durationMs)),
  }
}

function textOf(text: string, charsMax: number): string {
  const cut = text.length <= charsMax ? text : `${text.slice(0, charsMax)}…`
  return cut.includes('\u0000') ? cut.replaceAll('\u0000', '\ufffd') : cut
}
