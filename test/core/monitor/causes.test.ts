import { describe, expect, test } from 'vitest'
import { type Inhibited, waitingFor } from '../../../core/monitor/cause-cycles.ts'
import { causesAmong, causesOf, type FiringGroup } from '../../../core/monitor/causes.ts'
import { inhibitedByOf } from '../../../core/monitor/spec-causes.ts'
import type { Cause } from '../../../core/monitor/types.ts'

const firing = (monitorId: number, group: string, tags: readonly string[] = []): FiringGroup => ({
  monitorId,
  group,
  tags,
  status: 'Alert',
})
const rules = (...said: readonly object[]) => inhibitedByOf(said)

describe('what the option says', () => {
  test.each<[unknown, unknown]>([
    [undefined, []],
    ['all', []],
    [[{ monitor_id: 7 }], [{ monitorId: 7, monitorTags: [], equal: [], statuses: ['Alert'] }]],
    [
      [{ monitor_tags: ['a:b'], equal: ['z', 'a', 'z'], statuses: ['no data', 'warn', 'odd'] }],
      [{ monitorId: null, monitorTags: ['a:b'], equal: ['a', 'z'], statuses: ['No Data', 'Warn'] }],
    ],
    // Nobody is named: that isn't everybody.
    [[{}, { monitor_tags: [] }, null, 5], []],
  ])('%j', (option, parsed) => {
    expect(inhibitedByOf(option)).toEqual(parsed)
  })
})

describe('of what fires', () => {
  test('a monitor is never its own cause', () => {
    const spec = { monitorId: 1, inhibitedBy: rules({ monitor_tags: ['a:b'] }) }
    expect(causesAmong(spec, [firing(1, 'host:a', ['a:b'])])).toEqual([])
    expect(causesAmong(spec, [firing(2, 'host:a', ['a:b'])])).toEqual([{ monitorId: 2, group: 'host:a', equal: {} }])
  })

  test('each set of equal tags is said once, by the first monitor and group', () => {
    const spec = { monitorId: 1, inhibitedBy: rules({ monitor_id: 8, equal: ['env'] }, { monitor_id: 7, equal: ['env'] }) }
    const all = [firing(8, 'env:p,host:b'), firing(8, 'env:q,host:a'), firing(8, 'env:p,host:a'), firing(7, 'env:q')]
    expect(causesAmong(spec, all)).toEqual([
      { monitorId: 7, group: 'env:q', equal: { env: 'q' } },
      { monitorId: 8, group: 'env:p,host:a', equal: { env: 'p' } },
    ])
  })

  test('only what holds one of the groups is kept, and what holds all', () => {
    const cause = (equal: Cause['equal']): Cause => ({ monitorId: 7, group: 'x', equal })
    const causes = [cause({ host: 'a' }), cause({ host: 'z' }), cause({ env: 'p', host: 'a' }), cause({ host: '' }), cause({})]
    expect(causesOf(causes, ['host:a'])).toEqual([cause({ host: 'a' }), cause({})])
    expect(causesOf(causes, ['env:p,host:a', '*'])).toEqual([
      cause({ host: 'a' }),
      cause({ env: 'p', host: 'a' }),
      cause({ host: '' }),
      cause({}),
    ])
    expect(causesOf(causes, [])).toEqual([cause({})])
  })

  test('of more than a hundred the last ones don’t count', () => {
    const groups = Array.from({ length: 150 }, (_, index) => `host:${index}`)
    const causes = groups.map((group, index) => ({ monitorId: 7, group, equal: { host: String(index) } }))
    expect(causesOf(causes, groups)).toEqual(causes.slice(0, 100))
  })
})

describe('monitors that wait in a circle', () => {
  const monitor = (monitorId: number, tags: readonly string[], ...said: readonly object[]): Inhibited => ({
    monitorId,
    tags,
    rules: rules(...said),
  })
  const waiting = (all: readonly Inhibited[]) => all.map((one) => [one.monitorId, [...waitingFor(one, all)].sort()])

  test('of two the older one is told', () => {
    const pair = [monitor(1, ['layer:a'], { monitor_tags: ['layer:b'] }), monitor(2, ['layer:b'], { monitor_tags: ['layer:a'] })]
    expect(waiting(pair)).toEqual([
      [1, [2]],
      [2, []],
    ])
  })

  test('of three that wait for each other in turn none waits for all', () => {
    const ring = [
      monitor(3, ['n:3'], { monitor_id: 5 }),
      monitor(4, ['n:4'], { monitor_tags: ['n:3'] }),
      monitor(5, ['n:5'], { monitor_id: 4 }),
    ]
    expect(waiting(ring)).toEqual([
      [3, [4, 5]],
      [4, [5]],
      [5, []],
    ])
  })

  test('a chain is no circle', () => {
    const chain = [monitor(1, [], { monitor_id: 2 }), monitor(2, [], { monitor_id: 3 })]
    expect(waiting(chain)).toEqual([
      [1, []],
      [2, []],
    ])
  })
})
