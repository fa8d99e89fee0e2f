/**
 * Every operation that writes, done for real by the document's own list: each leaves an audit event, and what was secret on the way
 * stands in no log line and in no audit event. An operation without an example here fails: whoever adds one says how it is used.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operations } from '../../api/openapi/all.ts'
import { insertJob } from '../support/insert-job.ts'
import { notificationJob } from '../support/notification-job.ts'
import { type Api, bothKeys, type Json, keys, startApi } from './harness.ts'

const secrets = ['basic-auth-secret-1', 'bearer-secret-2', 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz', 'variable-secret-4', 'header-secret-5']
const [password = '', , signing = '', variable = '', header = ''] = secrets

let api: Api
beforeAll(async () => {
  api = await startApi({
    testSource: async () => ({ ok: true, detail: 'answers', duration_ms: 1 }),
    testReceiver: async () => ({ ok: true, detail: 'HTTP 200', duration_ms: 1 }),
    cells: { all: [{ name: 'west', shards: 4 }], answers: async () => true, follow: async () => true },
  })
  await insertJob(api.pool, job)
})
afterAll(() => api.close())

const definition = { type: 'query alert', name: 'Load', query: 'avg(last_5m):avg:system.load.1{*} by {host} > 4', message: 'x' }
const webhooks = '/api/v1/integration/webhooks/configuration/webhooks'
const variables = '/api/v1/integration/webhooks/configuration/custom-variables'
const data = (type: string, attributes: object, id?: string) => ({ data: { type, ...(id === undefined ? {} : { id }), attributes } })
const policy = { policy_type: 'tag', policy: { tag_key: 'team', tag_key_required: false, valid_tag_values: ['core'] } }
const template = { title: 'T', tags: ['product:core'], monitor_definition: definition }
const rule = { name: 'R', filter: { tags: ['team:core'] }, recipients: ['log'] }
const downtime = { scope: '*', monitor_identifier: { monitor_tags: ['*'] } }

/** An own thing to act on, so that no example depends on another. */
const monitor = async (): Promise<number> => (await api.send('POST', '/api/v1/monitor', definition)).body.id
const made = async (path: string, body: object): Promise<Json> => {
  const { status, text, body: answer } = await api.send('POST', path, body)
  expect(status, text).toBeLessThan(300)
  return answer
}
const idOf = async (path: string, body: object): Promise<string> => (await made(path, body)).data.id
let count = 0
const number = (): number => {
  count += 1
  return count
}
const name = (): string => `own-${number()}`
const receiver = async (): Promise<string> => {
  const body = { name: name(), kind: 'webhook', config: { url: 'https://example.com/hook', secret: signing } }
  return (await made('/api/v2/receivers', body)).name
}
const source = async (): Promise<string> => {
  const config = { url: 'https://prometheus.example.com', username: 'u' }
  return (await made('/api/v2/source', { name: name(), kind: 'prometheus', config, secrets: { password } })).name
}
const webhook = async (): Promise<string> =>
  (await made(webhooks, { name: name(), url: 'https://example.com', custom_headers: JSON.stringify({ authorization: header }) })).name
const webhookVariable = async (): Promise<string> =>
  (await made(variables, { name: `OWN_${number()}`, value: variable, is_secret: true })).name
/** Of a monitor whose id none of the others gets. */
const job = notificationJob(['host:web-1'], { monitorId: 1 })
const dead = async (): Promise<number> => {
  const { rows } = await api.pool.query(
    `insert into deliveries (monitor_id, sequence, transition_sequence, receiver, title, body, status)
     values ($1, $2, $3, $4, 't', 'b', 'dead') returning id`,
    [job.monitorId, job.sequence, job.transitions[0]?.sequence, name()],
  )
  return rows[0].id
}

type Example = readonly [path: string, body?: object]
const key = (type: 'api_keys' | 'application_keys') => data(type, { name: 'k' })
const keyExamples = (base: string, type: 'api_keys' | 'application_keys'): Record<string, () => Promise<Example>> => ({
  [`post ${base}`]: async () => [base, key(type)],
  [`patch ${base}/{id}`]: async () => [`${base}/${await idOf(base, key(type))}`, data(type, { name: 'l' })],
  [`delete ${base}/{id}`]: async () => [`${base}/${await idOf(base, key(type))}`],
})

