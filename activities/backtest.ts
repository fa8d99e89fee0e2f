/**
 * Runs a definition over the past of its source, through the engine's own rules, and says what would have happened. Reads
 * only: no monitor, transition or notification is ever written here, and nobody is told.
 * Read next: core/backtest/walk.ts, source-history.ts, workflows/backtest.ts.
 */
import { ApplicationFailure, cancellationSignal } from '@temporalio/activity'
import { boundedList } from '../core/backtest/bounded.ts'
import { type BacktestInput, type BacktestTime, backtestSlotsMax, gridSlots, warmUpFrom } from '../core/backtest/plan.ts'
import type { BacktestReport, BacktestTransition } from '../core/backtest/report.ts'
import { openTelling, summaryOf } from '../core/backtest/telling.ts'
import { openWalk } from '../core/backtest/walk.ts'
import { compileSpec } from '../core/monitor/spec.ts'
import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import type { Downtime, MonitorState, Observation, Transition } from '../core/monitor/types.ts'
import { withRuleRecipients } from '../core/notification-rules/match.ts'
import type { PreparedRule } from '../core/notification-rules/rule.ts'
import { queryFacts } from '../core/query/facts.ts'
import { askedSource } from './asked-source.ts'
import { notesOf } from './backtest-notes.ts'
import { beating } from './beating.ts'
import type { NotificationSubject, RenderedMessage } from './notification-ports.ts'
import { type Known, observeSlot, withoutReading } from './observe-slot.ts'
import { addresseesOf } from './plan-notification.ts'
import { type ActivityPorts, type Datasource, SourceError } from './ports.ts'
import { type PastSlot, sourceHistory } from './source-history.ts'

type Ports = Pick<ActivityPorts, 'sources' | 'downtimes' | 'recurrences' | 'notifications' | 'renderer' | 'clock'>

/** Of the 2 MB of a payload; the other lists have their own. */
const transitionBytesMax = 700_000
const transitionsMax = 2_000
/** Other work of this process waits no longer than this for a turn. */
const turnMs = 20

export function backtestActivities(ports: Ports) {
  return {
    /** Rejects for good with the type `backtest-impossible` where the definition can't be evaluated, and with a SourceError where its source is down. */
    async backtest(input: BacktestInput): Promise<BacktestReport> {
      return beating(() => run(ports, input, cancellationSignal())).catch((error: unknown) => {
        throw isForGood(error) ? impossible(error.message) : error
      })
    },
  }
}

async function run(ports: Ports, { definition, time }: BacktestInput, cancelled: AbortSignal): Promise<BacktestReport> {
  const startedAt = ports.clock()
  const spec = compileSpec(definition, queryFacts(definition.type, definition.query, definition.options.variables))
  const source = await sourceOf(ports, spec)
  const slots = slotsOf(ports, spec, time)
  const walk = openWalk(spec, slots, time)
  const log = openLog(ports, subjectOf(definition), await ports.notifications.rules())
  const pause = turns(ports.clock, cancelled)
  for await (const answered of sourceHistory(source, spec, slots)) {
    const downtimes = await downtimesOf(ports, spec, answered)
    for (const past of answered) {
      const circumstances = circumstancesOf(downtimes, past.slot)
      const transitions = walk.judge(past.slot, observationOf(walk.state(), past, circumstances), isEmpty(past))
      for (const transition of transitions) log.add(transition)
      await pause()
    }
  }
  const { would_have: wouldHave, slots: counts, ...rest } = walk.close()
  const { notifications, transitions, transitionsLeftOut } = await log.close()
  return {
    monitor: { id: spec.monitorId === 0 ? null : spec.monitorId, name: definition.name, type: definition.type, query: definition.query },
    from: new Date(time.fromMs).toISOString(),
    to: new Date(time.toMs).toISOString(),
    starts_from: new Date(slots[0] ?? time.fromMs).toISOString(),
    interval_s: spec.intervalMs / 1_000,
    summary: summaryOf(wouldHave, notifications),
    notes: notesOf(spec, counts, notifications),
    slots: counts,
    ...rest,
    would_have: { ...wouldHave, transitions, transitions_left_out: transitionsLeftOut },
    notifications,
    took_ms: ports.clock() - startedAt,
  }
}

