/**
 * Datadog's recorded exchanges, every one, sent to us again in their order: the same fields and the same values, but for what
 * docs/datadog-compatibility.md lists with its reason.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectHandles } from '../../core/message/handles.ts'
import { isListed, listedExceptions } from '../support/exchange-differences.ts'
import { clearScene, restrictions, setScene } from '../support/exchange-scene.ts'
import { type Exchange, type Replayed, recordedStories, replay } from '../support/exchanges.ts'
import { type Api, startApi } from './harness.ts'

const stories = recordedStories()
const exceptions = listedExceptions()
const replayed = new Map<string, Replayed[]>()

let now = Date.UTC(2026, 0)
let api: Api
beforeAll(async () => {
  api = await startApi({ clock: () => now, rateLimit: { requests: 1_000_000, windowMs: 60_000 } })
  await insertReceivers()
})
afterAll(() => api.close())

describe.runIf(stories.size > 0)('recorded exchanges', () => {
  test.each([...stories.keys()])('%s', async (name) => {
    const story = stories.get(name) ?? []
    await setScene(api, story)
    const restrict = restrictions(api)
    const answers = await replay(api, story, async (exchange, ids) => {
      now = timeOf(exchange, story) ?? now
      await restrict(exchange, ids)
    })
    await clearScene(api)
    replayed.set(name, answers)
    const unlisted = answers.flatMap(({ exchange, differences }) =>
      differences
        .filter((difference) => !exceptions.some((exception) => isListed(exception, name, exchange, difference)))
        .map((difference) => ({ exchange, ...difference })),
    )
    expect(unlisted).toEqual([])
  })

  test('what is listed as an exception is one', () => {
    const unneeded = exceptions.filter(
      (exception) =>
        ![...replayed].some(([name, answers]) =>
          answers.some(({ exchange, differences }) => differences.some((difference) => isListed(exception, name, exchange, difference))),
        ),
    )
    expect(unneeded).toEqual([])
  })

  test('nearly all agree whole', () => {
    const all = [...replayed.values()].flat()
    const alike = all.filter(({ differences }) => differences.length === 0).length
    console.log(
      `${alike} of ${all.length} recorded exchanges agree (${((100 * alike) / all.length).toFixed(1)} %), the rest by ${exceptions.length} listed exceptions`,
    )
    expect(all.length).toBe([...stories.values()].flat().length)
    expect(alike / all.length).toBeGreaterThan(0.85)
  })
})

/** Whom the recorded messages name was configured where they were recorded; else we would warn of it. */
async function insertReceivers(): Promise<void> {
  const bodies = [...stories.values()].flat().flatMap(({ body }) => (Array.isArray(body) ? body : [body]))
  const texts = bodies.flatMap((body) => [body?.message, body?.options?.escalation_message]).filter((text) => typeof text === 'string')
  await api.pool.query("insert into receivers (name, kind, config) select name, 'webhook', '{}' from unnest($1::text[]) as name", [
    [...new Set(texts.flatMap(collectHandles))],
  ])
}

/** When a downtime was written: it says so itself, or the reads after it do. A monitor beside one is written and read at about that time. */
function timeOf({ m, path, resp }: Exchange, story: readonly Exchange[]): number | undefined {
  if (!path.startsWith('/api/v1/downtime') || m === 'GET') return undefined
  const read = m === 'DELETE' ? story.find((later) => later.path === path && typeof later.resp?.canceled === 'number')?.resp : resp
  return read.modified * 1_000
}
