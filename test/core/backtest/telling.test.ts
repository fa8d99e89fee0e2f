import { describe, expect, test } from 'vitest'
import { boundedList, jsonBytes } from '../../../core/backtest/bounded.ts'
import type { BacktestNotification } from '../../../core/backtest/report.ts'
import { summaryOf } from '../../../core/backtest/telling.ts'
import { openTimeline } from '../../../core/backtest/timeline.ts'

type Counts = readonly [alerted: number, warned: number, noData: number]

const to = (receiver: string, count: number, known = true): BacktestNotification => ({
  receiver,
  known,
  count,
  messages: [],
  messages_left_out: 0,
})

describe('the answer as a sentence', () => {
  test.each<readonly [Counts, readonly BacktestNotification[], string]>([
    [[0, 0, 0], [], 'would not have alerted, nor notified anybody'],
    [[0, 0, 0], [to('webhook-ops', 1)], 'would not have alerted, but notified @webhook-ops once'],
    [[3, 0, 0], [to('webhook-ops', 5), to('log', 5)], 'would have alerted 3 times and notified @webhook-ops 5 times'],
    [[1, 0, 0], [to('log', 1)], 'would have alerted once and written one message to the log'],
    [[2, 0, 0], [to('log', 4), to('nobody', 4, false)], 'would have alerted twice and written 4 messages to the log'],
    [[2, 0, 0], [], 'would have alerted twice and notified nobody'],
    [
      [1, 2, 3],
      [to('a', 1), to('b', 2)],
      'would have alerted once, warned twice, gone without data 3 times and notified @a once and @b twice',
    ],
    [
      [0, 1, 0],
      'abcdefg'.split('').map((name) => to(name, 1)),
      'would have warned once and notified @a once, @b once, @c once, @d once, @e once and 2 more',
    ],
  ])('%j', (counts, told, sentence) => {
    const [alerted, warned, gone_no_data] = counts
    expect(summaryOf({ alerted, warned, gone_no_data }, told)).toBe(sentence)
  })
})

describe('a list', () => {
  test('takes what fits, and after the first that doesn’t nothing more', () => {
    const list = boundedList<string>(10, 12)
    for (const item of ['aaaa', 'bbbb', 'c', 'd']) list.add(item)
    expect(list.items).toEqual(['aaaa', 'bbbb'])
    expect(list.leftOut()).toBe(2)
  })

  test.each(['plain', 'ünïcödé', '漢字', '🙂'])('never counts fewer bytes than %s has', (text) => {
    expect(jsonBytes(text)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(text)))
  })
})

describe('a strip', () => {
  test('shows the worst of each part, and blanks where a group isn’t tracked', () => {
    const timeline = openTimeline({ fromMs: 0, toMs: 9 }, 1)
    timeline.put('a', 'OK', 2)
    timeline.put('a', 'Alert', 4)
    timeline.put('a', 'Warn', 6)
    timeline.put('a', 'No Data', 7)
    timeline.put('a', null, 8)
    expect(timeline.close()).toEqual({ buckets: 10, bucket_s: 0.001, groups: { a: '  --AAwn  ' }, groups_left_out: 0 })
  })

  test('has few parts however long the time is', () => {
    const timeline = openTimeline({ fromMs: 0, toMs: 20_000 * 60_000 }, 60_000)
    timeline.put('a', 'OK', 0)
    timeline.put('a', 'Alert', 60_000)
    timeline.put('a', 'OK', 120_000)
    const { buckets, groups } = timeline.close()
    expect(buckets).toBe(240)
    expect(groups.a).toBe(`A${'-'.repeat(239)}`)
  })

  test('is there for the groups that were bad the longest', () => {
    const timeline = openTimeline({ fromMs: 0, toMs: 100 }, 1)
    for (let group = 0; group < 300; group += 1) {
      timeline.put(`g${group}`, 'Alert', 0)
      timeline.put(`g${group}`, 'OK', group % 100)
    }
    const { groups, groups_left_out: leftOut } = timeline.close()
    expect([Object.keys(groups).length, leftOut]).toEqual([100, 200])
    expect(groups.g99).toBeDefined()
    expect(groups.g1).toBeUndefined()
  })
})
