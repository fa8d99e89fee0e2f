/**
 * Metric queries over any source of series: asks for the leaves of all slots in as few questions as their grids allow, and computes each slot
 * as of itself. A slot's readings never depend on which others are asked for.
 * Never computes on a part of the data: it fails as a whole, with a SourceError. Read next: core/query/evaluate/window.ts, questions.ts.
 */
import type { CalendarStarts } from '../core/monitor/spec-types.ts'
import { Impossible } from '../core/query/evaluate/impossible.ts'
import { leafFrame, planQuestions, type Question } from '../core/query/evaluate/questions.ts'
import { type Leaf, leafKey, leavesOf, readWindow, type Window, type WindowReading } from '../core/query/evaluate/window.ts'
import type { Frame } from '../core/query/frame.ts'
import type { CalendarUnit, MetricQuery } from '../core/query/metric-nodes.ts'
import { type SeriesSource, type SlotReadings, SourceError, type SourceQuery } from './ports.ts'

/** Where the window of `current_…` that ends at `endMs` begins, in epoch ms. */
export type WindowStart = (unit: CalendarUnit, starts: CalendarStarts, endMs: number) => number

/** Slots of one question at most: a batch of catching up has 60, a backtest asks for this many. */
const slotsMax = 1_000
/** Questions of one evaluation at most: a schedule of one slot a day can't merge any, and no source is asked without end. */
const questionsMax = 500
/** Questions under way at once: more would only wait for each other at the source. */
const questionsAtOnce = 4

/** One per slot, in their order. Rejects with SourceError only. */
export async function metricReadings(
  source: SeriesSource,
  query: SourceQuery,
  parsed: MetricQuery,
  windowStart: WindowStart,
): Promise<SlotReadings[]> {
  if (query.slots.length > slotsMax) throw new SourceError('bad-query', `${query.slots.length} slots at once, at most ${slotsMax}`)
  const windows = query.slots.map((slot) => windowOf(query, parsed, windowStart, slot))
  const questions = planned(() => planQuestions(windows.flatMap((window) => leavesOf(parsed, window, query))))
  if (questions.length > questionsMax) {
    throw new SourceError('bad-query', `it takes ${questions.length} questions to the source, at most ${questionsMax} are asked`)
  }
  const answers = await askAll(source, query, questions)
  if (answers === 'cut' && query.slots.length > 1) return oneByOne(source, query, parsed, windowStart)
  const frames = answers === 'cut' ? new Map<string, Frame>() : answers
  const readings: SlotReadings[] = []
  for (const [n, slot] of query.slots.entries()) {
    const window = windows[n]
    if (window === undefined) continue
    const reading = planned(() => readWindow(parsed, window, query, (leaf) => frameOfLeaf(frames, leaf)))
    readings.push(readingsOf(slot, reading, parsed.over.calendar === null ? null : window.fromMs))
    // A thousand slots of a thousand groups take a second: other evaluations of this process don't wait for it.
    if (n + 1 < query.slots.length) await new Promise(setImmediate)
  }
  return readings
}

function windowOf({ delayMs, calendar }: SourceQuery, { over }: MetricQuery, windowStart: WindowStart, slot: number): Window {
  const toMs = slot - delayMs
  return { toMs, fromMs: over.calendar === null ? toMs - over.windowMs : windowStart(over.calendar, calendar, toMs) }
}

/**
 * By leaf. `cut`: some question had more groups than may be, and which of them came depends on all slots; each has to be asked for alone.
 */
async function askAll(
  source: SeriesSource,
  query: SourceQuery,
  questions: readonly Question[],
): Promise<ReadonlyMap<string, Frame> | 'cut'> {
  const frames = new Map<string, Frame>()
  const isAlone = query.slots.length === 1
  let next = 0
  let isCut = false
  const work = async (): Promise<void> => {
    while (next < questions.length && !isCut) {
      const question = questions[next]
      next += 1
      if (question === undefined) return
      const answer = await ask(source, query, question, isAlone)
      isCut ||= !isAlone && Object.keys(answer.series).length > query.groupsMax
      for (const leaf of question.leaves) frames.set(leafKey(leaf), leafFrame(answer, leaf))
    }
  }
  await Promise.all(Array.from({ length: Math.min(questionsAtOnce, questions.length) }, work))
  return isCut ? 'cut' : frames
}

async function ask(source: SeriesSource, query: SourceQuery, { series, span, fromMs }: Question, isAlone: boolean): Promise<Frame> {
  const { toMs, stepMs, length } = span
  const answer = await source.series({
    series,
    fromMs,
    toMs,
    stepMs,
    // One more than may be, to know that there are more.
    groupsMax: isAlone ? query.groupsMax : query.groupsMax + 1,
    timeoutMs: query.timeoutMs,
  })
  if (answer.stepMs === stepMs && answer.length === length && answer.startMs === toMs - length * stepMs) return answer
  throw new SourceError(
    'bad-reply',
    `the source answered ${answer.length} buckets of ${answer.stepMs} ms instead of ${length} of ${stepMs} ms`,
  )
}

async function oneByOne(source: SeriesSource, query: SourceQuery, parsed: MetricQuery, windowStart: WindowStart): Promise<SlotReadings[]> {
  const readings: SlotReadings[] = []
  for (const slot of query.slots) readings.push(...(await metricReadings(source, { ...query, slots: [slot] }, parsed, windowStart)))
  return readings
}

function frameOfLeaf(frames: ReadonlyMap<string, Frame>, leaf: Leaf): Frame {
  const frame = frames.get(leafKey(leaf))
  if (frame === undefined) throw new Impossible('the query looked at data that it had not asked for')
  return frame
}

function readingsOf(slot: number, { values, partial }: WindowReading, windowFromMs: number | null): SlotReadings {
  return {
    slot,
    values,
    ...(partial.length === 0 ? {} : { partial }),
    ...(windowFromMs === null ? {} : { windowFromMs }),
  }
}

function planned<Result>(compute: () => Result): Result {
  try {
    return compute()
  } catch (error) {
    if (error instanceof Impossible) throw new SourceError('bad-query', error.message, { cause: error })
    throw error
  }
}
