/**
 * Asks the source as of each due slot and answers only what the state machine must hear. Runs step() on a copy to know
 * what the next slot of the same request is measured against; that answer is thrown away, the workflow decides.
 * Never rejects for what a source does: a failed slot is an answer. While our own database is away, what needs it is left due. Read next: observe-slot.ts, core/monitor/observe.ts.
 */
import { causesAmong } from '../core/monitor/causes.ts'
import { type EvaluateReply, type EvaluateRequest, eventsOf, type Question, questionAt } from '../core/monitor/evaluation.ts'
import { unpack } from '../core/monitor/known.ts'
import { isLate, slotEvent } from '../core/monitor/slot-event.ts'
import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import { step } from '../core/monitor/step.ts'
import type { Cause, Downtime, MonitorState, Observation } from '../core/monitor/types.ts'
import { agendaMax, isRunningOut, wakingSlot } from '../core/schedule/timetable.ts'
import { evaluationEntries, outcomesOf } from './evaluation-entries.ts'
import { type Known, observeSlot, questionOf, withoutReading } from './observe-slot.ts'
import { type ActivityPorts, type EvaluationOutcome, type FoundSource, type SlotReadings, SourceError } from './ports.ts'
import { activeAlerts } from './rule-alerts.ts'
import { StoreAwayError } from './store-ports.ts'
import type { Progress } from './watch-ports.ts'

type Ports = Pick<
  ActivityPorts,
  'sources' | 'downtimes' | 'causes' | 'recurrences' | 'metrics' | 'evaluations' | 'progress' | 'rules' | 'pressure' | 'clock' | 'bounds'
>

export function evaluateActivities(ports: Ports) {
  return {
    async evaluate(request: EvaluateRequest): Promise<EvaluateReply> {
      const startedAt = ports.clock()
      const { ask } = request
      const state = unpack(request.known)
      const now = ask.kind === 'due' ? Math.max(startedAt, ask.notBefore) : ask.slot
      const question = questionAt(state, ask, now)
      // A clock that is behind, or a message that came before the slot.
      if (question.slots.length === 0) return { now, observations: [], ...stretched(ports, state.spec) }
      const lagMs = lagOf(state, request, startedAt)
      tellPressure(ports, request, state.spec, lagMs)
      const answered = await answerUnlessAway(ports, state, question)
      if ('elsewhere' in answered) return { now, observations: [], elsewhere: answered.elsewhere }
      if ('away' in answered) {
        if (ask.kind === 'due') ports.progress?.record(waitingSince(state, startedAt))
        return { now, observations: [], away: answered.away }
      }
      const reply = { now, observations: answered.observations, ...stretched(ports, state.spec) }
      account(ports, { spec: state.spec, question, answered: { ...answered, ...reply }, stretch: request.stretch ?? 1, startedAt, lagMs })
      tellRules(ports, state, question, answered, startedAt)
      if (ask.kind === 'due')
        ports.progress?.record(progressOf(state, question, reply, { at: startedAt, lagMs, settled: request.settled ?? state.lastSlot }))
      return reply
    },
  }
}

/** What waited for PostgreSQL says nothing of how busy the engine is. */
function tellPressure({ pressure }: Ports, { ask, waited }: EvaluateRequest, spec: MonitorSpec, lagMs: number): void {
  if (ask.kind === 'due' && waited === undefined) pressure?.evaluated(spec, lagMs)
}

/** Nothing where it isn't: a reply is stored in history. */
function stretched({ pressure }: Ports, { priority, schedule, intervalMs }: MonitorSpec): Pick<EvaluateReply, 'stretch'> {
  const factor = schedule === null ? (pressure?.stretchOf(priority, intervalMs) ?? 1) : 1
  return factor === 1 ? {} : { stretch: factor }
}

/**
 * How long after the slot that it was to wake up for; of an evaluation between slots, none. The first slot of a new monitor has passed when it
 * is created: what was due before the monitor was taken up counts from there.
 */
