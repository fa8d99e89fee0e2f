/**
 * Which questions answer all leaves of several slots: those of one series on one grid of buckets are one question, where they lie close together.
 * What a question answers holds each of its leaves unchanged, for buckets are counted back from ends on the same grid.
 */
import { cut, type Frame, frameOf, type Span } from '../frame.ts'
import type { SeriesExpression } from '../metric-nodes.ts'
import { type Leaf, leafKey } from './window.ts'

/** One question: `span` is all of it, `fromMs` is later where its oldest bucket is cut short. */
export type Question = Readonly<{ series: SeriesExpression; span: Span; fromMs: number; leaves: readonly Leaf[] }>

/** Buckets of one question at most: seasons of a fine anomaly detection lie weeks apart, and are asked for one by one. */
const questionBucketsMax = 20_000

/** In the order of time, series by series. */
export function planQuestions(leaves: readonly Leaf[]): readonly Question[] {
  const grids = new Map<string, Leaf[]>()
  const seen = new Set<string>()
  for (const leaf of leaves) {
    const key = leafKey(leaf)
    if (seen.has(key)) continue
    seen.add(key)
    const grid = gridKey(leaf)
    const members = grids.get(grid)
    if (members === undefined) grids.set(grid, [leaf])
    else members.push(leaf)
  }
  return [...grids.values()].flatMap(runsOf)
}

/** The part of a question's answer that is a leaf's own. Groups without data in it are absent, as if it alone had been asked for. */
export function leafFrame(answer: Frame, leaf: Leaf): Frame {
  if (answer.length === leaf.span.length) return answer
  const part = cut(answer, leaf.span)
  const series: Record<string, readonly (number | null)[]> = {}
  for (const group in part.series) {
    const values = part.series[group]
    if (values?.some((value) => value !== null)) series[group] = values
  }
  return frameOf(leaf.span, series)
}

/** What a source doesn't heed is no part of it: the same series is fetched once however its gaps are filled. */
function gridKey({ series, span, fromMs }: Leaf): string {
  const isCut = fromMs !== startOf(span)
  const rollup = series.rollup === null || series.rollup.method === null ? null : series.rollup.method
  return `${span.stepMs} ${span.toMs % span.stepMs} ${isCut ? fromMs : ''} ${JSON.stringify({ ...series, fill: null, rollup })}`
}

function runsOf(members: readonly Leaf[]): Question[] {
  const questions: Question[] = []
  for (const leaf of [...members].sort((a, b) => startOf(a.span) - startOf(b.span) || a.span.toMs - b.span.toMs)) {
    const last = questions.at(-1)
    const merged = last === undefined ? null : merge(last, leaf)
    if (merged === null) questions.push({ series: leaf.series, span: leaf.span, fromMs: leaf.fromMs, leaves: [leaf] })
    else questions[questions.length - 1] = merged
  }
  return questions
}

/** null = too far apart: what lies between would be more than what is asked for. */
function merge(question: Question, leaf: Leaf): Question | null {
  const { stepMs } = question.span
  const gap = (startOf(leaf.span) - question.span.toMs) / stepMs
  const toMs = Math.max(question.span.toMs, leaf.span.toMs)
  const length = (toMs - startOf(question.span)) / stepMs
  if (gap > Math.min(question.span.length, leaf.span.length) || length > questionBucketsMax) return null
  return { ...question, span: { toMs, stepMs, length }, leaves: [...question.leaves, leaf] }
}

function startOf({ toMs, stepMs, length }: Span): number {
  return toMs - length * stepMs
}
