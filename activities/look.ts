/**
 * Asks a source for people who look: the query over a time, as evaluations would have seen it, or words that complete it. Reads only.
 * Never throws for what a source says: that is an answer, too. Read next: core/look/drawing.ts, workflows/look.ts.
 */

import type { LookAnswer, LookAsk } from '../core/look/ask.ts'
import type { Completion, CompletionQuestion } from '../core/look/completion.ts'
import { type Drawing, type DrawingQuestion, drawingTimes, drawnGroups } from '../core/look/drawing.ts'
import { unitOf } from '../core/look/unit.ts'
import { compileSpec } from '../core/monitor/spec.ts'
import type { MonitorSpec } from '../core/monitor/spec-types.ts'
import { queryFacts } from '../core/query/facts.ts'
import { askedSource } from './asked-source.ts'
import { questionOf } from './observe-slot.ts'
import { type ActivityPorts, type Datasource, type SlotReadings, SourceError } from './ports.ts'

type Ports = Pick<ActivityPorts, 'sources'>
type Times = ReturnType<typeof drawingTimes>

/** Who draws waits for it: a source that takes longer isn't drawn as one types. */
const drawTimeoutMs = 8_000
/** A word that comes later has been typed by then. */
const wordsTimeoutMs = 3_000
/** Values of one drawing that are worked on, some ten MB. */
const valuesMax = 200_000
/** With thousands of groups there is still a line. */
const pointsMin = 12
/** Each of its points is a statement on somebody's database. */
const sqlPointsMax = 48

export function lookActivities(ports: Ports) {
  return {
    look: async (ask: LookAsk): Promise<LookAnswer> => {
      try {
        switch (ask.kind) {
          case 'draw':
            return await draw(ports, ask.question)
          case 'complete':
            return { kind: 'completed', completion: await complete(ports, ask.question) }
        }
      } catch (error) {
        if (!(error instanceof SourceError)) throw error
        return error.code === 'bad-query'
          ? { kind: 'refused', why: 'bad', reason: error.message }
          : { kind: 'refused', why: 'away', reason: `${error.code}: ${error.message}` }
      }
    },
  }
}

async function draw(ports: Ports, question: DrawingQuestion): Promise<LookAnswer> {
  const { definition, fromMs, toMs } = question
  const facts = queryFacts(definition.type, definition.query, definition.options.variables)
  const spec = compileSpec(definition, facts)
  const found = await askedSource(ports, spec, 'draw nothing')
  if ('problem' in found) return { kind: 'refused', why: 'bad', reason: found.problem }
  // Nobody's page is requested because somebody types its address.
  if (spec.type === 'http alert')
    return {
      kind: 'drawn',
      drawing: drawingOf(spec, found.name, drawingTimes(fromMs, toMs, question.points, spec.intervalMs), [checksAreNow]),
    }
  // One slot says how many groups there are, and with it how many points can be had.
  const [newest] = await found.source.query(questionOf(spec, [toMs], drawTimeoutMs))
  const many = Object.keys(newest?.values ?? {}).length
  const points = pointsFor(question.points, spec.type, many)
  const times = drawingTimes(fromMs, toMs, points, spec.intervalMs)
  const readings = await readingsOf(found.source, spec, times)
  const { groups, leftOut } = drawnGroups(seriesOf(readings), spec, question.groups)
  const notes = [...(points < question.points ? [fewer(spec.type, many)] : []), ...skippedNotes(readings)]
  const levels = facts?.thresholds !== undefined
  return { kind: 'drawn', drawing: { ...drawingOf(spec, found.name, times, notes), groups, groupsLeftOut: leftOut, levels } }
}

const checksAreNow = 'a check can only be made at the time of its slot: backtests and drawings have nothing of it'

/** Without a line yet. */
function drawingOf(spec: MonitorSpec, source: string, times: Times, notes: readonly string[]): Drawing {
  const { comparator, thresholds, type, query } = spec
  return { ...times, groups: [], groupsLeftOut: 0, comparator, thresholds, levels: false, unit: unitOf(type, query), source, notes }
}

function pointsFor(asked: number, type: string, groups: number): number {
  const most = type === 'sql alert' ? sqlPointsMax : Math.max(pointsMin, Math.floor(valuesMax / Math.max(groups, 1)))
  return Math.min(asked, most)
}

function fewer(type: string, groups: number): string {
  return type === 'sql alert'
    ? `drawn in ${sqlPointsMax} points, for each of them is a statement of its own`
    : `drawn in fewer points, for there are ${groups} groups`
}

async function readingsOf(source: Datasource, spec: MonitorSpec, { startMs, stepMs, points }: Times): Promise<readonly SlotReadings[]> {
  const slots = Array.from({ length: points }, (_, index) => startMs + index * stepMs)
  return source.query(questionOf(spec, slots, drawTimeoutMs))
}

/** Eight digits are more than a page shows, and a third of what the numbers take otherwise. */
const digits = 8

function seriesOf(readings: readonly SlotReadings[]): ReadonlyMap<string, readonly (number | null)[]> {
  const series = new Map<string, (number | null)[]>()
  for (const [index, { values }] of readings.entries()) {
    for (const group in values) {
      const found = series.get(group) ?? new Array<number | null>(readings.length).fill(null)
      found[index] = Number((values[group] ?? 0).toPrecision(digits))
      series.set(group, found)
    }
  }
  return series
}

/** The past of some can't be asked for. */
function skippedNotes(readings: readonly SlotReadings[]): string[] {
  return [...new Set(readings.flatMap(({ skipped }) => (skipped === undefined ? [] : [skipped])))]
}

async function complete(ports: Ports, { type, tags, datasource, words }: CompletionQuestion): Promise<Completion> {
  const nothing = { source: null, words: [], more: false }
  const found = await askedSource(ports, { type, tags, datasource }, 'complete nothing')
  if ('problem' in found) return { ...nothing, note: found.problem }
  const { source, name } = found
  if (source.words === undefined) return { ...nothing, note: `the source ${name} has no words to complete with` }
  try {
    return { source: name, note: null, ...(await source.words({ ...words, type, timeoutMs: wordsTimeoutMs })) }
  } catch (error) {
    // Whoever types goes on without.
    if (!(error instanceof SourceError)) throw error
    return { ...nothing, note: `${error.code}: ${error.message}` }
  }
}