function lagOf(state: MonitorState, { ask, stretch = 1, begunAt = 0 }: EvaluateRequest, startedAt: number): number {
  const slot = ask.kind === 'at' ? ask.slot : (wakingSlot(state, state.lastSlot, stretch) ?? startedAt)
  return Math.max(0, startedAt - Math.max(slot, begunAt))
}

/** Where the monitor stands once this is heard. */
function progressOf(
  state: MonitorState,
  { slots }: Question,
  { observations, stretch = 1 }: EvaluateReply,
  { at, lagMs, settled }: Readonly<{ at: number; lagMs: number; settled: number }>,
): Progress {
  const { monitorId, priority, intervalMs } = state.spec
  const slot = slots.at(-1) ?? state.lastSlot
  const agenda = observations.at(-1)?.agenda ?? state.agenda
  const dueAt = wakingSlot({ spec: state.spec, agenda }, slot, stretch)
  return { monitorId, priority, slot, settled, dueAt, intervalMs: intervalMs * stretch, stretch, lagMs, at }
}

/** It is alive, and due as soon as PostgreSQL is back: no reason to start it again. */
function waitingSince({ spec, lastSlot }: MonitorState, at: number): Progress {
  return {
    monitorId: spec.monitorId,
    priority: spec.priority,
    slot: lastSlot,
    dueAt: at,
    intervalMs: spec.intervalMs,
    stretch: 1,
    lagMs: null,
    at,
  }
}

async function answerUnlessAway(
  ports: Ports,
  state: MonitorState,
  question: Question,
): Promise<Answer | Readonly<{ elsewhere: string }> | Readonly<{ away: string }>> {
  try {
    const found = await findSource(ports, state.spec)
    return 'elsewhere' in found ? found : await answer(ports, state, question, found)
  } catch (error) {
    if (error instanceof StoreAwayError) return { away: error.message }
    throw error
  }
}

/** `readings` null = the source gave none; `asked` = there was a source to ask. */
type Read = Readonly<{ readings: readonly SlotReadings[] | null; asked: boolean; failure: string }>
type Answer = Read & Readonly<{ observations: readonly Observation[] }>

async function answer(ports: Ports, state: MonitorState, question: Question, found: Here): Promise<Answer> {
  const { slots, newest } = question
  const [read, downtimes, causes] = await Promise.all([
    readAll(ports, found, state.spec, slots),
    downtimesOf(ports, state.spec, slots),
    causesAt(ports, state, slots),
  ])
  const asked = { state, slots, newest, downtimes, causes, agenda: agendaAfter(ports, state, slots) }
  return { ...read, observations: observeAll(asked, read) }
}

/** Asked by this worker, or by nobody. */
type Here = Exclude<FoundSource, Readonly<{ elsewhere: string }>>

async function findSource({ sources }: Ports, spec: MonitorSpec): Promise<FoundSource> {
  try {
    return await sources.find(spec)
  } catch (error) {
    if (isFailure(error)) return { missing: `${error.code}: ${error.message}` }
    throw error
  }
}

async function readAll({ bounds }: Ports, found: Here, spec: MonitorSpec, slots: readonly number[]): Promise<Read> {
  if ('missing' in found) return { readings: null, asked: false, failure: found.missing }
  try {
    return { readings: await found.source.query(questionOf(spec, slots, bounds.evaluateTimeoutMs)), asked: true, failure: '' }
  } catch (error) {
    if (isFailure(error)) return { readings: null, asked: true, failure: `${error.code}: ${error.message}` }
    throw error
  }
}

/** Of the source itself. */
function isFailure(error: unknown): error is SourceError {
  return error instanceof SourceError && !(error instanceof StoreAwayError)
}

/** In force at each slot; null = nobody knows of any, and those of the state stay. */
async function downtimesOf({ downtimes }: Ports, spec: MonitorSpec, slots: readonly number[]): Promise<(readonly Downtime[])[] | null> {
  return downtimes === null ? null : [...(await downtimes.inForce(spec, slots))]
}

