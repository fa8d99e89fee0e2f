/**
 * Which downtimes hold a group's notifications at a time: those of the state, and the definition's own mutes (`silenced`), which
 * are downtimes without a start that tell at their expiry (semantics §5). What fires elsewhere (causes.ts) holds in the same way, until it
 * is gone. Never decides who is told. Read next: units.ts.
 */
import { isHeldBy } from './causes.ts'
import { parseGroupKey } from './group.ts'
import { inScope } from './scope.ts'
import type { MonitorSpec } from './spec-types.ts'
import type { Cause, Downtime, Scope } from './types.ts'

/** Where downtimes come from. */
export type Silence = Readonly<{ spec: Pick<MonitorSpec, 'silenced'>; downtimes: readonly Downtime[]; causes?: readonly Cause[] }>

/** A downtime, or (`cause`) what fires elsewhere, which is one without an end that tells when it is taken back. */
export type Holder = Downtime & Readonly<{ cause?: Cause }>

/** What holds `group` at `atMs`. A downtime ends at its end: at that very moment it holds no more. */
export function holdersOf(silence: Silence, group: string, atMs: number): readonly Holder[] {
  return during(silence, group, atMs, atMs)
}

/** Those that held it at some time after `afterMs`, up to and including `throughMs`. */
export function holdersSince(silence: Silence, group: string, afterMs: number, throughMs: number): readonly Holder[] {
  return during(silence, group, throughMs, afterMs)
}

/** The first time from `fromMs` on at which nothing holds `group`; null = none, until somebody cancels. */
export function unheldAt(silence: Silence, group: string, fromMs: number): number | null {
  let at = fromMs
  for (;;) {
    const ends = holdersOf(silence, group, at).map((downtime) => downtime.endAt)
    if (ends.length === 0) return at
    for (const end of ends) {
      if (end === null) return null
      at = Math.max(at, end)
    }
  }
}

/** Those that are in force: the list a source of downtimes would give. */
export function inForce(downtimes: readonly Downtime[], atMs: number): readonly Downtime[] {
  return downtimes.every((downtime) => isInForce(downtime, atMs, atMs))
    ? downtimes
    : downtimes.filter((downtime) => isInForce(downtime, atMs, atMs))
}

/** Equal in all that decides, whatever their order. */
export function sameDowntimes(one: readonly Downtime[], other: readonly Downtime[]): boolean {
  return one.length === other.length && JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

const none: readonly Holder[] = []
const noCauses: readonly Cause[] = []

function during(silence: Silence, group: string, startedBy: number, notEndedBy: number): readonly Holder[] {
  const candidates = all(silence).filter((downtime) => isInForce(downtime, startedBy, notEndedBy))
  const causes = silence.causes ?? noCauses
  if (candidates.length === 0 && causes.length === 0) return none
  const tags = parseGroupKey(group)
  const holders = candidates.filter((downtime) => inScope(downtime.scope, tags))
  return causes.length === 0 ? holders : [...holders, ...causes.filter((cause) => isHeldBy(cause, tags)).map(holderOf)]
}

function isInForce({ startAt, endAt }: Downtime, startedBy: number, notEndedBy: number): boolean {
  return startAt <= startedBy && (endAt === null || endAt > notEndedBy)
}

function all({ spec, downtimes }: Silence): readonly Downtime[] {
  const mutes = Object.entries(spec.silenced)
  return mutes.length === 0 ? downtimes : [...downtimes, ...mutes.map(([scope, endAt]) => muteOf(scope, endAt))]
}

function holderOf(cause: Cause): Holder {
  return {
    id: 'cause',
    scope: { kind: 'all' },
    startAt: Number.NEGATIVE_INFINITY,
    endAt: null,
    notifyEndStates: ['Alert', 'Warn', 'No Data'],
    notifyEndTypes: ['canceled'],
    muteFirstRecovery: false,
    cause,
  }
}

/** Unmuting is quiet; a mute that ends by itself tells what is still bad. */
function muteOf(scope: string, endAt: number | null): Downtime {
  return {
    id: `silenced:${scope}`,
    scope: muteScope(scope),
    startAt: Number.NEGATIVE_INFINITY,
    endAt,
    notifyEndStates: ['Alert', 'Warn', 'No Data'],
    notifyEndTypes: ['expired'],
    muteFirstRecovery: false,
  }
}

/** `*` is every group; `k:v,k2:v2` are the groups that have all these tags. */
function muteScope(text: string): Scope {
  if (text === '*') return { kind: 'all' }
  return { kind: 'and', of: text.split(',').map((term) => muteTerm(term)) }
}

function muteTerm(term: string): Scope {
  const colon = term.indexOf(':')
  // What is no tag is in no group.
  if (colon <= 0) return { kind: 'or', of: [] }
  return { kind: 'tag', key: term.slice(0, colon).trim(), value: term.slice(colon + 1).trim() }
}

function sorted(downtimes: readonly Downtime[]): Downtime[] {
  return [...downtimes].sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)))
}
