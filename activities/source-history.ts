/**
 * Asks a source for many slots of the past, in questions that it can answer: as many slots at once as its groups allow, and
 * in halves where that was too much. One question is under way while the answer before it is worked on.
 * Never judges a value. Read next: backtest.ts, observe-slot.ts.
 */
import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import { questionOf } from './observe-slot.ts'
import { type Datasource, type SlotReadings, SourceError } from './ports.ts'

/** One slot of the past: what the source says of it, or why it gave no answer. */
export type PastSlot = Readonly<{ slot: number; reading: SlotReadings | undefined; failure: string | null }>

/** The first question finds out how many groups there are. */
const firstSlots = 20
/** What every source takes at once (the intake's own bound). */
const slotsMax = 1_000
/** Values of one answer: some ten MB while it is worked on, and two answers are in memory. */
const valuesMax = 100_000
/** A whole question may take longer than an evaluation: nobody waits for a slot. Below the statement timeout of the intake. */
const timeoutMs = 12_000
/** Questions that may fail in a row: halving a full one down to the slot that can't be answered takes ten. A source that fails more is down. */
const failuresMax = 20

/** In the order of slots. Rejects with a SourceError where the query is bad or the source is down. */
export async function* sourceHistory(source: Datasource, spec: MonitorSpec, slots: readonly number[]): AsyncGenerator<readonly PastSlot[]> {
  const ask = asker(source, spec)
  let size = firstSlots
  let from = 0
  let next: Promise<Answer> | null = null
  while (from < slots.length) {
    const answer: Answer = await (next ?? ask(slots.slice(from, from + size)))
    from += answer.slots.length
    size = sizeAfter(answer)
    next = from < slots.length ? ask(slots.slice(from, from + size)) : null
    // Whoever stops listening early shall not be told of its failure as of one that nobody caught.
    next?.catch(() => {})
    yield answer.slots
  }
}

type Answer = Readonly<{ slots: readonly PastSlot[]; halved: boolean }>

function asker(source: Datasource, spec: MonitorSpec): (slots: readonly number[]) => Promise<Answer> {
  let failures = 0
  return async function ask(slots): Promise<Answer> {
    try {
      const readings = await source.query(questionOf(spec, slots, timeoutMs))
      failures = 0
      const bySlot = new Map(readings.map((reading) => [reading.slot, reading]))
      return { slots: slots.map((slot) => ({ slot, reading: bySlot.get(slot), failure: null })), halved: false }
    } catch (error) {
      if (!(error instanceof SourceError) || error.code === 'bad-query') throw error
      failures += 1
      if (failures > failuresMax) throw error
      const [first] = slots
      if (first !== undefined && slots.length === 1) {
        return { slots: [{ slot: first, reading: undefined, failure: `${error.code}: ${error.message}` }], halved: false }
      }
      const half = Math.ceil(slots.length / 2)
      const older = await ask(slots.slice(0, half))
      const newer = await ask(slots.slice(half))
      return { slots: [...older.slots, ...newer.slots], halved: true }
    }
  }
}

function sizeAfter({ slots, halved }: Answer): number {
  const values = slots.reduce((most, { reading }) => Math.max(most, reading === undefined ? 0 : Object.keys(reading.values).length), 1)
  const fitting = Math.max(1, Math.min(slotsMax, Math.floor(valuesMax / values)))
  return halved ? Math.max(1, Math.min(fitting, Math.ceil(slots.length / 2))) : fitting
}