/** Of each slot; null = nobody knows, or nothing may hold it: those of the state stay. */
async function causesAt(
  { causes }: Ports,
  { spec, ...state }: MonitorState,
  slots: readonly number[],
): Promise<(readonly Cause[])[] | null> {
  if (causes === null || spec.inhibitedBy === undefined) return state.causes === undefined ? null : slots.map(() => [])
  try {
    return (await causes.firing(spec, slots)).map((firing) => causesAmong(spec, firing))
  } catch (error) {
    if (error instanceof SourceError) return null
    throw error
  }
}

/** Further times of a schedule whose known ones run out; they are told with the last slot. */
function agendaAfter({ recurrences }: Ports, { spec, agenda }: MonitorState, slots: readonly number[]): readonly number[] | null {
  const last = slots.at(-1)
  if (spec.schedule === null || last === undefined || !isRunningOut({ spec, agenda }, last)) return null
  const times = recurrences.times(spec.schedule, last, null, agendaMax)
  // A rule that has come to its end has no more to tell.
  return times.length > (agenda ?? []).filter((time) => time > last).length ? times : null
}

type Asked = Readonly<{
  state: MonitorState
  slots: readonly number[]
  newest: number
  downtimes: readonly (readonly Downtime[])[] | null
  causes: readonly (readonly Cause[])[] | null
  agenda: readonly number[] | null
}>

/** Of a source that failed, each slot did. */
function observeAll(asked: Asked, { readings, failure }: Pick<Read, 'readings' | 'failure'>): Observation[] {
  const { slots, newest } = asked
  const bySlot = new Map(readings?.map((reading) => [reading.slot, reading]))
  const observations: Observation[] = []
  let { state } = asked
  for (const [index, slot] of slots.entries()) {
    const known = knownOf(asked, index)
    const observation =
      readings === null
        ? withoutReading(state, slot, { kind: 'failed', reason: failure }, known)
        : observeSlot(state, slot, bySlot.get(slot), known)
    if (observation !== null) observations.push(observation)
    if (slots.length > 1) state = step(state, slotEvent(slot, observation, newest)).state
  }
  return observations
}

function knownOf({ slots, newest, downtimes, causes, agenda }: Asked, index: number): Known {
  const inForce = downtimes?.[index]
  const firing = causes?.[index]
  return {
    late: isLate(slots[index] ?? newest, newest),
    ...(inForce === undefined ? {} : { downtimes: inForce }),
    ...(firing === undefined ? {} : { causes: firing }),
    ...(agenda !== null && index === slots.length - 1 ? { agenda } : {}),
  }
}

type Account = Readonly<{
  spec: MonitorSpec
  question: Question
  answered: Answer & EvaluateReply
  stretch: number
  startedAt: number
  lagMs: number
}>

/** Counts what became of each slot, and writes it down for people. */
function account(ports: Ports, { spec, question, answered, stretch, startedAt, lagMs }: Account): void {
  const { slots, dropped } = question
  const durationMs = ports.clock() - startedAt
  for (const entry of evaluationEntries({ spec, question, reply: answered, ...answered, startedAt, durationMs }))
    ports.evaluations.record(entry)
  const outcomes = new Map<EvaluationOutcome, number>()
  for (const outcome of outcomesOf(question, answered)) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  // What waited on purpose wasn't missed.
  const missed = slots.length - Math.min(slots.length, stretch) + dropped
  if (missed > 0) ports.metrics.slotsMissed(missed)
  for (const [outcome, many] of outcomes) ports.metrics.evaluation({ outcome, slots: many, durationMs, lagMs })
}

/** How a rule of Prometheus' kind is by now: the state is stepped on a copy, as the workflow will. */
function tellRules({ rules, clock }: Ports, before: MonitorState, question: Question, answered: Answer, startedAt: number): void {
  const slot = question.slots.at(-1)
  if (rules === undefined || before.spec.type !== 'promql alert' || slot === undefined) return
  const { state } = eventsOf(answered, question).reduce((at, event) => step(at.state, event), { state: before })
  const values = answered.readings?.find((reading) => reading.slot === slot)?.values ?? {}
  const error = answered.readings === null ? answered.failure : null
  rules.record({ spec: state.spec, slot, at: startedAt, durationMs: clock() - startedAt, error, alerts: activeAlerts(state, values) })
}
