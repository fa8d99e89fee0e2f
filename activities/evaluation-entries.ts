import { type EvaluateReply, type EvaluateRequest, slotsOf } from '../core/monitor/evaluation.ts'
import type { Observation } from '../core/monitor/types.ts'
import type { EvaluationEntry, EvaluationOutcome, SlotReadings } from './ports.ts'

export type Asked = Readonly<{
  request: EvaluateRequest
  reply: EvaluateReply
  /** What the source answered; null = nothing. */
  readings: readonly SlotReadings[] | null
  /** Whether there was a source to ask. */
  asked: boolean
  startedAt: number
  durationMs: number
}>

/** One entry per slot of a request; and one for all slots that are too old to be evaluated, at the last of them. */
export function evaluationEntries({ request, reply, readings, asked, startedAt, durationMs }: Asked): EvaluationEntry[] {
  const { spec } = request.state
  const slots = slotsOf(request.slots)
  const newest = slots.at(-1) ?? request.slots.first
  const told = new Map(reply.observations.map((observation) => [observation.slot, observation]))
  const read = new Map(readings?.map((reading) => [reading.slot, reading]))
  const common = { monitorId: spec.monitorId, version: spec.version, at: startedAt, durationMs, delayMs: spec.delayMs }
  const entries = slots.map((slot): EvaluationEntry => {
    const observation = told.get(slot)
    const reading = read.get(slot)
    return {
      ...common,
      slot,
      outcome: outcomeOf(observation, slot < newest),
      reason: observation === undefined || observation.outcome.kind === 'ok' ? null : observation.outcome.reason,
      ...rangeOf(reading?.values ?? {}),
      groupsTold: observation === undefined ? 0 : observation.changed.length + observation.missing.length,
      query: asked && reading?.skipped === undefined ? (reading?.sent ?? spec.query) : null,
    }
  })
  return request.dropped === 0 ? entries : [droppedEntry(request, common), ...entries]
}

export function outcomeOf(observation: Observation | undefined, late: boolean): EvaluationOutcome {
  const kind = observation?.outcome.kind ?? 'ok'
  if (kind !== 'ok') return kind
  return late ? 'caught-up' : 'evaluated'
}

type Common = Pick<EvaluationEntry, 'monitorId' | 'version' | 'at' | 'durationMs' | 'delayMs'>

function droppedEntry({ dropped, slots }: EvaluateRequest, common: Common): EvaluationEntry {
  const reason = `older than the catch-up horizon (${dropped} ${dropped === 1 ? 'slot' : 'slots'})`
  const nothing = { values: null, groupsSeen: 0, groupsTold: 0, query: null }
  return { ...common, ...nothing, durationMs: 0, slot: slots.first - slots.intervalMs, outcome: 'skipped', reason }
}

/** A value that is no number says nothing, here as in observe(). */
function rangeOf(values: Readonly<Record<string, number>>): Pick<EvaluationEntry, 'values' | 'groupsSeen'> {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let groupsSeen = 0
  for (const value of Object.values(values)) {
    if (!Number.isFinite(value)) continue
    groupsSeen += 1
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  return { values: groupsSeen === 0 ? null : { min, max }, groupsSeen }
}
