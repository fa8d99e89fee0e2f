import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { alertmanagerNotifier } from '../../adapters/notifiers/alertmanager.ts'
import { alertsOf } from '../../adapters/notifiers/alertmanager-alert.ts'
import { freePort } from '../../cli/up/port.ts'
import { alertmanagerConfig } from '../../contract/receivers/alertmanager.ts'
import { notifierConformance, outgoingMessage } from '../conformance/notifier.ts'
import { conformanceClock, httpNotifierConformance } from '../conformance/notifier-http.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { notificationSubject, toldTransition } from '../support/notification-job.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

async function hookServer(status: number, body = ''): Promise<HookServer> {
  const server = await startHookServer(answer(status, {}, body))
  stops.push(server.close)
  return server
}

function alertmanagerAt(url: string, change: Readonly<Record<string, unknown>> = {}): Receiver {
  return { name: 'alertmanager', kind: 'alertmanager', config: { urls: [url], ...change }, policy: { timeoutMs: 1_000 } }
}

const posted = z.array(z.object({ labels: z.record(z.string(), z.string()), annotations: z.record(z.string(), z.string()) }))
const alertsIn = ({ body }: { body: string }) => posted.parse(JSON.parse(body))
const slot = 1_769_860_800_000
const now = slot + 5_000
const config = alertmanagerConfig.parse({ urls: ['http://127.0.0.1:1'] })
const alerts = (change: Partial<OutgoingMessage> = {}, with_ = config) => {
  const asked = alertsOf(outgoingMessage(change), with_, now).next()
  if (asked.done !== true) throw new Error(`nobody answers ${asked.value}`)
  return asked.value
}
const recovered = toldTransition({ sequence: 2, from: 'Alert', to: 'OK', slot: slot + 4_000 })
const known = { key: 'k', reference: { severity: 'critical' }, othersOpen: 0 }

describe('conformance', () => {
  notifierConformance('alertmanager', async () => {
    const server = await hookServer(200)
    const arrivedIds = () => server.hooks().flatMap((hook) => alertsIn(hook).map(({ annotations }) => annotations.message_id ?? ''))
    return { notifier: alertmanagerNotifier(Date.now), receiver: alertmanagerAt(server.url), arrivedIds }
  })
  httpNotifierConformance('alertmanager', { notifier: alertmanagerNotifier(conformanceClock), receiverAt: alertmanagerAt })
})

test('an alert has the labels of its group and monitor, and ends if nobody tells of it again', () => {
  expect(alerts({ link: 'https://tocsin.example.com/monitors/1001' })).toEqual([
    {
      labels: { alertname: 'CPU is high', severity: 'critical', monitor_id: '1001', host: 'web-1', team: 'core' },
      annotations: {
        summary: '[Triggered on {host:web-1}] CPU is high',
        description: 'CPU of web-1 is 95',
        status: 'Alert',
        evaluated_at: '2026-01-31T12:00:00Z',
        value: '95',
        threshold: '90',
        query: 'avg(last_5m):avg:system.cpu.user{*} by {host} > 90',
        message_id: 'msg_1001_1_1769860800000_test',
      },
      startsAt: '2026-01-31T12:00:00.000Z',
      endsAt: new Date(now + 240_000).toISOString(),
      generatorURL: 'https://tocsin.example.com/monitors/1001',
    },
  ])
})

test.each([
  [undefined, 240_000],
  [10, 240_000],
  [300, 1_200_000],
])('evaluated every %j s, an alert ends in %d ms', (interval, ms) => {
  const subject = notificationSubject({ options: interval === undefined ? {} : { interval } })
  expect(alerts({ subject })[0]?.endsAt).toBe(new Date(now + ms).toISOString())
})

test('a recovery ends the alert when it was over, under the same labels', () => {
  const [alert, ...others] = alerts({ transition: recovered, transitions: [recovered] })
  expect(others).toEqual([])
  expect(alert?.labels).toEqual(alerts()[0]?.labels)
  expect(alert?.endsAt).toBe(new Date(slot + 4_000).toISOString())
})

test('what is over ends now at the latest, and not before it began', () => {
  const future = toldTransition({ from: 'Alert', to: 'OK', slot: now + 60_000, firstTriggeredAt: now + 30_000 })
  const [alert] = alerts({ transition: future, transitions: [future] })
  expect(alert).toMatchObject({ startsAt: new Date(now).toISOString(), endsAt: new Date(now).toISOString() })
})

