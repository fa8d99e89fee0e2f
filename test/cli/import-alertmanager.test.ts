/** `import alertmanager`, as a process, against the API and PostgreSQL. */

import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, type Json, keys, startApi } from '../api/harness.ts'
import { baseUrlOf } from '../support/address.ts'
import { type CommandLine, commandLine } from '../support/command-line.ts'
import { temporaryFolder } from '../support/folder.ts'

const folder = temporaryFolder()
let api: Api
let tocsin: CommandLine
let alertmanager: Server

const end = new Date(Date.now() + 3_600_000).toISOString()
const matcher = { isRegex: false, isEqual: true }
const silences = [
  {
    id: 's-1',
    status: { state: 'active' },
    startsAt: '2026-01-01T00:00:00Z',
    endsAt: end,
    comment: 'disks',
    createdBy: 'ann',
    matchers: [
      { ...matcher, name: 'env', value: 'prod' },
      { ...matcher, name: 'team', value: 'a|b', isRegex: true },
    ],
  },
  {
    id: 's-2',
    status: { state: 'expired' },
    startsAt: '2026-01-01T00:00:00Z',
    endsAt: '2026-01-02T00:00:00Z',
    matchers: [{ ...matcher, name: 'env', value: 'dev' }],
  },
  {
    id: 's-3',
    status: { state: 'active' },
    startsAt: '2026-01-01T00:00:00Z',
    endsAt: end,
    matchers: [{ ...matcher, name: 'env', value: 'p.*d', isRegex: true }],
  },
]

const configuration = `global: { smtp_smarthost: "mail.example.com:587", smtp_from: alerts@example.com }
route:
  receiver: ops
  routes:
  - { receiver: pager, matchers: ['severity = "critical"', 'team=~"a|b"'] }
receivers:
- name: ops
  slack_configs: [{ api_url: "https://hooks.slack.com/services/T/B/x", text: hello }]
  email_configs: [{ to: "ops@example.com, night@example.com" }]
- name: pager
  pagerduty_configs: [{ routing_key: 0123456789abcdef0123456789abcdef }]
  sns_configs: [{ topic_arn: x }]
- name: "null"
inhibit_rules: [{ source_matchers: ['a="b"'], target_matchers: ['c="d"'] }]
`

beforeAll(async () => {
  api = await startApi()
  alertmanager = createServer((req, res) => {
    res.writeHead(req.url === '/api/v2/silences' ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(silences))
  }).listen(0, '127.0.0.1')
  tocsin = commandLine(folder.path, { TOCSIN_URL: api.url, TOCSIN_API_KEY: keys.apiKey, TOCSIN_APP_KEY: keys.appKey })
  writeFileSync(join(folder.path, 'alertmanager.yml'), configuration)
})
afterAll(async () => {
  alertmanager.close()
  await api.close()
  folder.remove()
})

test('receivers and silences are taken over once; routes are notification rules; the rest is named', async () => {
  const args = ['import', 'alertmanager', 'alertmanager.yml', '--silences', await baseUrlOf(alertmanager), '--yes', '--json']
  const taken = await tocsin(...args)
  expect(taken.code, taken.err).toBe(1)
  const { receivers, downtimes, rules, left_out: leftOut, notes, plan } = taken.json()
  expect({ receivers, downtimes, rules, create: plan.create }).toEqual({ receivers: 3, downtimes: 1, rules: 2, create: 6 })
  expect(leftOut.map(({ text }: Json) => text)).toEqual([
    'sns_configs: there is no receiver of this kind',
    expect.stringContaining('inhibition'),
    'its matchers can’t be said as a scope',
  ])
  expect(notes).toMatchObject([{ text: 'slack_configs.text: left away, messages are made here' }])
  expect(taken.out).not.toContain('0123456789abcdef')
  const stored = (await api.send('GET', '/api/v2/receivers')).body.receivers
  expect(stored.map(({ name, kind }: Json) => `${name} ${kind}`)).toEqual(
    expect.arrayContaining(['ops slack', 'ops-2 email', 'pager pagerduty']),
  )
  expect((await api.send('GET', '/api/v2/downtime')).body.data).toMatchObject([
    { attributes: { scope: 'env:prod AND (team:a OR team:b)', status: 'active' } },
  ])
  const written = (await api.send('GET', '/api/v2/monitor/notification_rule?sort=name:asc')).body.data
  expect(written.map(({ attributes }: Json) => attributes)).toMatchObject([
    {
      name: 'alertmanager/route',
      filter: { scope: 'NOT (severity:critical AND (team:a OR team:b))' },
      recipients: ['ops', 'ops-2'],
      bundle_config: { duration: 300 },
    },
    { name: 'alertmanager/route/0', filter: { scope: 'severity:critical AND (team:a OR team:b)' }, recipients: ['pager'] },
  ])
  expect((await tocsin(...args)).json().plan).toMatchObject({ create: 0, update: 0, unchanged: 6 })
})

test('a route that is changed changes its rule; one that is gone goes with --prune; files hold rules, too', async () => {
  writeFileSync(
    join(folder.path, 'alertmanager.yml'),
    configuration.replace(/ {2}routes:\n.*\n/, '').replace('route:', 'route:\n  group_by: [host]'),
  )
  const { plan } = (await tocsin('import', 'alertmanager', 'alertmanager.yml', '--yes', '--json', '--prune')).json()
  // The silence isn't asked for this time.
  expect(plan).toMatchObject({ update: 1, delete: 2 })
  const changed = plan.changes.find(({ action }: Json) => action === 'update')
  expect(changed).toMatchObject({ kind: 'rule', key: 'alertmanager/route' })
  expect(changed.changes.map(({ field }: Json) => field)).toEqual(['bundle_config', 'filter.scope'])
  expect((await tocsin('export', '-o', 'exported')).code).toBe(0)
  expect((await tocsin('apply', '-f', 'exported', '--yes', '--json')).json().plan).toMatchObject({
    create: 0,
    update: 0,
    delete: 0,
    unchanged: 4,
  })
  const [rule] = (await api.send('GET', '/api/v2/monitor/notification_rule')).body.data
  expect(rule.attributes).toMatchObject({ name: 'alertmanager/route', filter: { scope: '*' }, recipients: ['ops', 'ops-2'] })
  expect(rule.attributes.bundle_config ?? null).toBe(null)
})

test('what is no configuration is left out, and neither files nor silences is an error', async () => {
  writeFileSync(join(folder.path, 'other.yml'), 'hello: world')
  expect(await tocsin('import', 'alertmanager', 'other.yml', '--dry-run')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no configuration of Alertmanager'),
  })
  expect(await tocsin('import', 'alertmanager')).toMatchObject({ code: 2, err: 'expected files, or --silences URL\n' })
  const away = await tocsin('import', 'alertmanager', '--silences', 'http://127.0.0.1:1', '--dry-run')
  expect(away).toMatchObject({ code: 3, err: 'http://127.0.0.1:1/ does not answer: bad port\n' })
})
