/**
 * Datadog's own client for JavaScript against this API: whatever it sends is understood, whatever it reads has the types that it expects.
 * It says so by itself where a field isn't of its type (`unparsedObject`). Read next: python-clients.test.ts.
 */
import { client, v1, v2 } from '@datadog/datadog-api-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, keys, startApi } from './harness.ts'

let api: Api
let monitors: v1.MonitorsApi
let rules: v2.MonitorsApi
let configuration: client.Configuration
beforeAll(async () => {
  api = await startApi()
  configuration = client.createConfiguration({
    authMethods: { apiKeyAuth: keys.apiKey, appKeyAuth: keys.appKey },
    baseServer: new client.BaseServerConfiguration(api.url, {}),
    enableRetry: false,
  })
  for (const operation of Object.keys(configuration.unstableOperations)) configuration.unstableOperations[operation] = true
  monitors = new v1.MonitorsApi(configuration)
  rules = new v2.MonitorsApi(configuration)
})
afterAll(() => api.close())

const body: v1.Monitor = {
  type: 'query alert',
  name: 'CPU of a host',
  query: 'avg(last_5m):avg:system.cpu.user{env:prod} by {host} > 4',
  message: 'look at it @log',
  tags: ['team:core'],
  priority: 2,
  options: { thresholds: { critical: 4, warning: 2 }, notifyNoData: false, renotifyInterval: 60 },
}

async function newMonitor(more: Partial<v1.Monitor> = {}): Promise<v1.Monitor & { id: number }> {
  const created = await monitors.createMonitor({ body: { ...body, ...more } })
  parsed(created)
  return { ...created, id: created.id ?? 0 }
}

/** Whatever the client could not read it keeps, and marks. */
function parsed(value: unknown): void {
  expect(JSON.stringify(value)).not.toContain('unparsedObject')
  expect(JSON.stringify(value)).not.toContain('"_unparsed":true')
}

describe('monitors', () => {
  test('are created, read, listed, changed, validated and deleted', async () => {
    const created = await newMonitor()
    expect(created).toMatchObject({ ...body, options: { thresholds: { critical: 4, warning: 2 } }, overallState: 'No Data' })
    expect(created.created).toBeInstanceOf(Date)
    const read = await monitors.getMonitor({ monitorId: created.id, groupStates: 'all', withDowntimes: true, withAssets: true })
    parsed(read)
    expect(read).toMatchObject({ id: created.id, matchingDowntimes: [], state: { groups: {} }, assets: [] })
    const changed = await monitors.updateMonitor({ monitorId: created.id, body: { name: 'other', options: created.options ?? {} } })
    expect(changed).toMatchObject({ name: 'other', message: body.message })
    const listed = await monitors.listMonitors({ name: 'other', monitorTags: 'team:core', tags: 'env:prod', pageSize: 10, page: 0 })
    parsed(listed)
    expect(listed.map(({ id }) => id)).toEqual([created.id])
    const paged: number[] = []
    for await (const one of monitors.listMonitorsWithPagination({ pageSize: 1, monitorTags: 'team:core' })) paged.push(one.id ?? 0)
    expect(paged).toContain(created.id)
    expect(await monitors.validateMonitor({ body })).toEqual({})
    expect(await monitors.validateExistingMonitor({ monitorId: created.id, body })).toEqual({})
    expect(await monitors.checkCanDeleteMonitor({ monitorIds: [created.id] })).toMatchObject({ data: { ok: [created.id] } })
    expect(await monitors.deleteMonitor({ monitorId: created.id })).toMatchObject({ deletedMonitorId: created.id })
    await expect(monitors.getMonitor({ monitorId: created.id })).rejects.toMatchObject({
      code: 404,
      body: { errors: ['Monitor not found'] },
    })
  })

  test('of every type are echoed under the name that was given', async () => {
    for (const type of ['log alert', 'event-v2 alert', 'rum alert', 'trace-analytics alert', 'ci-tests alert'] as const) {
      const source = {
        'log alert': 'logs',
        'event-v2 alert': 'events',
        'rum alert': 'rum',
        'trace-analytics alert': 'trace-analytics',
        'ci-tests alert': 'ci-tests',
      }[type]
      const { id, type: echoed } = await newMonitor({ type, query: `${source}("service:web").rollup("count").last("5m") > 4`, options: {} })
      expect(echoed).toBe(type)
      await monitors.deleteMonitor({ monitorId: id })
    }
  })

  test('what is wrong is said in the body of a 400', async () => {
    const wrong = monitors.createMonitor({ body: { ...body, query: 'avg(' } })
    await expect(wrong).rejects.toMatchObject({ code: 400, body: { errors: [expect.stringMatching(/^query: syntax error/)] } })
  })

  test('and their groups are searched', async () => {
    const { id } = await newMonitor({ name: 'searched for' })
    await api.pool.query(
      `insert into monitor_groups (monitor_id, group_key, status, slot, state)
       values ($1, 'host:a', 'Alert', 0, '{"status": "Alert", "lastTriggeredAt": 1700000000000, "since": 0}')`,
      [id],
    )
    const found = await monitors.searchMonitors({ query: 'title:"searched for" team:core', sort: 'name,asc', page: 0, perPage: 5 })
    parsed(found)
    expect(found).toMatchObject({
      monitors: [{ id, status: 'No Data', metrics: ['system.cpu.user'], classification: 'metric', lastTriggeredTs: 1_700_000_000 }],
      metadata: { totalCount: 1, pageCount: 1, page: 0, perPage: 5 },
      counts: { status: [{ name: 'No Data', count: 1 }] },
    })
    const groups = await monitors.searchMonitorGroups({ query: `group_status:alert id:${id}`, perPage: 5 })
    parsed(groups)
    expect(groups).toMatchObject({ groups: [{ monitorId: id, group: 'host:a', groupTags: ['host:a'], status: 'Alert' }] })
  })
})