describe('severities', () => {
  const worse = toldTransition({ from: 'Warn', to: 'Alert', slot: slot + 1_000 })
  const severitiesOf = (change: Partial<OutgoingMessage>) =>
    alerts(change).map(({ labels, endsAt }) => [labels.severity, Date.parse(endsAt) > now])

  test.each([
    ['Alert', 'critical'],
    ['Warn', 'warning'],
    ['No Data', 'warning'],
    ['Unknown', 'warning'],
  ] as const)('%s is %s', (to, severity) => {
    const transition = toldTransition({ to })
    expect(severitiesOf({ transition, transitions: [transition] })).toEqual([[severity, true]])
  })
  test('when it changes, the alert of the one before ends', () => {
    expect(severitiesOf({ transition: worse, transitions: [worse], episode: known })).toEqual([
      ['critical', true],
      ['warning', false],
    ])
  })
  test('what was never sent needs no end', () => {
    expect(severitiesOf({ transition: worse, transitions: [worse] })).toEqual([['critical', true]])
  })
  test('merged, each that was sent ends', () => {
    const transitions = [worse, toldTransition({ sequence: 2, from: 'Alert', to: 'OK', slot: slot + 2_000 })]
    expect(severitiesOf({ form: 'merged', transition: transitions[1] ?? worse, transitions, episode: known })).toEqual([
      ['critical', false],
      ['warning', false],
    ])
  })
  test('they are named as the routing tree has them', () => {
    const paged = alertmanagerConfig.parse({ urls: ['http://a'], severities: { alert: 'page' } })
    expect(alerts({}, paged)[0]?.labels.severity).toBe('page')
  })
})

test('a storm is an alert per group, and its list is in none of them', async () => {
  const transitions = [
    toldTransition(),
    toldTransition({ sequence: 2, group: 'host:web-2', to: 'Warn' }),
    { ...recovered, group: 'host:web-3' },
  ]
  const storm = alerts({ form: 'storm', transitions, body: '- a\n- b' })
  expect(storm.map(({ labels, endsAt }) => [labels.host, labels.severity, Date.parse(endsAt) > now])).toEqual([
    ['web-1', 'critical', true],
    ['web-2', 'warning', true],
    ['web-3', 'critical', false],
  ])
  expect(storm[1]?.annotations.summary).toBe('[Warn on {host:web-2}] CPU is high')
  expect(storm.every(({ annotations }) => annotations.description === undefined)).toBe(true)
})

test('many alerts are posted in pieces, one after the other', async () => {
  const server = await hookServer(200)
  const transitions = Array.from({ length: 2_500 }, (_, index) => toldTransition({ sequence: index + 1, group: `host:web-${index}` }))
  await alertmanagerNotifier(Date.now).deliver(outgoingMessage({ form: 'storm', transitions }), alertmanagerAt(server.url))
  expect(server.hooks().map((hook) => alertsIn(hook).length)).toEqual([1_000, 1_000, 500])
})

describe('labels', () => {
  const labelsIn = (group: string, tags: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
    const transition = toldTransition({ group })
    const with_ = alertmanagerConfig.parse({ urls: ['http://a'], labels: more })
    const [alert] = alerts({ transition, transitions: [transition], subject: notificationSubject({ tags }) }, with_)
    const { alertname: _name, severity: _severity, monitor_id: _id, ...labels } = alert?.labels ?? {}
    return labels
  }
  test.each<readonly [string, string, readonly string[], Readonly<Record<string, string>>]>([
    ['none', '*', [], {}],
    ['names that are none', 'a-b:1,0x:2,日本:3,a.b:4', [], { a_b: '1', a_b_2: '4', _0x: '2', __: '3' }],
    ['names that are taken', 'alertname:x,severity:y,monitor_id:z', [], { tag_alertname: 'x', tag_severity: 'y', tag_monitor_id: 'z' }],
    ['an empty value', 'host:', [], {}],
    ['a tag of the monitor', '*', ['env:prod:eu', 'critical', 'severity:low'], { env: 'prod:eu', critical: 'true', tag_severity: 'low' }],
    ['several tags of one key', '*', ['team:b', 'team:a', 'team:b'], { team: 'a,b' }],
    ['the group before the monitor', 'team:x', ['team:core'], { team: 'x' }],
    ['the prototype', '__proto__:x', ['constructor:y'], JSON.parse('{"__proto__": "x", "constructor": "y"}')],
  ])('%s', (_what, group, tags, expected) => {
    expect(Object.entries(labelsIn(group, tags)).sort()).toEqual(Object.entries(expected).sort())
  })
  test('those of the receiver give way', () => {
    expect(labelsIn('host:a', ['team:core'], { team: 'x', host: 'y', cluster: 'eu' })).toEqual({ host: 'a', team: 'core', cluster: 'eu' })
  })
  test('values of 1 MB are cut and still differ', () => {
    const [one, other] = [labelsIn(`host:${'x'.repeat(1_048_576)}1`), labelsIn(`host:${'x'.repeat(1_048_576)}2`)]
    expect(one.host?.length).toBeLessThan(600)
    expect(one.host).not.toBe(other.host)
  })
})