const examples: Record<string, () => Promise<Example>> = {
  'post /api/v2/cells/move': async () => {
    const id = await monitor()
    await api.pool.query("update monitors set cell = 'east' where id = $1", [id])
    return ['/api/v2/cells/move', { to: 'west', monitor_ids: [id] }]
  },
  'post /api/v1/monitor': async () => ['/api/v1/monitor', definition],
  'put /api/v1/monitor/{id}': async () => [`/api/v1/monitor/${await monitor()}`, { name: 'Other' }],
  'delete /api/v1/monitor/{id}': async () => [`/api/v1/monitor/${await monitor()}`],
  'put /api/v2/monitor/by-key/{key}': async () => ['/api/v2/monitor/by-key/a/b', definition],
  'post /api/v2/restriction_policy/{resource}': async () => [
    `/api/v2/restriction_policy/monitor:${await monitor()}`,
    data('restriction_policy', { bindings: [] }),
  ],
  'delete /api/v2/restriction_policy/{resource}': async () => [`/api/v2/restriction_policy/monitor:${await monitor()}`],
  'post /api/v1/monitor/{id}/mute': async () => [`/api/v1/monitor/${await monitor()}/mute`],
  'post /api/v1/monitor/{id}/unmute': async () => {
    const id = await monitor()
    await made(`/api/v1/monitor/${id}/mute`, {})
    return [`/api/v1/monitor/${id}/unmute`]
  },
  'post /api/v1/monitor/{id}/resolve': async () => [`/api/v1/monitor/${await monitor()}/resolve`],
  'post /api/v1/monitor/bulk_resolve': async () => ['/api/v1/monitor/bulk_resolve', { resolve: [{ [await monitor()]: 'ALL_GROUPS' }] }],
  'post /api/v2/monitor/{id}/pause': async () => [`/api/v2/monitor/${await monitor()}/pause`],
  'post /api/v2/monitor/{id}/resume': async () => [`/api/v2/monitor/${await monitor()}/resume`],
  'post /api/v2/monitor/{id}/evaluate': async () => [`/api/v2/monitor/${await monitor()}/evaluate`],
  'post /api/v2/monitor/{id}/ack': async () => [`/api/v2/monitor/${await monitor()}/ack`, { group: '*' }],
  'delete /api/v2/monitor/{id}/ack': async () => [`/api/v2/monitor/${await monitor()}/ack?group=*`],
  'post /api/v2/monitor/{id}/unack': async () => [`/api/v2/monitor/${await monitor()}/unack`, { group: '*' }],
  'post /api/v2/downtime': async () => ['/api/v2/downtime', data('downtime', downtime)],
  'patch /api/v2/downtime/{id}': async () => {
    const id = await idOf('/api/v2/downtime', data('downtime', downtime))
    return [`/api/v2/downtime/${id}`, data('downtime', { message: 'why' }, id)]
  },
  'delete /api/v2/downtime/{id}': async () => [`/api/v2/downtime/${await idOf('/api/v2/downtime', data('downtime', downtime))}`],
  'post /api/v1/downtime': async () => ['/api/v1/downtime', { scope: 'host:a' }],
  'put /api/v1/downtime/{id}': async () => [
    `/api/v1/downtime/${(await made('/api/v1/downtime', { scope: 'host:b' })).id}`,
    { message: 'w' },
  ],
  'delete /api/v1/downtime/{id}': async () => [`/api/v1/downtime/${(await made('/api/v1/downtime', { scope: 'host:c' })).id}`],
  'post /api/v1/downtime/cancel/by_scope': async () => {
    await made('/api/v1/downtime', { scope: 'host:d' })
    return ['/api/v1/downtime/cancel/by_scope', { scope: 'host:d' }]
  },
  'post /api/v1/monitor/mute_all': async () => {
    // Whatever is muted already isn't muted again.
    await api.send('POST', '/api/v1/monitor/unmute_all')
    return ['/api/v1/monitor/mute_all']
  },
  'post /api/v1/monitor/unmute_all': async () => {
    await api.send('POST', '/api/v1/monitor/mute_all')
    return ['/api/v1/monitor/unmute_all']
  },
  'post /api/v2/monitor/policy': async () => ['/api/v2/monitor/policy', data('monitor-config-policy', policy)],
  'patch /api/v2/monitor/policy/{id}': async () => {
    const own = { ...policy, policy: { ...policy.policy, tag_key: 'tier' } }
    const id = await idOf('/api/v2/monitor/policy', data('monitor-config-policy', own))
    return [`/api/v2/monitor/policy/${id}`, data('monitor-config-policy', { policy_type: 'tag', policy: { tag_key: 'layer' } }, id)]
  },
  'delete /api/v2/monitor/policy/{id}': async () => {
    const own = { ...policy, policy: { ...policy.policy, tag_key: 'zone' } }
    return [`/api/v2/monitor/policy/${await idOf('/api/v2/monitor/policy', data('monitor-config-policy', own))}`]
  },
  'post /api/v2/monitor/template': async () => ['/api/v2/monitor/template', data('monitor-user-template', template)],
  'put /api/v2/monitor/template/{id}': async () => {
    const id = await idOf('/api/v2/monitor/template', data('monitor-user-template', template))
    return [`/api/v2/monitor/template/${id}`, data('monitor-user-template', { ...template, title: 'U' }, id)]
  },
  'delete /api/v2/monitor/template/{id}': async () => [
    `/api/v2/monitor/template/${await idOf('/api/v2/monitor/template', data('monitor-user-template', template))}`,
  ],
  'post /api/v2/monitor/notification_rule': async () => ['/api/v2/monitor/notification_rule', data('monitor-notification-rule', rule)],
  'patch /api/v2/monitor/notification_rule/{id}': async () => {
    const id = await idOf('/api/v2/monitor/notification_rule', data('monitor-notification-rule', { ...rule, name: 'S' }))
    return [`/api/v2/monitor/notification_rule/${id}`, data('monitor-notification-rule', { ...rule, name: 'T' }, id)]
  },
  'delete /api/v2/monitor/notification_rule/{id}': async () => [
    `/api/v2/monitor/notification_rule/${await idOf('/api/v2/monitor/notification_rule', data('monitor-notification-rule', { ...rule, name: 'U' }))}`,
  ],
  'post /api/v2/receivers': async () => [
    '/api/v2/receivers',
    { name: name(), kind: 'webhook', config: { url: 'https://example.com', secret: signing } },
  ],
  'patch /api/v2/receivers/{name}': async () => [`/api/v2/receivers/${await receiver()}`, { policy: { concurrency: 3 } }],
  'delete /api/v2/receivers/{name}': async () => [`/api/v2/receivers/${await receiver()}`],
  'post /api/v2/receivers/{name}/test': async () => [`/api/v2/receivers/${await receiver()}/test`],
  [`post ${webhooks}`]: async () => [webhooks, { name: name(), url: 'https://example.com', secret: signing }],
  [`put ${webhooks}/{name}`]: async () => [`${webhooks}/${await webhook()}`, { url: 'https://example.com/other' }],
  [`delete ${webhooks}/{name}`]: async () => [`${webhooks}/${await webhook()}`],
  [`post ${variables}`]: async () => [variables, { name: 'FIRST', value: variable, is_secret: true }],
  [`put ${variables}/{name}`]: async () => [`${variables}/${await webhookVariable()}`, { value: `${variable}x` }],
  [`delete ${variables}/{name}`]: async () => [`${variables}/${await webhookVariable()}`],
  'post /api/v2/deliveries/redrive': async () => ['/api/v2/deliveries/redrive', { ids: [await dead()] }],
  'post /api/v2/deliveries/{id}/redrive': async () => [`/api/v2/deliveries/${await dead()}/redrive`],
  'post /api/v2/source': async () => [
    '/api/v2/source',
    { name: name(), kind: 'prometheus', config: { url: 'https://p.example.com' }, secrets: { bearer_token: secrets[1] } },
  ],
  'patch /api/v2/source/{name}': async () => [`/api/v2/source/${await source()}`, { task_queue: 'near' }],
  'delete /api/v2/source/{name}': async () => [`/api/v2/source/${await source()}`],
  'post /api/v2/source/{name}/test': async () => [`/api/v2/source/${await source()}/test`],
  ...keyExamples('/api/v2/api_keys', 'api_keys'),
  ...keyExamples('/api/v2/application_keys', 'application_keys'),
  ...keyExamples('/api/v2/current_user/application_keys', 'application_keys'),
}

