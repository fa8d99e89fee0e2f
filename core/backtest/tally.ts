/**
 * What a walk through a time comes to: counts, episodes, strips. It only counts what step() decided, and decides nothing.
 * Mutable while the walk goes on, never seen outside of it but by its functions. Read next: walk.ts, report.ts.
 */
import type { Status } from '../monitor/spec-types.ts'
import type { Commit, Effect, MonitorState, NotifyReason, Transition } from '../monitor/types.ts'
import { openEpisodes } from './episodes.ts'
import type { BacktestTime } from './plan.ts'
import type { BacktestReport, Standing, WouldHave } from './report.ts'
import { openTimeline } from './timeline.ts'

/** Named groups of a standing: as many as a person reads. */
const namedGroupsMax = 100

export type Tallied = Readonly<
  Pick<BacktestReport, 'at_start' | 'at_end' | 'overall_s' | 'timeline'> & {
    would_have: Omit<WouldHave, 'transitions' | 'transitions_left_out'>
  }
>

export type Tally = Readonly<{
  /** What a slot did to the state. */
  take: (slot: number, state: MonitorState, effects: readonly Effect[]) => void
  close: (state: MonitorState) => Tallied
}>

/** From the state that the warm-up left. */
export function openTally(start: MonitorState, time: BacktestTime): Tally {
  const episodes = openEpisodes()
  const timeline = openTimeline(time, start.spec.intervalMs)
  const entered: Record<Status, number> = { OK: 0, Warn: 0, Alert: 0, 'No Data': 0, Unknown: 0 }
  const overallMs: Record<Status, number> = { OK: 0, Warn: 0, Alert: 0, 'No Data': 0, Unknown: 0 }
  const notTold: Partial<Record<NotifyReason, number>> = {}
  let told = 0
  let overall = start.overall
  let overallSince = time.fromMs

  for (const [key, group] of Object.entries(start.groups)) {
    timeline.put(key, group.status, time.fromMs)
    if (group.status !== 'OK') episodes.carry(key, group)
  }

  function count(transition: Transition): void {
    const { bundle, from, to, notify } = transition
    if (notify.send) told += 1
    else notTold[notify.reason] = (notTold[notify.reason] ?? 0) + 1
    // A bundle tells of its groups, whose own changes are counted.
    if (bundle !== null || from === to) return
    entered[to] += 1
    episodes.change(transition)
  }

  function move({ groups, removed }: Commit, slot: number): void {
    for (const [key, group] of Object.entries(groups)) timeline.put(key, group.status, slot)
    for (const key of removed) {
      timeline.put(key, null, slot)
      episodes.leave(key, slot)
    }
  }

  function spend(until: number): void {
    overallMs[overall] += until - overallSince
    overallSince = until
  }

  return {
    take: (slot, state, effects) => {
      for (const effect of effects) {
        if (effect.kind !== 'commit') continue
        for (const transition of effect.commit.transitions) count(transition)
        move(effect.commit, slot)
      }
      if (state.overall === overall) return
      spend(slot)
      overall = state.overall
    },
    close: (state) => {
      spend(time.toMs)
      const closed = episodes.close(time.toMs)
      return {
        at_start: standingOf(start),
        at_end: standingOf(state),
        overall_s: secondsOf(overallMs),
        timeline: timeline.close(),
        would_have: {
          alerted: entered.Alert,
          warned: entered.Warn,
          gone_no_data: entered['No Data'],
          recovered: entered.OK,
          told,
          not_told: notTold,
          episodes: closed.items,
          episodes_left_out: closed.leftOut(),
        },
      }
    },
  }
}

function standingOf({ overall, groups }: MonitorState): Standing {
  const bad = Object.entries(groups).filter(([, group]) => group.status !== 'OK')
  const named = bad
    .slice(0, namedGroupsMax)
    .map(([key, { status, since }]) => [key, { status, since: new Date(since).toISOString() }] as const)
  return { overall, groups: Object.keys(groups).length, not_ok: Object.fromEntries(named) }
}

function secondsOf(ms: Readonly<Record<Status, number>>): Record<Status, number> {
  const seconds = (status: Status): number => Math.round(ms[status] / 1_000)
  return { OK: seconds('OK'), Warn: seconds('Warn'), Alert: seconds('Alert'), 'No Data': seconds('No Data'), Unknown: seconds('Unknown') }
}