describe('downtimes', () => {
  test('of version 1', async () => {
    const { id: monitorId } = await newMonitor()
    const downtimes = new v1.DowntimesApi(configuration)
    const created = await downtimes.createDowntime({ body: { scope: ['host:a'], monitorId, end: Math.floor(Date.now() / 1_000) + 3_600 } })
    parsed(created)
    const downtimeId = created.id ?? 0
    expect(await downtimes.getDowntime({ downtimeId })).toMatchObject({ scope: ['host:a'], monitorId, active: true })
    expect(await downtimes.updateDowntime({ downtimeId, body: { scope: ['host:a'], message: 'why' } })).toMatchObject({ message: 'why' })
    expect((await downtimes.listDowntimes({ currentOnly: true })).map(({ id }) => id)).toContain(downtimeId)
    expect((await downtimes.listMonitorDowntimes({ monitorId })).map(({ id }) => id)).toEqual([downtimeId])
    await downtimes.cancelDowntime({ downtimeId })
    expect(await downtimes.getDowntime({ downtimeId })).toMatchObject({ disabled: true })
  })

  test('of version 2', async () => {
    const { id: monitorId } = await newMonitor()
    const downtimes = new v2.DowntimesApi(configuration)
    const attributes = { scope: 'host:a', monitorIdentifier: { monitorId } }
    const { data: created } = await downtimes.createDowntime({ body: { data: { type: 'downtime', attributes } } })
    parsed(created)
    const downtimeId = created?.id ?? ''
    const changed = { type: 'downtime', id: downtimeId, attributes: { message: 'why' } } as const
    expect(await downtimes.updateDowntime({ downtimeId, body: { data: changed } })).toMatchObject({
      data: { attributes: { message: 'why' } },
    })
    parsed(await downtimes.getDowntime({ downtimeId, include: 'created_by,monitor' }))
    expect((await downtimes.listDowntimes({ currentOnly: true })).data?.map(({ id }) => id)).toContain(downtimeId)
    const matching = await downtimes.listMonitorDowntimes({ monitorId })
    expect(matching.data?.map(({ id }) => id)).toEqual([downtimeId])
    await downtimes.cancelDowntime({ downtimeId })
    expect(await downtimes.getDowntime({ downtimeId })).toMatchObject({ data: { attributes: { status: 'canceled' } } })
  })
})