const writes = operations.filter(({ keys: needed, method, role }) => needed === 'both' && method !== 'get' && role !== 'viewer')
/** What the keys that were made here are, to be looked for in the log. */
const madeKeys: string[] = []

test.each(writes.map(({ method, path }) => [`${method} ${path}`] as const))('%s', async (operation) => {
  const example = examples[operation]
  if (example === undefined) throw new Error(`${operation} has no example: add one, so that its audit is looked at`)
  const [path, body] = await example()
  const before = await auditCount()
  const answer = await api.send(operation.split(' ')[0]?.toUpperCase() ?? '', path, body)
  expect(answer.status, answer.text).toBeLessThan(300)
  expect(await auditCount()).toBeGreaterThan(before)
  if (answer.body?.data?.attributes?.key !== undefined) madeKeys.push(answer.body.data.attributes.key)
})

test('what is refused for its role leaves none', async () => {
  const { attributes } = (await made('/api/v2/application_keys', data('application_keys', { name: 'v', role: 'viewer' }))).data
  const before = await auditCount()
  const refused = { ...bothKeys, 'dd-application-key': attributes.key }
  for (const { method, path } of writes) {
    const answer = await api.send(method.toUpperCase(), path.replace(/\{\w+\}/, '1'), {}, refused)
    expect(answer.status, `${method} ${path}`).toBe(403)
  }
  expect(await auditCount()).toBe(before)
})

test('no secret that went through is in the log or in the audit; each request is, under its id', async () => {
  expect(madeKeys.length).toBeGreaterThan(2)
  const answer = await api.send('GET', `/api/v1/monitor?name=${keys.appKey}`, undefined, { ...bothKeys, 'x-request-id': 'asked-by-a-test' })
  expect(answer.headers.get('x-request-id')).toBe('asked-by-a-test')
  const log = JSON.stringify(api.events)
  const { rows } = await api.pool.query('select * from audit_events')
  const audit = JSON.stringify(rows)
  expect(log).toContain('asked-by-a-test')
  expect(api.events.length).toBeGreaterThan(writes.length)
  for (const secret of [...secrets, ...madeKeys, keys.apiKey, keys.appKey]) {
    expect(log).not.toContain(secret)
    expect(audit).not.toContain(secret)
  }
})

async function auditCount(): Promise<number> {
  const { rows } = await api.pool.query('select count(*) as count from audit_events')
  return rows[0].count
}
