/**
 * Asks the source as of each due slot and answers only what the state machine must hear. Runs step() on a copy to know
 * what the next slot of the same request is measured against; that answer is thrown away, the workflow decides.
 * Never rejects for what a source does: a failed slot is an answer. Read next: core/monitor/observe.ts.
 */
import { type EvaluateReply, type EvaluateRequest, failedReply, slotsOf } from '../core/monitor/evaluation.ts'
import { observe } from '../core/monitor/observe.ts'
import { slotEvent, withoutValues } from '../core/monitor/slot-event.ts'
import { step } from '../core/monitor/step.ts'
import type { MonitorState, Observation } from '../core/monitor/types.ts'
import { type ActivityPorts, type EvaluationOutcome, type SlotReadings, SourceError } from './ports.ts'

export function evaluateActivities(ports: Pick<ActivityPorts, 'datasources' | 'metrics' | 'clock' | 'bounds'>) {
  return {
    async evaluate(request: EvaluateRequest): Promise<EvaluateReply> {
      const startedAt = ports.clock()
      const reply = await answer(ports, request)
      count(ports, request, reply, startedAt)
      return reply
    },
  }
}

async function answer(ports: Pick<ActivityPorts, 'datasources' | 'bounds'>, request: EvaluateRequest): Promise<EvaluateReply> {
  const { spec } = request.state
  const datasource = ports.datasources.find((candidate) => candidate.types.includes(spec.type))
  if (datasource === undefined) return failedReply(request.slots, `no source evaluates monitors of the type ${spec.type} yet`)
  try {
    const readings = await datasource.query({
      type: spec.type,
      query: spec.query,
      slots: slotsOf(request.slots),
      delayMs: spec.delayMs,
      // Twice what is tracked, so that the health can tell how many are refused; beyond that the number is a lower bound.
      groupsMax: spec.groupsMax * 2,
      timeoutMs: ports.bounds.evaluateTimeoutMs,
    })
    return observeAll(request, readings)
  } catch (error) {
    if (error instanceof SourceError) return failedReply(request.slots, `${error.code}: ${error.message}`)
    throw error
  }
}

function observeAll(request: EvaluateRequest, readings: readonly SlotReadings[]): EvaluateReply {
  const bySlot = new Map(readings.map((reading) => [reading.slot, reading]))
  const slots = slotsOf(request.slots)
  const observations: Observation[] = []
  let state = request.state
  for (const slot of slots) {
    const observation = observeSlot(state, slot, bySlot.get(slot))
    if (observation !== null) observations.push(observation)
    if (slots.length > 1) state = step(state, slotEvent(slot, observation)).state
  }
  return { observations, unchangedThrough: slots.at(-1) ?? request.slots.first }
}

function observeSlot(state: MonitorState, slot: number, reading: SlotReadings | undefined): Observation | null {
  if (reading === undefined) return withoutValues(slot, { kind: 'failed', reason: 'bad-reply: the source left this slot out' })
  if (reading.skipped !== undefined) return withoutValues(slot, { kind: 'skipped', reason: reading.skipped })
  return observe(state, slot, reading.values)
}

function count(ports: Pick<ActivityPorts, 'metrics' | 'clock'>, request: EvaluateRequest, reply: EvaluateReply, startedAt: number): void {
  const slots = slotsOf(request.slots)
  const newest = slots.at(-1) ?? request.slots.first
  const outcomes = new Map<EvaluationOutcome, number>()
  const bySlot = new Map(reply.observations.map((observation) => [observation.slot, observation.outcome.kind]))
  for (const slot of slots) {
    const outcome = outcomeOf(bySlot.get(slot), slot < newest)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  const missed = slots.length - 1 + request.dropped
  if (missed > 0) ports.metrics.slotsMissed(missed)
  const durationMs = ports.clock() - startedAt
  for (const [outcome, many] of outcomes) ports.metrics.evaluation({ outcome, slots: many, durationMs, lagMs: startedAt - newest })
}

function outcomeOf(kind: Observation['outcome']['kind'] | undefined, late: boolean): EvaluationOutcome {
  if (kind === 'failed' || kind === 'skipped') return kind
  return late ? 'caught-up' : 'evaluated'
}
