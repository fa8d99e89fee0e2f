/**
 * One configuration of Datadog's Terraform provider (datadog_monitor, datadog_downtime_schedule, datadog_webhook) by the requests that its
 * documented schemas come to: create, read, change, read, destroy. An empty plan = what is read is what was written.
 * Read next: terraform.test.ts, docs/how-to/with-terraform.md.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, type Api, type Json, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const webhooks = '/api/v1/integration/webhooks/configuration/webhooks'

async function asked(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await api.send(method, path, body)
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300)
  return answer
}

/** What the provider keeps of a downtime: sets have no order, times are whole seconds of UTC. */
function downtimeState({ id, attributes }: Json): object {
  const { schedule, notify_end_states: states, notify_end_types: types, ...others } = attributes
  const { scope, message, display_timezone: zone, mute_first_recovery_notification: mute, monitor_identifier: monitor } = others
  const { timezone, recurrences, start, end } = schedule
  const second = (text: string | null): string | null => (text === null ? null : text.replace('+00:00', 'Z'))
  const when = recurrences === undefined ? { start: second(start), end: second(end) } : { timezone, recurrences }
  return { id, scope, message, zone, mute, monitor, states: [...states].sort(), types: [...types].sort(), when }
}

const downtime = (attributes: object, id?: string): object => ({
  data: { type: 'downtime', attributes, ...(id === undefined ? {} : { id }) },
})

test('a configuration is applied, changed and destroyed, with an empty plan after each apply', async () => {
  const monitor = {
    draft_status: 'published',
    message: 'look {{host.name}} @webhook-ops',
    name: 'Load',
    options: { include_tags: true, new_host_delay: 300, notify_no_data: false, require_full_window: true, thresholds: { critical: 4 } },
    priority: 2,
    query: 'avg(last_5m):avg:system.load.1{*} by {host} > 4',
    restricted_roles: null,
    tags: ['team:core'],
    type: 'query alert',
  }
  const webhook = {
    name: 'ops',
    url: 'https://example.com/x',
    custom_headers: '{"X-Team":  "core"}',
    encode_as: 'json',
    payload: '{"t":  $ID}',
  }
  // plan
  await asked('POST', '/api/v1/monitor/validate', monitor)
  // apply: the webhook, the monitor, the downtime that is about it
  await asked('POST', webhooks, webhook)
  const { id } = (await asked('POST', '/api/v1/monitor', monitor)).body
  const once = {
    display_timezone: 'America/New_York',
    message: 'moving house',
    monitor_identifier: { monitor_id: id },
    mute_first_recovery_notification: true,
    notify_end_states: ['warn', 'alert'],
    notify_end_types: ['expired', 'canceled'],
    schedule: { start: '2050-01-02T03:04:05Z', end: '2050-01-02T05:04:05Z' },
    scope: 'env:prod AND team:core',
  }
  const { data: made } = (await asked('POST', '/api/v2/downtime', downtime(once))).body
  expect(downtimeState(made)).toEqual({
    id: made.id,
    scope: once.scope,
    message: once.message,
    zone: once.display_timezone,
    mute: true,
    monitor: once.monitor_identifier,
    states: ['alert', 'warn'],
    types: ['canceled', 'expired'],
    when: once.schedule,
  })
  const planIsEmpty = async (expected: Readonly<{ monitor: object; webhook: object; downtime: object }>): Promise<void> => {
    expect((await asked('GET', `/api/v1/monitor/${id}?with_assets=true`)).body).toMatchObject(expected.monitor)
    expect((await asked('GET', `${webhooks}/ops`)).body).toMatchObject(expected.webhook)
    expect(downtimeState((await asked('GET', `/api/v2/downtime/${made.id}`)).body.data)).toEqual(expected.downtime)
    await asked('POST', `/api/v1/monitor/${id}/validate`, expected.monitor)
  }
  await planIsEmpty({ monitor, webhook, downtime: downtimeState(made) })
  // Each changes; the change of the downtime is sent with an empty id, and once becomes again and again.
  const changed = { ...monitor, priority: null, query: 'avg(last_5m):avg:system.load.1{*} by {host} > 5', tags: ['team:core', 'tier:1'] }
  const raised = { ...changed, options: { ...monitor.options, thresholds: { critical: 5, warning: 3 } } }
  const moved = { ...webhook, url: 'https://example.com/y', payload: '{"text":  "$EVENT_TITLE"}' }
  const again = {
    ...once,
    schedule: {
      timezone: 'Europe/Berlin',
      recurrences: [{ duration: '1h', rrule: 'FREQ=DAILY;INTERVAL=1', start: '2050-01-02T03:04:05' }],
    },
  }
  await asked('PUT', `/api/v1/monitor/${id}`, raised)
  await asked('PUT', `${webhooks}/ops`, moved)
  const { data: repeated } = (await asked('PATCH', `/api/v2/downtime/${made.id}`, downtime(again, ''))).body
  expect(downtimeState(repeated)).toEqual({ ...downtimeState(made), when: again.schedule })
  await planIsEmpty({ monitor: raised, webhook: moved, downtime: downtimeState(repeated) })
  // destroy: in the other order
  expect((await asked('DELETE', `/api/v2/downtime/${made.id}`)).status).toBe(204)
  await asked('DELETE', `/api/v1/monitor/${id}`)
  await asked('DELETE', `${webhooks}/ops`)
  for (const gone of [`/api/v1/monitor/${id}`, `${webhooks}/ops`]) expect((await api.send('GET', gone)).status).toBe(404)
  // As at Datadog, a canceled downtime can be read for a while.
  expect((await asked('GET', `/api/v2/downtime/${made.id}`)).body.data.attributes.status).toBe('canceled')
})

test('of what a configuration leaves out the defaults are read, and a plan with them is empty', async () => {
  const { data: made } = (await asked('POST', '/api/v2/downtime', downtime({ scope: '*', monitor_identifier: { monitor_tags: ['*'] } })))
    .body
  const read = (await asked('GET', `/api/v2/downtime/${made.id}`)).body.data
  expect(downtimeState(read)).toEqual(downtimeState(made))
  expect(read.attributes).toMatchObject({ display_timezone: 'UTC', mute_first_recovery_notification: false, notify_end_types: ['expired'] })
  await asked('POST', webhooks, { name: 'bare', url: 'https://example.com/x' })
  expect((await asked('GET', `${webhooks}/bare`)).body).toMatchObject({ payload: null, custom_headers: null, encode_as: 'json' })
})
