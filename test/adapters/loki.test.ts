/** There is no Loki here: its answers are those of its documented API, and the LogQL that it would be sent is looked at. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { logqlOf } from '../../adapters/datasources/loki/logql.ts'
import { lokiSource } from '../../adapters/datasources/loki/loki.ts'
import { sourceBody } from '../../contract/source.ts'
import { parseEvent } from '../../core/query/event-language.ts'
import { type HookServer, startHookServer } from '../support/hook-server.ts'
import { openHttpSource } from '../support/open-source.ts'

const names = {
  selector: '{service_name=~".+"}',
  streamLabels: ['service_name', 'env'],
  labels: { service: 'service_name', status: 'detected_level' },
}

function logqlFor(text: string): string {
  const parsed = parseEvent('log alert', text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return logqlOf(parsed.query, names)
}

const search = (text: string) => `logs(${JSON.stringify(text)}).rollup("count").last("5m") > 1`
const word = (pattern: string) => `(?i)(?:^|[^\\\\p{L}\\\\p{N}_])${pattern}(?:[^\\\\p{L}\\\\p{N}_]|$)`
const counted = (pipeline: string) => `sum by () (count_over_time(${pipeline} [300s]))`

const searches: readonly (readonly [string, string])[] = [
  ['*', '{service_name=~".+"}'],
  ['service:web', '{service_name=~".+", service_name=~"(?i)web"}'],
  ['-env:prod*', '{service_name=~".+", env!~"(?s)(?i)prod.*"}'],
  ['status:error', '{service_name=~".+"} | detected_level=~"(?i)error"'],
  ['timeout', `{service_name=~".+"} |~ "${word('timeout')}"`],
  ['"connection refused"', `{service_name=~".+"} |~ "${word('connection[^\\\\p{L}\\\\p{N}_]+refused')}"`],
  ['-tim*out', `{service_name=~".+"} !~ "${word('tim[\\\\p{L}\\\\p{N}_]*out')}"`],
  [
    '@http.status_code:[400 TO 499]',
    '{service_name=~".+"} | json | (http_status_code!="" and http_status_code >= 400 and http_status_code <= 499)',
  ],
  ['-@duration:>5', '{service_name=~".+"} | json | (duration="" or duration <= 5)'],
  ['@user:*', '{service_name=~".+"} | json | user!=""'],
  ['@user:Ann', '{service_name=~".+"} | json | user="Ann"'],
  ['team:a OR @x:1', '{service_name=~".+"} | json | (team=~"(?i)a" or x="1")'],
  ['NOT (team:a OR team:b)', '{service_name=~".+"} | team!~"(?i)a" | team!~"(?i)b"'],
  [
    'team:a OR boom',
    `{service_name=~".+"} | label_format tocsin_line="{{ __line__ }}" | (team=~"(?i)a" or tocsin_line=~"(?s).*${word('boom')}.*") | drop tocsin_line`,
  ],
]

describe('a search becomes LogQL', () => {
  test.for(searches)('%s', ([text, pipeline]) => {
    expect(logqlFor(search(text))).toBe(counted(pipeline))
  })

  test.for([
    ['.rollup("count").by("team,@http.method")', 'sum by (team, http_method) (count_over_time({service_name=~".+"} | json [300s]))'],
    ['.rollup("cardinality", "@user")', 'count by () (sum by (user) (count_over_time({service_name=~".+"} | json | user!="" [300s])))'],
    ['.rollup("avg", "@d").by("service")', 'avg_over_time({service_name=~".+"} | json | unwrap d | __error__="" [300s]) by (service_name)'],
    ['.rollup("sum", "@d")', 'sum by () (sum_over_time({service_name=~".+"} | json | unwrap d | __error__="" [300s]))'],
    ['.rollup("pc95", "@d")', 'quantile_over_time(0.95, {service_name=~".+"} | json | unwrap d | __error__="" [300s]) by ()'],
    ['.index("main").rollup("count")', 'sum by () (count_over_time({service_name=~".+"} [300s]))'],
  ] as const)('%s', ([calls, logql]) => {
    expect(logqlFor(`logs("*")${calls}.last("5m") > 1`)).toBe(logql)
  })
})

describe('over HTTP', () => {
  let server: HookServer
  beforeAll(async () => {
    const matrix = [
      {
        metric: { service_name: 'web' },
        values: [
          [1_700_000_000, '3'],
          [1_700_000_060, '4'],
        ],
      },
    ]
    const vector = [{ metric: { service_name: 'web' }, value: [1_700_000_000, '3'] }]
    server = await startHookServer((res, _attempt, req) => {
      const isRange = req.url?.includes('query_range') === true
      const data = isRange ? { resultType: 'matrix', result: matrix } : { resultType: 'vector', result: vector }
      res.writeHead(200).end(JSON.stringify({ status: 'success', data }))
    })
  })
  afterAll(() => server.close())

  test('slots that lie evenly are one question, one slot is an instant one, with the tenant and the token', async () => {
    const body = {
      name: 'logs',
      kind: 'loki',
      config: { url: new URL(server.url).origin, tenant: 'team-a' },
      secrets: { bearer_token: 'hunter2' },
    } as const
    const source = sourceBody.parse(body)
    if (source.kind !== 'loki') throw new Error('no Loki')
    const loki = lokiSource(openHttpSource(body), source)
    const question = {
      ...{ type: 'log alert', query: 'logs("*").rollup("count").by("service").last("5m") > 1', delayMs: 0, requireFullWindow: false },
      ...{ calendar: { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 }, groupsMax: 10, timeoutMs: 5_000 },
    }
    const slots = [1_700_000_000_000, 1_700_000_060_000]
    expect((await loki.query({ ...question, slots })).map(({ values }) => values)).toEqual([{ 'service:web': 3 }, { 'service:web': 4 }])
    expect((await loki.query({ ...question, slots: slots.slice(0, 1) })).map(({ values }) => values)).toEqual([{ 'service:web': 3 }])
    const [range, instant] = server.hooks()
    expect(Object.fromEntries(new URLSearchParams(range?.body))).toMatchObject({
      start: '1700000000000000000',
      end: '1700000060000000000',
      step: '60',
    })
    expect(Object.fromEntries(new URLSearchParams(instant?.body))).toMatchObject({ time: '1700000000000000000' })
    expect(range?.headers).toMatchObject({ authorization: 'Bearer hunter2', 'x-scope-orgid': 'team-a' })
  })
})
