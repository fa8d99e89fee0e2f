/** What was there when a story of Datadog's was recorded, and what was done in between without being recorded. Read next: exchanges.ts. */
import type { Api, Json } from '../api/harness.ts'
import { type Exchange, type Ids, translated } from './exchanges.ts'

/** Monitors that the story is about and didn't create, and policies that its lists show. */
export async function setScene(api: Api, story: readonly Exchange[]): Promise<void> {
  const created = new Set(story.flatMap(({ m, resp }) => (m === 'POST' ? [String(resp?.data?.id ?? resp?.id)] : [])))
  const named = story.flatMap(({ m, body }) => {
    if (m !== 'POST' || body === null) return []
    return body.type === 'composite' ? (String(body.query).match(/\d+/g) ?? []) : [String(body.monitor_id ?? '')]
  })
  const ids = [...new Set(named)].filter((id) => id !== '' && !created.has(id))
  await api.pool.query(
    `insert into monitors (id, type, name, query, message, options, multi, creator)
     select id, 'query alert', 'a monitor', 'avg(last_5m):avg:x{*} > 1', '', '{}', false, '{}' from unnest($1::bigint[]) as id
     on conflict do nothing`,
    [ids],
  )
  const policies = new Map<string, Json>()
  for (const { path, resp } of story) {
    if (path !== '/api/v2/monitor/policy' || !Array.isArray(resp?.data)) continue
    for (const policy of resp.data) if (!created.has(policy.id)) policies.set(policy.id, policy)
  }
  for (const { type, attributes } of policies.values()) await api.send('POST', '/api/v2/monitor/policy', { data: { type, attributes } })
}

/** Policies are about every monitor: those of one story would refuse the monitors of the next. */
export async function clearScene(api: Api): Promise<void> {
  await api.pool.query('delete from monitor_policies')
}

/** Remembers the roles of monitors, and restricts one where the recording shows that somebody did. */
export function restrictions(api: Api): (exchange: Exchange, ids: Ids) => Promise<void> {
  const known = new Map<string, string>()
  return async ({ m, path, resp }, ids) => {
    const id = String(resp?.id ?? '')
    if (!path.startsWith('/api/v1/monitor') || id === '' || resp.restricted_roles === undefined) return
    const roles = JSON.stringify(resp.restricted_roles)
    if (m === 'GET' && known.has(id) && known.get(id) !== roles) await restrict(api, translated(resp.id, ids), resp.restricted_roles ?? [])
    known.set(id, roles)
  }
}

async function restrict(api: Api, monitorId: number, roles: readonly string[]): Promise<void> {
  const path = `/api/v2/restriction_policy/monitor:${monitorId}`
  const bindings = roles.length === 0 ? [] : [{ relation: 'editor', principals: roles.map((role) => `role:${role}`) }]
  await api.send('POST', path, { data: { type: 'restriction_policy', id: `monitor:${monitorId}`, attributes: { bindings } } })
}
