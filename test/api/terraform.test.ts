/**
 * What Datadog's Terraform provider relies on, by its own sequence of requests: a plan validates, an apply writes and reads, and the plan
 * after it is empty. The provider itself can't be had where this runs. Read next: terraform-apply.test.ts, docs/how-to/with-terraform.md.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { datadogTypes } from '../../contract/types.ts'
import { type Api, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

/** As the provider writes it: every field it manages, null where the configuration says nothing. */
const planned = {
  draft_status: 'published',
  message: 'call @log',
  name: 'CPU',
  options: {
    include_tags: true,
    new_host_delay: 300,
    no_data_timeframe: 10,
    notify_no_data: false,
    require_full_window: true,
    thresholds: { critical: 2 },
  },
  priority: null,
  query: 'avg(last_1h):avg:aws.ec2.cpu{environment:foo} by {host} > 2',
  restricted_roles: null,
  tags: ['a:b'],
  type: 'query alert',
}

test('a plan validates, an apply writes and reads, the next plan finds nothing to do', async () => {
  expect(await api.send('POST', '/api/v1/monitor/validate', planned)).toMatchObject({ status: 200, text: '{}' })
  const { body: created } = await api.send('POST', '/api/v1/monitor', planned)
  const path = `/api/v1/monitor/${created.id}`
  expect(await api.send('POST', `${path}/validate`, planned)).toMatchObject({ status: 200, text: '{}' })
  const { body: read } = await api.send('GET', `${path}?with_assets=true`)
  for (const field of ['name', 'message', 'query', 'priority', 'restricted_roles', 'tags', 'type', 'draft_status'] as const) {
    expect(read[field], field).toEqual(planned[field])
  }
  const { no_data_timeframe: _, ...kept } = planned.options
  expect(read.options).toMatchObject(kept)
  const again = await api.send('PUT', path, planned)
  expect(again.body.modified).toBe(created.modified)
  expect((await api.send('GET', `${path}?with_assets=true`)).body).toEqual(read)
  expect((await api.send('DELETE', `${path}?force=false`)).body).toEqual({ deleted_monitor_id: created.id })
  expect(await api.send('GET', path)).toMatchObject({ status: 404, body: { errors: ['Monitor not found'] } })
})

test('a plan that is wrong fails before anything is written', async () => {
  const before = await api.pool.query('select count(*) from monitors')
  const answer = await api.send('POST', '/api/v1/monitor/validate', { ...planned, query: 'avg(last_1h):' })
  expect(answer.status).toBe(400)
  expect((await api.pool.query('select count(*) from monitors')).rows).toEqual(before.rows)
})

test('a change of what has an id is sent with an empty one', async () => {
  const policy = { tag_key: 'tier', tag_key_required: false, valid_tag_values: ['1'] }
  const data = { type: 'monitor-config-policy', attributes: { policy_type: 'tag', policy } }
  const { body: made } = await api.send('POST', '/api/v2/monitor/policy', { data })
  const changed = await api.send('PATCH', `/api/v2/monitor/policy/${made.data.id}`, { data: { ...data, id: '' } })
  expect(changed).toMatchObject({ status: 200, body: { data: { id: made.data.id } } })
  const attributes = { scope: 'env:prod', monitor_identifier: { monitor_tags: ['*'] } }
  const { body: downtime } = await api.send('POST', '/api/v2/downtime', { data: { type: 'downtime', attributes } })
  const moved = await api.send('PATCH', `/api/v2/downtime/${downtime.data.id}`, {
    data: { type: 'downtime', id: '', attributes: { message: 'x' } },
  })
  expect(moved.status, moved.text).toBe(200)
  const rule = { type: 'monitor-notification-rule', attributes: { name: 'core', filter: { tags: ['team:core'] }, recipients: ['log'] } }
  const { body: told } = await api.send('POST', '/api/v2/monitor/notification_rule', { data: rule })
  const retold = await api.send('PATCH', `/api/v2/monitor/notification_rule/${told.data.id}`, { data: { ...rule, id: '' } })
  expect(retold.status, retold.text).toBe(200)
})

const search = (source: string): string => `${source}("service:web").rollup("count").last("5m") > 4`

/** A query of each type, where it isn't a metric's; composites, costs, data jobs and data quality are among the recorded exchanges. */
const queries: Readonly<Record<string, string>> = {
  'audit alert': search('audit'),
  'ci-pipelines alert': search('ci-pipelines'),
  'ci-tests alert': search('ci-tests'),
  'database-monitoring alert': search('database-monitoring'),
  'error-tracking alert': 'error-tracking-rum("service:web").rollup("count").last("5m") > 4',
  'event alert': "events('sources:nagios status:error').rollup('count').last('1h') > 10",
  'event-v2 alert': search('events'),
  'llm-observability alert': search('llm-observability'),
  'log alert': search('logs'),
  'network-path alert': search('network-path'),
  'network-performance alert': search('network-performance'),
  'process alert': "processes('java').over('env:prod').rollup('count').last('10m') < 1",
  'rum alert': search('rum'),
  'service check': '"ntp.in_sync".over("*").by("host").last(2).count_by_status()',
  'slo alert': 'error_budget("0123456789abcdef0123456789abcdef").over("7d") > 75',
  'synthetics alert': 'synthetics("abc-def-ghi")',
  'trace-analytics alert': search('trace-analytics'),
}

test.each(datadogTypes.filter((type) => Object.hasOwn(queries, type) || type === 'metric alert' || type === 'query alert'))(
  '%s is validated, created and echoed',
  async (type) => {
    const query = queries[type] ?? planned.query
    const body = { type, name: type, query, message: 'x', options: {} }
    const validated = await api.send('POST', '/api/v1/monitor/validate', body)
    expect(validated.status, validated.text).toBe(200)
    const { body: created } = await api.send('POST', '/api/v1/monitor', body)
    expect(created).toMatchObject({ type, query, message: 'x', name: type })
    expect((await api.send('GET', `/api/v1/monitor/${created.id}`)).body).toMatchObject({ type, query })
  },
)
