/**
 * Every name of the message language: what of a template is known, and what only looks like it.
 * Never says what a name stands for: that is context.ts. Read next: check.ts, which warns of what isn't here.
 */

/** Blocks without arguments. */
export const blockNames = [
  'is_alert',
  'is_warning',
  'is_no_data',
  'is_recovery',
  'is_alert_recovery',
  'is_warning_recovery',
  'is_no_data_recovery',
  'is_alert_to_warning',
  'is_renotify',
  'is_unknown',
] as const

/** Blocks that ask something of their arguments. */
export const askingBlocks = ['is_match', 'is_exact_match', 'is_priority'] as const

/** Names that give a text made of their arguments. */
export const helperNames = ['eval', 'local_time', 'urlencode', 'override_priority'] as const

export const valueNames = [
  'value',
  'threshold',
  'warn_threshold',
  'ok_threshold',
  'alert_recovery_threshold',
  'warn_recovery_threshold',
  'comparator',
  'first_triggered_at',
  'first_triggered_at_epoch',
  'last_triggered_at',
  'last_triggered_at_epoch',
  'triggered_duration_sec',
] as const

export type NameKind =
  | 'known'
  /** It comes with what triggered (a log, an event, a check, a member): empty where that isn't at hand. */
  | 'carried'
  /** The value of a tag: `host.name`. */
  | 'tag'
  | 'unknown'

const known: ReadonlySet<string> = new Set([...blockNames, ...valueNames])
const carried =
  /^(?:check_message$|(?:annotation|log|event|issue|span|rum|ci|synthetics)\.|host\.(?!name$)|[a-z]\d?\.(?:value|status|message)$)/

export function nameKind(name: string): NameKind {
  if (known.has(name)) return 'known'
  if (carried.test(name)) return 'carried'
  return name.endsWith('.name') ? 'tag' : 'unknown'
}

/** The name that somebody may have meant; null = none is near. */
export function nearestName(name: string, names: readonly string[]): string | null {
  const near = names
    .map((candidate) => ({ candidate, distance: distanceOf(name, candidate) }))
    .sort((one, other) => one.distance - other.distance)[0]
  // Two slips of the finger, one in short names.
  return near !== undefined && near.distance <= (name.length < 6 ? 1 : 2) ? near.candidate : null
}

/** How many letters must change, come or go. Both are names of some ten letters: longer ones are far from all of ours. */
function distanceOf(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, char] of [...one].entries()) {
    const next = [index + 1]
    for (let at = 0; at < other.length; at += 1) {
      next.push(Math.min((row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1, (row[at] ?? 0) + (other[at] === char ? 0 : 1)))
    }
    row = next
  }
  return row[other.length] ?? 0
}
