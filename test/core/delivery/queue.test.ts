import { expect, test } from 'vitest'
import { decide, type QueueView, type Waiting } from '../../../core/delivery/queue.ts'

const view: QueueView = { busy: new Set(), room: 10, budgetLeft: null, incidents: false, probing: false }

/** As `1 a Alert`, `2 a OK 500` (due in 500 ms), `3 * storm`: id and sequence, chain, what it says. */
function waitingOf(...lines: readonly string[]): Waiting[] {
  return lines.map((line) => {
    const [number = '', chain = '', what = '', due = '0', digest, bundle] = line.split(' ')
    const id = Number(number)
    const form = what === 'storm' ? 'storm' : 'single'
    const dueInMs = Number(due)
    const named = (text: string | undefined): string | null => (text === undefined || text === '-' ? null : text)
    const marks = { digest: named(digest), bundle: named(bundle) }
    return { id, monitorId: 1, sequence: id, chain, form, opens: what !== 'OK', failures: 0, dueInMs, ...marks }
  })
}

const sentBy = (lines: readonly string[], change: Partial<QueueView> = {}) => {
  const { sends, folds, nextInMs } = decide(waitingOf(...lines), { ...view, ...change })
  return {
    sends: sends.map(({ ids, digest }) => `${digest ?? ''}${ids}`),
    folds: folds.map(({ into, from }) => `${from}→${into}`),
    nextInMs,
  }
}

test.each([
  ['all groups at once, oldest first', ['2 b Alert', '1 a Alert'], {}, ['1', '2'], [], null],
  ['an alert and its recovery as one', ['1 a Alert', '2 a OK'], {}, ['2'], ['1→2'], null],
  ['what came last makes the rest due', ['1 a Alert 5000', '2 a OK'], {}, ['2'], ['1→2'], null],
  ['nothing before its time', ['1 a Alert 5000'], {}, [], [], 5000],
  ['a probe before its time', ['1 a Alert 5000'], { probing: true, room: 1 }, ['1'], [], null],
  ['nothing of a group that is on its way', ['1 a Alert', '2 a OK', '3 b Alert'], { busy: new Set([1]) }, ['3'], [], null],
  ['incidents one after the other', ['1 a Alert', '2 a OK', '3 a Alert'], { incidents: true }, ['1'], [], null],
  ['alerts of an incident as the last of them', ['1 a Alert', '2 a Alert', '3 a OK'], { incidents: true }, ['2'], ['1→2'], null],
  ['an incident waits for its alert', ['1 a Alert 700', '2 a OK'], { incidents: true }, [], [], 700],
  ['a storm takes along what waits', ['1 a Alert 900', '2 b Alert', '3 * storm', '4 a OK'], {}, ['3'], ['1,2→3'], null],
  ['a storm waits for what is on its way', ['1 a Alert', '3 * storm'], { busy: new Set([1]) }, [], [], null],
  ['nothing overtakes a storm', ['3 * storm 800', '4 a OK'], {}, [], [], 800],
  ['what has no order side by side', ['1  Alert', '2  OK'], {}, ['1', '2'], [], null],
  ['no more than there is room for', ['1 a Alert', '2 b Alert', '3 c Alert'], { room: 2 }, ['1', '2'], [], null],
  ['the rest of a budget as one', ['1 a Alert', '2 b Alert', '3 c Alert'], { budgetLeft: 2 }, ['1', 'new2,3'], [], null],
  ['what fits a budget alone', ['1 a Alert', '2 b Alert'], { budgetLeft: 2 }, ['1', '2'], [], null],
  ['what is gathered as one', ['1 a Alert 0 - r', '2 b Alert', '3 c Alert 0 - r'], {}, ['new1,3', '2'], [], null],
  ['one that is gathered alone as it is', ['1 a Alert 0 - r', '2 b Alert 0 - s'], {}, ['1', '2'], [], null],
  [
    'what is gathered before its time, with what is to go at once',
    ['1 a Alert 5000 - r', '2 b Alert 5000 - r', '3 a OK'],
    {},
    ['3'],
    ['1→3'],
    5000,
  ],
  ['a digest as it was', ['1 a Alert 0 d', '2 b Alert 0 d', '3 a OK', '4 c Alert'], { budgetLeft: 5 }, ['d1,2', '4'], [], null],
] as const)('%s', (_what, lines, change, sends, folds, nextInMs) => {
  expect(sentBy(lines, change)).toEqual({ sends, folds, nextInMs })
})