async function sourceOf(ports: Ports, spec: MonitorSpec): Promise<Datasource> {
  const found = await askedSource(ports, spec, 'run no backtests')
  if ('problem' in found) throw impossible(found.problem)
  return found.source
}

/** The warm-up first. */
function slotsOf({ recurrences }: Ports, spec: MonitorSpec, time: BacktestTime): readonly number[] {
  const fromMs = warmUpFrom(spec, time.fromMs)
  const slots =
    spec.schedule === null
      ? gridSlots(spec, { ...time, fromMs })
      : // At most one a day, so they are always fewer than this.
        recurrences.times(spec.schedule, fromMs - 1, time.toMs, backtestSlotsMax)
  const asked = slots.filter((slot) => slot >= time.fromMs).length
  if (asked === 0) throw impossible('no slot of the monitor lies in this time: ask for a longer one')
  if (asked > backtestSlotsMax)
    throw impossible(`${asked} slots are more than the ${backtestSlotsMax} of a backtest: ask for a shorter time`)
  return slots
}

function subjectOf({ draftStatus: _, ...subject }: BacktestInput['definition']): NotificationSubject {
  return subject
}

/** By slot; null = there are none. Those of the past held what was told then, so they do here. */
async function downtimesOf(
  { downtimes }: Ports,
  spec: MonitorSpec,
  past: readonly PastSlot[],
): Promise<ReadonlyMap<number, readonly Downtime[]> | null> {
  if (downtimes === null) return null
  const slots = past.map(({ slot }) => slot)
  const inForce = await downtimes.inForce(spec, slots)
  return new Map(slots.map((slot, index) => [slot, inForce[index] ?? []]))
}

function circumstancesOf(downtimes: ReadonlyMap<number, readonly Downtime[]> | null, slot: number): Known {
  const inForce = downtimes?.get(slot)
  return inForce === undefined ? {} : { downtimes: inForce }
}

function observationOf(state: MonitorState, { slot, reading, failure }: PastSlot, known: Known): Observation | null {
  return failure === null
    ? observeSlot(state, slot, reading, known)
    : withoutReading(state, slot, { kind: 'failed', reason: failure }, known)
}

function isEmpty({ reading }: PastSlot): boolean {
  for (const _ in reading?.values) return false
  return true
}

/** Transitions with who would have been told, rendered as the engine renders them. */
function openLog({ renderer, notifications }: Ports, subject: NotificationSubject, rules: readonly PreparedRule[]) {
  const telling = openTelling()
  const told = ({ handles, priority }: RenderedMessage, transition: Transition): readonly string[] =>
    withRuleRecipients(handles, rules, { tags: subject.tags, priority }, transition)
  const transitions = boundedList<BacktestTransition>(transitionsMax, transitionBytesMax)
  return {
    add: (transition: Transition): void => {
      const at = new Date(transition.slot).toISOString()
      const message = transition.notify.send ? renderer.render(subject, transition) : null
      const receivers = message === null ? [] : addresseesOf({ handles: told(message, transition) })
      if (message !== null) telling.add(receivers, { at, title: message.title, sequence: transition.sequence })
      transitions.add({ ...transition, at, receivers })
    },
    close: async () => {
      const known = await notifications.receivers(telling.receivers())
      return {
        notifications: telling.close(new Set(known.map(({ name }) => name))),
        transitions: transitions.items,
        transitionsLeftOut: transitions.leftOut(),
      }
    },
  }
}

/** Gives way now and then, and ends the walk where nobody waits for it any more. */
function turns(clock: () => number, cancelled: AbortSignal): () => Promise<void> | undefined {
  let since = clock()
  return () => {
    cancelled.throwIfAborted()
    if (clock() - since < turnMs) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        since = clock()
        resolve()
      })
    })
  }
}

/** What no retry mends. */
function isForGood(error: unknown): error is Error {
  return error instanceof SourceError && error.code === 'bad-query'
}

function impossible(reason: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(reason, 'backtest-impossible')
}
