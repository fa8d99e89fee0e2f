/** Datadog's recorded downtimes, sent to us again, as long before their start as then: the same fields, and the same values where they are ours to give. */
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, type Json, startApi } from './harness.ts'

const file = new URL('../../../shared/corpus/datadog-exchanges.jsonl', import.meta.url)
if (!existsSync(file)) console.log('recorded exchanges are not there: nothing to compare with')

type Exchange = Readonly<{ src: string; m: string; path: string; body: Json; status: number; resp: Json }>

const exchanges: Exchange[] = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ path }) => path.startsWith('/api/v1/downtime'))
  : []
const creations = exchanges.filter(({ m }) => m === 'POST')

let now = 0
let api: Api
beforeAll(async () => {
  api = await startApi({ clock: () => now, rateLimit: { requests: 1_000_000, windowMs: 60_000 } })
  const ids = creations.flatMap(({ body }) => body.monitor_id ?? [])
  await api.pool.query(
    `insert into monitors (id, type, name, query, message, options, multi, creator)
     select id, 'query alert', 'a monitor', 'avg(last_5m):avg:x{*} > 1', '', '{}', false, '{}' from unnest($1::bigint[]) as id`,
    [[...new Set(ids)]],
  )
})
afterAll(() => api.close())

/** Names of who recorded. */
const theirs = new Set(['id', 'uuid', 'org_id', 'creator_id', 'updater_id'])
/** Old recordings lack them. */
const newer = new Set(['status', 'notify_end_types', 'notify_end_states', 'uuid'])

describe.runIf(creations.length > 0)('recorded downtimes', () => {
  test.each(creations.map((creation) => [creation.src, creation] as const))('%s', async (src, creation) => {
    const id: number = creation.resp.id
    const story = exchanges.filter((exchange) => exchange === creation || exchange.path === `/api/v1/downtime/${id}`)
    let ours = 0
    for (const exchange of story) {
      now = timeOf(exchange, story) ?? now
      const answer = await api.send(
        exchange.m,
        exchange === creation ? creation.path : `/api/v1/downtime/${ours}`,
        exchange.body ?? undefined,
      )
      expect(answer.status, `${src} ${exchange.m}: ${answer.text}`).toBe(exchange.status)
      ours ||= answer.body.id
      if (exchange.resp !== null) expectAlike(answer.body, exchange.resp, `${src} ${exchange.m}`)
    }
  })
})

/** When a write was made: it says so itself, or the reads after it do. */
function timeOf({ m, resp }: Exchange, story: readonly Exchange[]): number | undefined {
  const read = m === 'DELETE' ? story.find((later) => typeof later.resp?.canceled === 'number')?.resp : resp
  return m === 'GET' ? undefined : read.modified * 1_000
}

function expectAlike(ours: Json, recorded: Json, what: string): void {
  const extra = Object.keys(ours).filter((field) => !Object.hasOwn(recorded, field) && !newer.has(field))
  expect(extra, what).toEqual([])
  for (const [field, value] of Object.entries(recorded)) {
    if (!theirs.has(field)) expect(ours[field], `${what}: ${field}`).toEqual(value)
    // A change was recorded without the uuid, which the reads after it have.
    else if (value !== null) expect(typeof ours[field], `${what}: ${field}`).toBe(typeof value)
  }
}