describe('a cluster', () => {
  const deliver = async (urls: readonly string[], change: Readonly<Record<string, unknown>> = {}) =>
    alertmanagerNotifier(Date.now).deliver(outgoingMessage(), alertmanagerAt('', { urls, ...change }))

  test('each of it is told', async () => {
    const [one, other] = [await hookServer(200), await hookServer(200)]
    expect(await deliver([one.url, other.url])).toEqual({ kind: 'delivered', detail: 'HTTP 200', reference: { severity: 'critical' } })
    expect([one.hooks().length, other.hooks().length]).toEqual([1, 1])
  })
  test('one that takes it is enough, and those that do not are named', async () => {
    const server = await hookServer(200)
    const receipt = await deliver([`http://127.0.0.1:${await freePort()}`, server.url])
    expect(receipt).toMatchObject({ kind: 'delivered', detail: expect.stringMatching(/^1 of 2 took it; unreachable: /) })
  })
  test('where none takes it, but one may later, it is tried again', async () => {
    expect((await deliver([(await hookServer(400, 'bad')).url, (await hookServer(503)).url])).kind).toBe('retry')
    expect(await deliver([(await hookServer(400, 'bad')).url, (await hookServer(400, 'bad')).url])).toEqual({
      kind: 'refused',
      reason: 'HTTP 400: bad',
    })
  })
  test('logins are sent, and stay out of reasons', async () => {
    const bearer = await hookServer(400, 'token-token-token is wrong')
    expect(await deliver([bearer.url], { bearer_token: 'token-token-token', tenant: 'ops' })).toMatchObject({
      reason: 'HTTP 400: [redacted] is wrong',
    })
    expect(bearer.hooks()[0]?.headers).toMatchObject({ authorization: 'Bearer token-token-token', 'x-scope-orgid': 'ops' })
    const basic = await hookServer(200)
    await deliver([basic.url], { username: 'ops', password: 'pässword'.replace('ä', 'a') })
    expect(basic.hooks()[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ops:password').toString('base64')}`)
  })
})

test('a digest is refused', async () => {
  const receipt = await alertmanagerNotifier(Date.now).deliver(outgoingMessage({ form: 'digest' }), alertmanagerAt('http://127.0.0.1:1'))
  expect(receipt).toEqual({ kind: 'refused', reason: expect.stringContaining('digest') })
})

test('a test is a warning for two minutes, and is not told again', async () => {
  const nothing = toldTransition({ from: 'OK', to: 'OK', group: '*', slot: now, firstTriggeredAt: null })
  expect(alerts({ form: 'test', transition: nothing, transitions: [nothing] })).toMatchObject([
    { labels: { severity: 'warning' }, startsAt: new Date(now).toISOString(), endsAt: new Date(now + 120_000).toISOString() },
  ])
  const server = await hookServer(200)
  const { refresh } = alertmanagerNotifier(Date.now)
  expect(await refresh?.deliver([outgoingMessage({ form: 'test' })], alertmanagerAt(server.url))).toMatchObject({ kind: 'delivered' })
  expect(server.hooks()).toEqual([])
})

test('it is told again as often and as long as Prometheus does', () => {
  expect(alertmanagerNotifier(Date.now)).toMatchObject({ incidents: true, refresh: { everyMs: 60_000, resolvedForMs: 900_000 } })
})

describe('rules of Prometheus', () => {
  const prometheus = {
    file: 'rules.yml',
    group: 'node',
    order: 0,
    labels: { severity: 'page', owner: '{{ $labels.host | toUpper }}', seen: '{{ $value }}' },
    annotations: { summary: '{{ $labels.host }} is at {{ $value | humanize }}' },
    external_labels: { region: 'eu', host: 'never' },
  }
  const subject = notificationSubject({ name: 'HighCpu', options: { prometheus, interval: 30 } })
  const labels = { alertname: 'HighCpu', host: 'web-1', severity: 'page', owner: 'WEB-1', seen: '95', region: 'eu' }
  const fired = outgoingMessage({ subject })
  const over = { ...recovered, value: 3 }

  test('have the labels and annotations of the rule and nothing else', () => {
    const [alert, ...others] = alerts({ subject })
    expect(others).toEqual([])
    expect(alert).toMatchObject({ endsAt: new Date(now + 240_000).toISOString() })
    expect(alert?.labels).toEqual(labels)
    expect(alert?.annotations).toEqual({ summary: 'web-1 is at 95' })
  })

  test('keep their labels when they are over, whatever the value is by then', async () => {
    const server = await hookServer(200)
    const receipt = await alertmanagerNotifier(() => now).deliver(fired, alertmanagerAt(server.url))
    const reference = receipt.kind === 'delivered' ? (receipt.reference ?? null) : null
    const [alert] = alerts({ subject, transition: over, transitions: [over], episode: { ...known, reference } })
    expect(alert).toMatchObject({ labels, endsAt: new Date(slot + 4_000).toISOString() })
  })
})
