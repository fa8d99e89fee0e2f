/** `import`, as a process, against the API and PostgreSQL: what is made of foreign definitions, and both corpora whole. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { unevaluatedTypes } from '../../cli/import/datadog-monitors.ts'
import { type Api, type Json, keys, startApi } from '../api/harness.ts'
import { baseUrlOf } from '../support/address.ts'
import { type CommandLine, commandLine } from '../support/command-line.ts'
import { temporaryFolder } from '../support/folder.ts'

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const hasCorpus = existsSync(join(corpus, 'datadog-monitors.jsonl'))
if (!hasCorpus) console.log('the corpora of monitors and rules are not there: their import isn’t tried')

const folder = temporaryFolder()
let api: Api
let tocsin: CommandLine
let datadog: Server

beforeAll(async () => {
  api = await startApi()
  datadog = createServer((req, res) => {
    const keysGiven = req.headers['dd-api-key'] === 'their-api-key' && req.headers['dd-application-key'] === 'their-app-key'
    const answer = req.url?.startsWith('/api/v1/monitor?page=0')
      ? theirMonitors
      : req.url?.startsWith('/api/v2/downtime')
        ? theirDowntimes
        : []
    res
      .writeHead(keysGiven ? 200 : 403, { 'content-type': 'application/json' })
      .end(JSON.stringify(keysGiven ? answer : { errors: ['Forbidden'] }))
  }).listen(0, '127.0.0.1')
  tocsin = commandLine(folder.path, {
    TOCSIN_URL: api.url,
    TOCSIN_API_KEY: keys.apiKey,
    TOCSIN_APP_KEY: keys.appKey,
    DD_API_KEY: 'their-api-key',
    DD_APP_KEY: 'their-app-key',
    DD_SITE: await baseUrlOf(datadog),
  })
})
afterAll(async () => {
  datadog.close()
  await api.close()
  folder.remove()
})
beforeEach(async () => {
  for (const { id } of (await monitors()).toReversed()) await api.send('DELETE', `/api/v1/monitor/${id}`)
})

async function monitors(): Promise<Json[]> {
  return (await api.send('GET', '/api/v1/monitor')).body
}

function write(name: string, content: unknown): string {
  writeFileSync(join(folder.path, name), typeof content === 'string' ? content : JSON.stringify(content))
  return name
}

const theirMonitors = [
  {
    id: 11,
    type: 'query alert',
    name: 'load',
    query: 'avg(last_5m):avg:system.load.1{*} > 9',
    message: '@ops',
    options: { thresholds: { critical: 9 }, new_thing: 1 },
    restricted_roles: ['x'],
  },
  { id: 12, type: 'rum alert', name: 'clicks', query: 'rum("@type:view").rollup("count").last("5m") > 5', message: '', options: {} },
  { id: 13, type: 'composite', name: 'both', query: '11 && !12', message: '' },
  { id: 14, type: 'composite', name: 'far', query: '11 && 99', message: '' },
  { id: 15, type: 'query alert', name: 'broken', query: 'avg(last_5m):avg:x{*}', message: '' },
]
const theirDowntimes = {
  data: [
    {
      id: '7f3a',
      type: 'downtime',
      attributes: {
        status: 'active',
        scope: 'env:prod',
        monitor_identifier: { monitor_id: 11 },
        schedule: { start: '2026-01-01T00:00:00+00:00', end: null },
      },
    },
    { id: '7f3b', type: 'downtime', attributes: { status: 'ended', scope: '*', monitor_identifier: { monitor_tags: ['*'] } } },
  ],
}

describe('tocsin import datadog', () => {
  test('takes over monitors, composites and downtimes from the API, says what it left out, and does it once', async () => {
    const taken = await tocsin('import', 'datadog', '--from-api', '--yes', '--json')
    expect(taken.code, taken.err).toBe(1)
    const { monitors: count, downtimes, left_out: leftOut, notes, plan } = taken.json()
    expect({ count, downtimes, create: plan.create }).toEqual({ count: 3, downtimes: 1, create: 4 })
    expect(leftOut.map(({ text }: Json) => text)).toEqual([
      'composite of monitors that aren’t imported with it: 99',
      expect.stringContaining('query: '),
      'it is over: ended',
    ])
    expect(notes.map(({ text }: Json) => text)).toEqual([
      'restricted_roles: left away, its roles are of another organisation',
      'options.new_thing: left away, it isn’t known here',
      'rum alert: stored, and nothing evaluates it yet',
    ])
    const [both, clicks, load] = (await monitors()).toSorted((one, other) => one.name.localeCompare(other.name))
    expect(both).toMatchObject({ name: 'both', query: `${load.id} && !${clicks.id}` })
    expect((await api.send('GET', `/api/v1/monitor/${load.id}?with_downtimes=true`)).body.matching_downtimes).toHaveLength(1)
    expect((await tocsin('import', 'datadog', '--from-api', '--yes', '--json')).json().plan).toMatchObject({
      create: 0,
      update: 0,
      unchanged: 4,
    })
  })

  test.each<readonly [string, Json]>([
    ['one monitor', { ...theirMonitors[0], restricted_roles: null }],
    ['a list', [theirMonitors[0]]],
    ['monitors by that name', { monitors: [theirMonitors[0]] }],
    ['a definition as integrations ship it', { version: 2, title: 'x', definition: theirMonitors[0] }],
  ])('reads %s', async (what, content) => {
    const { code, err } = await tocsin('import', 'datadog', write(`${what}.json`, content), '--yes', '--tag', 'from:datadog')
    expect(code, err).toBe(0)
    expect(await monitors()).toMatchObject([{ name: 'load', tags: ['from:datadog'], options: { thresholds: { critical: 9 } } }])
  })

  test('keys that Datadog refuses end with 3, and neither files nor --from-api with 2', async () => {
    const other = commandLine(folder.path, { TOCSIN_URL: api.url, DD_API_KEY: 'a', DD_APP_KEY: 'b', DD_SITE: await baseUrlOf(datadog) })
    expect(await other('import', 'datadog', '--from-api')).toMatchObject({ code: 3, err: 'HTTP 403: Forbidden\n' })
    expect(await tocsin('import', 'datadog')).toMatchObject({ code: 2, err: 'expected files, or --from-api\n' })
  })

  test('names as unevaluated what the page about types names', () => {
    const page = readFileSync(new URL('../../docs/semantics.md', import.meta.url), 'utf8')
    const rows = page
      .split('\n')
      .filter((line) => line.startsWith('| `') && /\| (checked, )?stored and echoed|checked, stored and echoed/.test(line))
    const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, type = '']) => type))
    expect(named.sort()).toEqual([...unevaluatedTypes].sort())
  })
})

const rules = `groups:
- name: node
  interval: 30s
  labels: { team: infra }
  rules:
  - record: job:up:sum
    expr: sum by (job) (up)
  - alert: InstanceDown
    expr: up == 0
    for: 5m
    keep_firing_for: 90s
    labels: { severity: critical, owner: "{{ $labels.team }}" }
    annotations:
      summary: "{{ $labels.instance }} is down"
      description: '{{ $labels.instance }} of {{$labels.job}} has been at {{ printf "%.2f" $value }} for 5 minutes.'
      runbook_url: https://runbooks.example.com/down
      dashboard: '{{ range query "up" }}{{ .Value }}{{ end }}'
      broken: '{{ $labels.instance'
  - alert: Broken
    expr: sum by (
`

describe('tocsin import prometheus', () => {
  test('makes promql alerts of alerting rules, and says what became of the rest', async () => {
    const taken = await tocsin('import', 'prometheus', write('rules.yml', rules), '--yes', '--json', '--notify', '@webhook-ops')
    expect(taken.code, taken.err).toBe(1)
    expect(taken.json()).toMatchObject({
      monitors: 1,
      left_out: [{ text: 'recording rule: it stays with Prometheus' }, { text: expect.stringContaining('query: ') }],
      notes: [{ text: expect.stringContaining('annotations.broken: kept as text, line 1: an action is not closed') }],
      done: [{ key: 'prometheus/rules/node/InstanceDown', error: null }],
    })
    expect(await monitors()).toMatchObject([
      {
        type: 'promql alert',
        name: 'InstanceDown',
        query: 'up == 0',
        tags: ['alertname:InstanceDown', 'team:infra', 'severity:critical'],
        priority: 1,
        options: {
          interval: 30,
          hold: 300,
          keep_firing: 90,
          on_missing_data: 'resolve',
          new_group_delay: 0,
          prometheus: {
            file: 'rules.yml',
            group: 'node',
            order: 1,
            size: 3,
            labels: { team: 'infra', severity: 'critical', owner: '{{ $labels.team }}' },
            annotations: { summary: '{{ $labels.instance }} is down', broken: '{{"{{"}} $labels.instance' },
          },
        },
        message: `{{annotation.summary}}

{{annotation.description}}

runbook_url: {{annotation.runbook_url}}
dashboard: {{annotation.dashboard}}
broken: {{annotation.broken}}

@webhook-ops`,
      },
    ])
  })

  test('--output writes files without a server, which apply stores', async () => {
    const offline = commandLine(folder.path, {})
    const { code } = await offline('import', 'prometheus', write('rules.yml', rules), '-o', 'made')
    expect(code).toBe(1)
    expect(readdirSync(join(folder.path, 'made/monitors/prometheus/rules/node'))).toEqual(['InstanceDown.yaml'])
    expect(await tocsin('apply', 'made', '--yes')).toMatchObject({ code: 0, err: '' })
    expect(await tocsin('import', 'prometheus', 'rules.yml', '--dry-run', '--json')).toMatchObject({ code: 1 })
  })

  test('rules wrapped by Kubernetes’ operator are the same', async () => {
    const wrapped = `kind: PrometheusRule\nspec:\n${rules.replace(/^/gm, '  ')}`
    expect((await tocsin('import', 'prometheus', write('wrapped.yml', wrapped), '--dry-run', '--json')).json()).toMatchObject({
      monitors: 1,
      plan: { create: 1 },
    })
  })

  test.each([
    ['none.yml', null, 'none.yml: ENOENT'],
    ['broken.yml', 'groups: [', 'broken.yml: '],
  ])('%s ends with 2', async (name, text, error) => {
    if (text !== null) write(name, text)
    expect(await tocsin('import', 'prometheus', name)).toMatchObject({ code: 2, err: expect.stringContaining(error) })
  })
})

describe.runIf(hasCorpus)('corpora', () => {
  test('each of Datadog’s integrations’ monitors is imported, or left out with a reason', async () => {
    const all = readFileSync(join(corpus, 'datadog-monitors.jsonl'), 'utf8').trim().split('\n')
    const { code, json, err } = await tocsin(
      'import',
      'datadog',
      write(
        'corpus.json',
        all.map((line) => JSON.parse(line).monitor),
      ),
      '--yes',
      '--json',
    )
    const { monitors: count, left_out: leftOut, notes, errors } = json()
    console.log(`Datadog's monitors: ${count} of ${all.length} imported, ${leftOut.length} left out, ${notes.length} notes`)
    for (const { place, text } of leftOut) console.log(`  ${place}: ${text}`)
    expect(count + leftOut.length).toBe(all.length)
    expect(errors).toEqual([])
    expect(code, err).toBe(leftOut.length > 0 ? 1 : 0)
    expect(await monitors()).toHaveLength(count)
    expect(leftOut.length).toBeLessThanOrEqual(all.length * 0.05)
  })

  test('each alerting rule of the rule files is imported, or left out with a reason', async () => {
    const names = readdirSync(join(corpus, 'prometheus')).filter((name) => name.endsWith('.yaml'))
    mkdirSync(join(folder.path, 'rules'))
    const { code, json, err } = await tocsin(
      'import',
      'prometheus',
      ...names.map((name) => join(corpus, 'prometheus', name)),
      '--yes',
      '--json',
    )
    const { monitors: count, left_out: leftOut, notes, errors } = json()
    const recording = leftOut.filter(({ text }: Json) => text.startsWith('recording rule')).length
    const kept = notes.filter(({ text }: Json) => text.includes('kept as text')).length
    console.log(
      `Prometheus' rules: ${count} of ${count + leftOut.length - recording} alerts imported, ${recording} recording rules; ${kept} annotations kept as text`,
    )
    for (const { place, text } of leftOut) if (!text.startsWith('recording rule')) console.log(`  ${place}: ${text}`)
    const alerts = names.reduce(
      (sum, name) => sum + (readFileSync(join(corpus, 'prometheus', name), 'utf8').match(/^\s*-?\s*"?alert"?:/gm)?.length ?? 0),
      0,
    )
    expect(count + leftOut.length - recording).toBe(alerts)
    expect(errors).toEqual([])
    expect(code, err.slice(0, 2_000)).toBe(leftOut.length > recording ? 1 : 0)
    expect(await monitors()).toHaveLength(count)
    expect(leftOut.length - recording).toBeLessThanOrEqual(alerts * 0.02)
  })
})
