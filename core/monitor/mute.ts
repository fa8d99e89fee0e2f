/**
 * Mutes: scopes that hold notifications until a time. Transitions go on underneath (semantics §5).
 * Read next: decide.ts, which asks.
 */
import { parseGroupKey } from './group.ts'

export type Silenced = Readonly<Record<string, number | null>>

/** Whether some mute holds `group` at `atMs`. A mute ends at its end: at that very moment it holds no more. */
export function isMuted(silenced: Silenced, group: string, atMs: number): boolean {
  return Object.entries(silenced).some(([scope, endMs]) => (endMs === null || endMs > atMs) && inScope(scope, group))
}

/** The first time from `fromMs` on at which no mute holds `group`; null = none, until somebody unmutes. */
export function unmutedAt(silenced: Silenced, group: string, fromMs: number): number | null {
  const ends = Object.entries(silenced)
    .filter(([scope]) => inScope(scope, group))
    .map(([, endMs]) => endMs)
  // Every mute holds from the beginning, so the last end is the end of all.
  return ends.reduce<number | null>((last, end) => (last === null || end === null ? null : Math.max(last, end)), fromMs)
}

/** `*` is every group; `k:v,k2:v2` are the groups that have all these tags. */
function inScope(scope: string, group: string): boolean {
  if (scope === '*') return true
  const tags = parseGroupKey(group)
  return scope.split(',').every((term) => {
    const colon = term.indexOf(':')
    return colon > 0 && tags[term.slice(0, colon).trim()] === term.slice(colon + 1).trim()
  })
}
