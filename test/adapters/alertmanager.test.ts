/** What a real Alertmanager makes of what it is told: seen over its own API, and by the webhook that it notifies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { OutgoingMessage, Receiver } from '../../activities/notification-ports.ts'
import { alertmanagerNotifier } from '../../adapters/notifiers/alertmanager.ts'
import { outgoingMessage } from '../conformance/notifier.ts'
import { type AlertmanagerServer, hasAlertmanager, type SeenAlert, startAlertmanager } from '../support/alertmanager.ts'
import { answer, type HookServer, startHookServer } from '../support/hook-server.ts'
import { notificationSubject, toldTransition } from '../support/notification-job.ts'
import { until } from '../support/until.ts'

const notification = z.object({
  receiver: z.string(),
  alerts: z.array(z.object({ status: z.enum(['firing', 'resolved']), labels: z.record(z.string(), z.string()) })),
})

describe.runIf(hasAlertmanager)('Alertmanager', () => {
  let hook: HookServer
  let server: AlertmanagerServer
  let aheadMs = 0
  const notifier = alertmanagerNotifier(() => Date.now() + aheadMs)
  beforeAll(async () => {
    hook = await startHookServer(answer(200))
    server = await startAlertmanager(hook.url)
  })
  afterAll(async () => {
    await server.close()
    await hook.close()
  })

  const at = (...urls: readonly string[]): Receiver => ({
    name: 'am',
    kind: 'alertmanager',
    config: { urls },
    policy: { timeoutMs: 10_000 },
  })

  /** A message about a monitor of this name, as of two minutes ago. */
  function message(name: string, to: 'OK' | 'Warn' | 'Alert', change: Partial<OutgoingMessage> = {}, from: 'OK' | 'Warn' | 'Alert' = 'OK') {
    const slot = Date.now() - (to === 'OK' ? 1_000 : 120_000)
    const transition = toldTransition({ from, to, slot, firstTriggeredAt: Date.now() - 120_000 })
    return outgoingMessage({ subject: notificationSubject({ name }), transition, transitions: [transition], ...change })
  }
  const deliver = async (outgoing: OutgoingMessage) => expect((await notifier.deliver(outgoing, at(server.url))).kind).toBe('delivered')
  const activeOf = async (name: string): Promise<readonly SeenAlert[]> =>
    (await server.active()).filter(({ labels }) => labels.alertname === name)
  /** Which receivers were told what of this monitor, each once. */
  const notified = (name: string): readonly string[] => [
    ...new Set(
      hook.hooks().flatMap(({ body }) => {
        const { receiver, alerts } = notification.parse(JSON.parse(body))
        return alerts
          .filter(({ labels }) => labels.alertname === name)
          .map(({ status, labels }) => `${receiver} ${labels.severity} ${status}`)
      }),
    ),
  ]
  const reference = { reference: { severity: 'critical' }, key: 'k', othersOpen: 0 }

  test('an alert is active, routed by its labels, and over with its recovery', async () => {
    await deliver(message('simple', 'Alert', { link: 'https://tocsin.example.com/monitors/1001' }))
    const [alert] = await activeOf('simple')
    expect(alert).toMatchObject({
      labels: { alertname: 'simple', severity: 'critical', monitor_id: '1001', host: 'web-1', team: 'core' },
      annotations: { summary: '[Triggered on {host:web-1}] CPU is high', status: 'Alert' },
      generatorURL: 'https://tocsin.example.com/monitors/1001',
    })
    await until('the pager to be told', () => notified('simple').includes('pager critical firing'))
    await deliver(message('simple', 'OK', { episode: reference }, 'Alert'))
    expect(await activeOf('simple')).toEqual([])
    await until('the pager to be told that it is over', () => notified('simple').includes('pager critical resolved'))
    expect(notified('simple')).toEqual(['pager critical firing', 'pager critical resolved'])
  })

  test('what fires is kept alive by being told again, and comes back where it was forgotten', async () => {
    const firing = message('kept', 'Alert')
    await deliver(firing)
    const [before] = await activeOf('kept')
    aheadMs = 60_000
    const other = await startAlertmanager(hook.url)
    const receipt = await notifier.refresh?.deliver([firing, message('kept too', 'Warn')], at(server.url, other.url))
    aheadMs = 0
    expect(receipt?.kind).toBe('delivered')
    const [after] = await activeOf('kept')
    expect(Date.parse(after?.endsAt ?? '') - Date.parse(before?.endsAt ?? '')).toBeGreaterThanOrEqual(60_000)
    expect(after?.startsAt).toBe(before?.startsAt)
    const there = await other.active()
    expect(there.map(({ labels }) => `${labels.alertname} ${labels.severity}`).sort()).toEqual(['kept critical', 'kept too warning'])
    await other.close()
  })

  test('a recovery of what it never heard of notifies nobody', async () => {
    await deliver(message('unheard', 'OK', {}, 'Alert'))
    await deliver(message('heard', 'Alert'))
    await until('the pager to be told of the other', () => notified('heard').length > 0)
    expect(notified('unheard')).toEqual([])
    expect(await activeOf('unheard')).toEqual([])
  })

  test('a warning that becomes an alert is one alert, elsewhere', async () => {
    await deliver(message('worse', 'Warn'))
    await until('the chat to be told', () => notified('worse').includes('chat warning firing'))
    await deliver(message('worse', 'Alert', { episode: { ...reference, reference: { severity: 'warning' } } }, 'Warn'))
    expect((await activeOf('worse')).map(({ labels }) => labels.severity)).toEqual(['critical'])
    await until('the chat to be told that it is over there', () => notified('worse').includes('chat warning resolved'))
    await until('the pager to be told', () => notified('worse').includes('pager critical firing'))
  })

  test('a storm is as many alerts as groups, however their tags are written', async () => {
    const groups = ['a-b:1,a.b:2', '__proto__:x', 'alertname:x,severity:y', '日本:語 😀', `host:${'x'.repeat(1_048_576)}`, 'q:"\\,\n']
    const many = Array.from({ length: 1_200 }, (_, index) => `host:web-${index}`)
    const transitions = [...groups, ...many].map((group, index) => toldTransition({ sequence: index + 1, group, slot: Date.now() - 1_000 }))
    await deliver(outgoingMessage({ form: 'storm', subject: notificationSubject({ name: 'storm' }), transitions }))
    expect(await activeOf('storm')).toHaveLength(1_206)
    const ended = transitions.map((one, index) =>
      toldTransition({ ...one, sequence: 2_000 + index, from: 'Alert', to: 'OK', slot: Date.now() }),
    )
    const [last = toldTransition()] = ended
    await deliver(outgoingMessage({ form: 'storm', subject: notificationSubject({ name: 'storm' }), transition: last, transitions: ended }))
    expect(await activeOf('storm')).toEqual([])
  })
})
