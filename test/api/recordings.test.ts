/** Datadog's recorded exchanges, sent to us again: the same fields, the same types, and the same values where they are ours to give. */
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, type Json, startApi } from './harness.ts'

const file = new URL('../../../shared/corpus/datadog-exchanges.jsonl', import.meta.url)
if (!existsSync(file)) console.log('recorded exchanges are not there: nothing to compare with')

type Exchange = Readonly<{ m: string; path: string; query: string; body: Json; status: number; resp: Json }>

const exchanges: Exchange[] = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : []
const monitors = exchanges.filter(({ path }) => path.startsWith('/api/v1/monitor'))
const creations = monitors.filter(({ m, path }) => m === 'POST' && path === '/api/v1/monitor')

let api: Api
beforeAll(async () => {
  api = await startApi()
  await insertMembers()
})
afterAll(() => api.close())

/** Values that belong to who recorded, and when. */
const theirs = new Set(['id', 'org_id', 'created_at', 'created', 'modified', 'creator', 'overall_state', 'overall_state_modified'])
/** Old recordings lack them. */
const newer = new Set(['restriction_policy', 'draft_status', 'assets'])

describe.runIf(monitors.length > 0)('recorded exchanges', () => {
  test('every validation that Datadog passed passes', async () => {
    for (const { body, path } of monitors.filter(({ path }) => path.endsWith('/validate'))) {
      const answer = await api.send('POST', '/api/v1/monitor/validate', body)
      expect(answer, `${path} ${body.name}: ${answer.text}`).toMatchObject({ status: 200, body: {} })
    }
  })

  test('every created monitor is echoed and read as it was', async () => {
    for (const { body, resp } of creations) {
      const created = await api.send('POST', '/api/v1/monitor', body)
      expect(created.status, created.text).toBe(200)
      expectAlike(created.body, resp, body.name)
      const monitorId: number = resp.id
      for (const read of monitors.filter(({ m, path }) => m === 'GET' && path === `/api/v1/monitor/${monitorId}`)) {
        if (read.status !== 200 || !isOfThisVersion(read.resp, resp)) continue
        const answer = await api.send('GET', `/api/v1/monitor/${created.body.id}?${read.query}`)
        expectAlike(answer.body, read.resp, `${body.name} read with ${read.query}`)
      }
      const deleted = await api.send('DELETE', `/api/v1/monitor/${created.body.id}`)
      expect(deleted.body).toEqual({ deleted_monitor_id: created.body.id })
      expect(await api.send('GET', `/api/v1/monitor/${created.body.id}`)).toMatchObject({
        status: 404,
        body: { errors: ['Monitor not found'] },
      })
    }
  })

  test('every change is echoed as it was', async () => {
    for (const { path, body, resp } of monitors.filter(({ m }) => m === 'PUT')) {
      const creation = creations.find((exchange) => path === `/api/v1/monitor/${exchange.resp.id}`)
      if (creation === undefined) continue
      const { body: monitor } = await api.send('POST', '/api/v1/monitor', creation.body)
      const changed = await api.send('PUT', `/api/v1/monitor/${monitor.id}`, body)
      expect(changed.status, changed.text).toBe(200)
      expectAlike(changed.body, resp, `change of ${body.name}`)
    }
  })

  test('lists hold the same fields', async () => {
    const { body: monitor } = await api.send('POST', '/api/v1/monitor', creations[0]?.body)
    const listed = await api.send('GET', `/api/v1/monitor?name=${monitor.name}`)
    const recorded = monitors.filter(({ m, path, status }) => m === 'GET' && path === '/api/v1/monitor' && status === 200)
    expect(recorded.length).toBeGreaterThan(0)
    for (const { resp } of recorded) expect(withoutNewer(listed.body[0])).toEqual(withoutNewer(resp[0]))
  })
})

/**
 * Some reads follow a change that is compared below, a downtime, which Datadog shows as a mute, or a restriction policy,
 * which it shows as roles.
 */
function isOfThisVersion(read: Json, created: Json): boolean {
  const roles = read.restricted_roles ?? null
  return (
    read.modified === created.modified &&
    Object.keys(read.options.silenced).length === 0 &&
    JSON.stringify(roles) === JSON.stringify(created.restricted_roles)
  )
}

function expectAlike(ours: Json, recorded: Json, what: string): void {
  expect(withoutNewer(ours), what).toEqual(withoutNewer(recorded))
  for (const [field, value] of Object.entries(recorded)) {
    const mine = ours[field]
    if (newer.has(field) && mine === undefined) continue
    if (theirs.has(field)) expect(kindOf(field, mine), `${what}: ${field}`).toBe(kindOf(field, value))
    else expect(withoutIds(mine), `${what}: ${field}`).toEqual(withoutIds(value))
  }
}

/** Field names, without those that the oldest or the newest recordings alone have. */
function withoutNewer(monitor: Json): string[] {
  return Object.keys(monitor)
    .filter((field) => !newer.has(field))
    .sort()
}

/** Null or a type, and for texts their format. */
function kindOf(field: string, value: unknown): string {
  if (field === 'overall_state_modified') return 'time or null'
  if (field === 'overall_state') return typeof value
  if (value === null || typeof value !== 'string') return value === null ? 'null' : typeof value
  return value.replace(/\d/g, '0')
}

function withoutIds(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (key, inner) => (key === 'monitor_id' ? 0 : inner))
}

/** The monitors that recorded composites are made of were there when they were recorded. */
async function insertMembers(): Promise<void> {
  const queries = creations.filter(({ body }) => body.type === 'composite').map(({ body }) => String(body.query))
  const ids = new Set(queries.flatMap((query) => query.match(/\d+/g) ?? []))
  await api.pool.query(
    `insert into monitors (id, type, name, query, message, options, multi, creator)
     select id, 'query alert', 'a member', 'avg(last_5m):avg:x{*} > 1', '', '{}', false, '{}' from unnest($1::bigint[]) as id`,
    [[...ids]],
  )
}