describe('what is said about monitors', () => {
  test('policies', async () => {
    const attributes = { policyType: 'tag', policy: { tagKey: 'tier', tagKeyRequired: false, validTagValues: ['1'] } } as const
    const { data } = await rules.createMonitorConfigPolicy({
      body: {
        data: { type: 'monitor-config-policy', attributes: { ...attributes, policy: { ...attributes.policy, validTagValues: ['1'] } } },
      },
    })
    parsed(data)
    const policyId = data?.id ?? ''
    expect(await rules.getMonitorConfigPolicy({ policyId })).toMatchObject({ data: { attributes } })
    const policy = { tagKey: 'tier', tagKeyRequired: false, validTagValues: ['1', '2'] }
    const changed = { type: 'monitor-config-policy', id: policyId, attributes: { policyType: 'tag', policy } } as const
    expect(await rules.updateMonitorConfigPolicy({ policyId, body: { data: changed } })).toMatchObject({ data: { attributes: { policy } } })
    await expect(newMonitor({ tags: ['tier:9'] })).rejects.toMatchObject({ code: 400 })
    expect((await rules.listMonitorConfigPolicies()).data?.map(({ id }) => id)).toEqual([policyId])
    await rules.deleteMonitorConfigPolicy({ policyId })
    const bound = { policyType: 'downtime', policy: { maxDurationMs: 3_600_000 } } as const
    const made = await rules.createMonitorConfigPolicy({ body: { data: { type: 'monitor-config-policy', attributes: bound } } })
    expect(made.data).toMatchObject({ attributes: bound })
    await rules.deleteMonitorConfigPolicy({ policyId: made.data?.id ?? '' })
    await expect(rules.getMonitorConfigPolicy({ policyId })).rejects.toMatchObject({ code: 404 })
  })

  test('templates', async () => {
    const definition = { type: 'query alert', name: 'CPU', query: String(body.query), message: 'x' }
    const attributes = {
      title: 'CPU',
      description: 'of a host',
      tags: ['product:core'],
      monitorDefinition: definition,
      templateVariables: [{ name: 'env', tagKey: 'env' }],
    }
    const create = { data: { type: 'monitor-user-template', attributes } } as const
    await rules.validateMonitorUserTemplate({ body: create })
    const { data } = await rules.createMonitorUserTemplate({ body: create })
    parsed(data)
    const templateId = data?.id ?? ''
    const update = { data: { type: 'monitor-user-template', id: templateId, attributes: { ...attributes, title: 'CPU 2' } } } as const
    await rules.validateExistingMonitorUserTemplate({ templateId, body: update })
    expect(await rules.updateMonitorUserTemplate({ templateId, body: update })).toMatchObject({
      data: { attributes: { title: 'CPU 2', version: 2 } },
    })
    const read = await rules.getMonitorUserTemplate({ templateId, withAllVersions: true })
    parsed(read)
    expect(read).toMatchObject({ data: { attributes: { versions: [{ version: 2 }, { version: 1, id: templateId }] } } })
    expect((await rules.listMonitorUserTemplates()).data?.map(({ id }) => id)).toEqual([templateId])
    await rules.deleteMonitorUserTemplate({ templateId })
  })

  test('notification rules', async () => {
    const attributes = { name: 'core', filter: { tags: ['team:core'] }, recipients: ['log'] }
    const { data } = await rules.createMonitorNotificationRule({ body: { data: { type: 'monitor-notification-rule', attributes } } })
    parsed(data)
    const ruleId = data?.id ?? ''
    const changed = { type: 'monitor-notification-rule', id: ruleId, attributes: { ...attributes, name: 'other' } } as const
    expect(await rules.updateMonitorNotificationRule({ ruleId, body: { data: changed } })).toMatchObject({
      data: { attributes: { name: 'other' } },
    })
    const read = await rules.getMonitorNotificationRule({ ruleId, include: 'created_by' })
    parsed(read)
    expect((await rules.getMonitorNotificationRules({ perPage: 10 })).data?.map(({ id }) => id)).toEqual([ruleId])
    await rules.deleteMonitorNotificationRule({ ruleId })
  })
})

test('keys, roles and users', async () => {
  expect(await new v1.AuthenticationApi(configuration).validate()).toEqual({ valid: true })
  const roles = await new v2.RolesApi(configuration).listRoles({ filter: 'Standard' })
  parsed(roles)
  expect(roles.data).toMatchObject([{ attributes: { name: 'Datadog Standard Role' } }])
  const users = await new v2.UsersApi(configuration).listUsers({ filter: 'default' })
  parsed(users)
  expect(users.data).toMatchObject([{ attributes: { email: 'default@localhost' } }])
})

test('who may change a monitor', async () => {
  const { id } = await newMonitor()
  const policies = new v2.RestrictionPoliciesApi(configuration)
  const resourceId = `monitor:${id}`
  const attributes = { bindings: [{ relation: 'editor', principals: ['role:abc'] }] }
  await policies.updateRestrictionPolicy({ resourceId, body: { data: { id: resourceId, type: 'restriction_policy', attributes } } })
  const read = await policies.getRestrictionPolicy({ resourceId })
  parsed(read)
  expect(read).toMatchObject({ data: { attributes } })
  await policies.deleteRestrictionPolicy({ resourceId })
})

test('webhooks', async () => {
  const webhooks = new v1.WebhooksIntegrationApi(configuration)
  const hook = { name: 'ops', url: 'https://hooks.example.com/x', encodeAs: 'json' } as const
  parsed(await webhooks.createWebhooksIntegration({ body: hook }))
  expect(await webhooks.getWebhooksIntegration({ webhookName: 'ops' })).toMatchObject(hook)
  const changed = { url: 'https://hooks.example.com/y' }
  expect(await webhooks.updateWebhooksIntegration({ webhookName: 'ops', body: changed })).toMatchObject(changed)
  await webhooks.deleteWebhooksIntegration({ webhookName: 'ops' })
  await expect(webhooks.getWebhooksIntegration({ webhookName: 'ops' })).rejects.toMatchObject({ code: 404 })
})
