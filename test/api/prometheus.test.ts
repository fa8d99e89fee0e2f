/** `/prometheus/api/v1`: the same rule file in the real Prometheus and here gives the same answers; filters and pages; what is refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { convertRules } from '../../cli/import/prometheus-rules.ts'
import { type LivePrometheus, startLivePrometheus } from '../support/live-prometheus.ts'
import { hasPrometheus } from '../support/prometheus.ts'
import { ruleRunner } from '../support/rule-runner.ts'
import { until } from '../support/until.ts'
import { type Api, type Json, startApi } from './harness.ts'

const rules = {
  groups: [
    {
      name: 'node',
      interval: '1s',
      rules: [
        { record: 'job:up:sum', expr: 'sum by (job) (up)' },
        {
          alert: 'Up',
          expr: 'up == 1',
          labels: { severity: 'page', where: '{{ $labels.job | toUpper }}' },
          annotations: {
            summary: '{{ $labels.job }} is at {{ $value | humanizePercentage }} in {{ $externalLabels.region }}',
            all: '{{ range query "up == 1" }}{{ .Labels.job }}={{ .Value }}{{ end }}',
            wrong: '{{ query "absent_metric" | first }}',
          },
        },
        { alert: 'UpForLong', expr: 'up > 0.5', for: '1h', keep_firing_for: '5m', labels: { severity: 'info' } },
      ],
    },
    {
      name: 'other',
      interval: '1s',
      rules: [
        { alert: 'Down', expr: 'up == 0' },
        { alert: 'Absent', expr: 'absent(nothing{of="it"})' },
      ],
    },
  ],
}

let api: Api
let ids: number[]
let prometheus: LivePrometheus
beforeAll(async () => {
  if (!hasPrometheus) return
  ;[api, prometheus] = await Promise.all([startApi(), startLivePrometheus(rules)])
  const settings = {
    prefix: '',
    datasource: null,
    notify: '',
    tags: [],
    intervalS: 60,
    externalLabels: { region: 'eu' },
    externalUrl: null,
  }
  const { monitors } = convertRules(rules, '/etc/rules/rules.yml', settings, (key) => key)
  const plain = { type: 'promql alert', name: 'Own', query: 'up > 5', message: '', tags: [] }
  ids = []
  for (const body of [...monitors.map((monitor) => monitor.body), plain])
    ids.push((await api.send('POST', '/api/v1/monitor', body)).body.id)
  const runner = ruleRunner(api.pool, prometheus.url)
  await runner.evaluate(ids, Date.now())
  await runner.evaluate(ids, Date.now())
})
afterAll(async () => {
  await Promise.all([api?.close(), prometheus?.close()])
})

const groupsOf = async (query = ''): Promise<Json> => (await api.send('GET', `/prometheus/api/v1/rules${query}`)).body.data
const names = (data: Json): string[] => data.groups.flatMap((group: Json) => group.rules.map((rule: Json) => rule.name))

/** Without times and what a machine calls its folders; error texts are each program's own. */
function comparable(value: Json): Json {
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string'
      ? value.replace(/^<error expanding template:.*/s, '<error>').replace(/^.*\/rules\.yml$/, 'rules.yml')
      : value
  }
  const times = ['activeAt', 'lastEvaluation', 'evaluationTime']
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, times.includes(key) ? typeof one : comparable(one)]))
}

describe.runIf(hasPrometheus)('against Prometheus', () => {
  test('rules, groups and their alerts are the same', async () => {
    await until('Prometheus to have evaluated its rules', async () => {
      const text = JSON.stringify(await prometheus.get('/api/v1/rules'))
      return !text.includes('"health":"unknown"') && text.includes('"state":"firing"') && text.includes('"state":"pending"')
    })
    const theirs: Json = await prometheus.get('/api/v1/rules?type=alert')
    const ours = (await api.send('GET', '/prometheus/api/v1/rules?file[]=rules.yml')).body
    expect(comparable(ours)).toEqual(comparable(theirs))
  })

  test('alerts are the same', async () => {
    const byName = (body: Json) =>
      comparable(body).data.alerts.sort((a: Json, b: Json) => (a.labels.alertname < b.labels.alertname ? -1 : 1))
    const theirs = await prometheus.get('/api/v1/alerts')
    const ours = await api.send('GET', '/prometheus/api/v1/alerts')
    expect(byName(ours.body)).toEqual(byName(theirs))
    expect(ours.body.data.alerts).toHaveLength(3)
  })

  test('a source that fails leaves the alerts, and the rule has the error', async () => {
    await ruleRunner(api.pool, 'http://127.0.0.1:1').evaluate(ids.slice(0, 1), Date.now())
    const [up] = (await groupsOf('?rule_name[]=Up')).groups[0].rules
    expect(up).toMatchObject({
      state: 'firing',
      health: 'err',
      lastError: expect.stringContaining('unreachable'),
      alerts: [{ state: 'firing' }],
    })
  })

  test('a monitor that is no rule is a group of its own', async () => {
    const { groups } = await groupsOf('?file[]=tocsin')
    expect(groups).toMatchObject([
      { name: `monitor ${ids.at(-1)}`, file: 'tocsin', interval: 60, rules: [{ name: 'Own', state: 'inactive', health: 'ok' }] },
    ])
  })

  test.each([
    ['type=record', []],
    ['type=alert&rule_group[]=other', ['Down', 'Absent']],
    ['rule_name[]=Up&rule_name[]=Down', ['Up', 'Down']],
    ['match[]={severity="page"}', ['Up']],
    ['match[]={severity=~"pa.*|info",severity!="info"}&match[]={severity="info"}', ['Up', 'UpForLong']],
    ['match[]={where=~".%2B"}', []],
    ['file[]=none', []],
    ['group_limit=1', ['Up', 'UpForLong']],
  ])('%s', async (query, expected) => {
    expect(names(await groupsOf(`?${query}`))).toEqual(expected)
  })

  test('pages hold every group once', async () => {
    const seen: string[] = []
    let token: string | undefined
    do {
      const data = await groupsOf(`?group_limit=1${token === undefined ? '' : `&group_next_token=${token}`}`)
      seen.push(...names(data))
      token = data.groupNextToken
    } while (token !== undefined)
    expect(seen).toEqual(['Up', 'UpForLong', 'Down', 'Absent', 'Own'])
  })

  test('exclude_alerts leaves them away', async () => {
    const { groups } = await groupsOf('?exclude_alerts=true')
    expect(groups.flatMap((group: Json) => group.rules.flatMap((rule: Json) => rule.alerts))).toEqual([])
  })

  test.each([
    'type=x',
    'group_limit=0',
    'group_next_token=x',
    'group_limit=1&group_next_token=x',
    'match[]={a',
    'match[]={a=~"("}',
    'match[]=',
    'what=1',
  ])('%s is refused', async (query) => {
    expect(await api.send('GET', `/prometheus/api/v1/rules?${query}`)).toMatchObject({
      status: 400,
      body: { errors: [expect.any(String)] },
    })
  })

  test('nobody without keys', async () => {
    expect(await api.send('GET', '/prometheus/api/v1/rules', undefined, {})).toMatchObject({ status: 401 })
    expect(await api.send('GET', '/prometheus/api/v1/status/buildinfo')).toMatchObject({ status: 200, body: { status: 'success' } })
  })
})
