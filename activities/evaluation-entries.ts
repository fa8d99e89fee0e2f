/** What became of each slot of a question, written down for people. Pure. Read next: evaluate.ts. */
import type { EvaluateReply, Question } from '../core/monitor/evaluation.ts'
import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import type { Observation } from '../core/monitor/types.ts'
import type { EvaluationEntry, EvaluationOutcome, SlotReadings } from './ports.ts'

export type Evaluated = Readonly<{
  spec: MonitorSpec
  question: Question
  reply: EvaluateReply
  /** What the source answered; null = nothing. */
  readings: readonly SlotReadings[] | null
  /** Whether there was a source to ask. */
  asked: boolean
  startedAt: number
  durationMs: number
}>

/** In order of slots. Those that are too old to be evaluated are one entry, at the last of them. */
export function evaluationEntries({ spec, question, reply, readings, asked, startedAt, durationMs }: Evaluated): EvaluationEntry[] {
  const told = new Map(reply.observations.map((observation) => [observation.slot, observation]))
  const read = new Map(readings?.map((reading) => [reading.slot, reading]))
  const common = { monitorId: spec.monitorId, version: spec.version, at: startedAt, durationMs, delayMs: spec.delayMs }
  const entries = question.slots.map((slot): EvaluationEntry => {
    const observation = told.get(slot)
    const reading = read.get(slot)
    return {
      ...common,
      slot,
      outcome: outcomeOf(observation, slot < question.newest),
      reason: observation === undefined || observation.outcome.kind === 'ok' ? null : observation.outcome.reason,
      ...rangeOf(reading?.values ?? {}),
      groupsTold: observation === undefined ? 0 : observation.changed.length + observation.missing.length,
      query: asked && reading?.skipped === undefined ? (reading?.sent ?? spec.query) : null,
    }
  })
  return [...droppedEntries(question, common), ...entries]
}

/** One per slot of a question. */
export function outcomesOf({ slots, newest }: Question, { observations }: EvaluateReply): EvaluationOutcome[] {
  const told = new Map(observations.map((observation) => [observation.slot, observation]))
  return slots.map((slot) => outcomeOf(told.get(slot), slot < newest))
}

function outcomeOf(observation: Observation | undefined, late: boolean): EvaluationOutcome {
  const kind = observation?.outcome.kind ?? 'ok'
  if (kind !== 'ok') return kind
  return late ? 'caught-up' : 'evaluated'
}

type Common = Pick<EvaluationEntry, 'monitorId' | 'version' | 'at' | 'durationMs' | 'delayMs'>

function droppedEntries({ dropped, lastDropped: slot }: Question, common: Common): EvaluationEntry[] {
  if (slot === null) return []
  const reason = `older than the catch-up horizon (${dropped} ${dropped === 1 ? 'slot' : 'slots'})`
  return [{ ...common, slot, outcome: 'skipped', reason, values: null, groupsSeen: 0, groupsTold: 0, durationMs: 0, query: null }]
}

/** A value that is no number says nothing, here as in observe(). */
function rangeOf(values: Readonly<Record<string, number>>): Pick<EvaluationEntry, 'values' | 'groupsSeen'> {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let groupsSeen = 0
  for (const group in values) {
    const value = values[group]
    if (value === undefined || !Number.isFinite(value)) continue
    groupsSeen += 1
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  return { values: groupsSeen === 0 ? null : { min, max }, groupsSeen }
}
