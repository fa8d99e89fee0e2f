import { expect, test } from 'vitest'
import { checkQuery, filterTermsMax, groupKeysMax, nameCharsMax, urlCharsMax } from '../../../core/query/check.ts'
import type { HttpQuery, MetricQuery } from '../../../core/query/nodes.ts'

const metric: MetricQuery = {
  kind: 'metric',
  timeAggregator: 'avg',
  windowMs: 300_000,
  calendar: null,
  windowText: 'last_5m',
  spaceAggregator: 'avg',
  metric: 'app.load',
  filter: [],
  by: ['host'],
  comparator: '>',
  threshold: 1,
}
const http: HttpQuery = { kind: 'http', url: 'http://web/', method: 'GET', measure: 'failed', comparator: '>', threshold: 0 }
const term = { negated: false, key: 'a', value: 'b' }

test.each([[metric], [http]])('a sound query has no issues: %j', (query) => {
  expect(checkQuery(query)).toEqual([])
})

test.each<[Partial<MetricQuery>, string]>([
  [{ windowText: 'last_0m', windowMs: 0 }, 'the window last_0m is out of bounds: last_1m to last_10080m'],
  [{ windowText: 'last_745h' }, 'the window last_745h is out of bounds: last_1h to last_744h'],
  [{ windowText: 'last_32d' }, 'the window last_32d is out of bounds: last_1d to last_31d'],
  [{ windowText: 'last_5w' }, 'the window last_5w is out of bounds: last_1w to last_4w'],
  [{ windowText: 'yesterday' }, 'yesterday is not a window'],
  [{ windowMs: 60_000 }, 'last_5m is not 60000 ms'],
  [{ calendar: 'day' }, 'last_5m is not current_1d'],
  [{ metric: 'm'.repeat(nameCharsMax + 1) }, 'a metric name has at most 200 characters'],
  [{ filter: Array.from({ length: filterTermsMax + 1 }, () => term) }, 'a filter has at most 100 terms'],
  [{ by: Array.from({ length: groupKeysMax + 1 }, (_, index) => `k${index}`) }, 'at most 20 keys to group by'],
  [{ by: ['host', 'az', 'host'] }, 'the group key host stands twice'],
  [{ threshold: Number.POSITIVE_INFINITY }, 'the threshold is too large a number'],
])('%j is an issue', (difference, message) => {
  expect(checkQuery({ ...metric, ...difference })).toEqual([{ message, offset: null }])
})

test('issues carry the offsets of their parts', () => {
  const issues = checkQuery({ ...metric, by: ['a', 'a'], windowText: 'last_9w' }, { window: 4, by: [20, 22], threshold: 30 })
  expect(issues.map(({ offset }) => offset)).toEqual([4, 22])
})

test('a URL is bounded', () => {
  expect(checkQuery({ ...http, url: `http://web/${'x'.repeat(urlCharsMax)}` }, { url: 6 })).toEqual([
    { message: 'a URL has at most 2048 characters', offset: 6 },
  ])
})
