/**
 * Datadog's recorded exchanges and how they are sent to us again: story by story, in their order, with our ids in the place of theirs.
 * What was there before a story, or done in it without being recorded, is done by scene.ts. Read next: differences.ts.
 */
import { existsSync, readFileSync } from 'node:fs'
import type { Api, Json } from '../api/harness.ts'
import { type Difference, differencesOf } from './exchange-differences.ts'

const file = new URL('../../../shared/corpus/datadog-exchanges.jsonl', import.meta.url)

export type Exchange = Readonly<{ src: string; m: string; path: string; query: string; body: Json; status: number; resp: Json }>

/** Stories by their name; none where the recordings aren't there. */
export function recordedStories(): Map<string, Exchange[]> {
  if (!existsSync(file)) {
    console.log('recorded exchanges are not there: nothing to compare with')
    return new Map()
  }
  const exchanges: Exchange[] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return new Map([...Map.groupBy(exchanges, ({ src }) => src.replace(/^tf:TestAcc/, ''))].map(([name, story]) => [name, inOrder(story)]))
}

/** A list that shows what a request created that was recorded after it was answered after it: two programs wrote at once. */
function inOrder(story: readonly Exchange[]): Exchange[] {
  const left = [...story]
  const ordered: Exchange[] = []
  while (left.length > 0) {
    const [next] = left
    const shown = Array.isArray(next?.resp) ? new Set(next.resp.map(({ id }: Json) => id)) : new Set()
    const early = left.findIndex(({ m, path, resp }) => m === 'POST' && path === '/api/v1/monitor' && shown.has(resp?.id))
    ordered.push(...left.splice(Math.max(early, 0), 1))
  }
  return ordered
}

export type Replayed = Readonly<{ exchange: string; differences: readonly Difference[] }>

/** Their ids, as texts → ours. */
export type Ids = Map<string, string | number>

/** Sends each exchange in turn. `before` may do what was done at this place without being recorded. */
export async function replay(
  api: Api,
  story: readonly Exchange[],
  before: (exchange: Exchange, ids: Ids) => Promise<void>,
): Promise<Replayed[]> {
  const ids: Ids = new Map()
  const replayed: Replayed[] = []
  for (const exchange of story) {
    await before(exchange, ids)
    const path = `${translated(exchange.path, ids)}${exchange.query === '' ? '' : `?${exchange.query}`}`
    const answer = await api.send(exchange.m, path, translated(exchange.body, ids) ?? undefined)
    learnIds(exchange, answer.body, ids)
    const recorded = { http: exchange.status, body: translated(exchange.resp, ids) }
    const differences = differencesOf({ http: answer.status, body: answer.body }, recorded)
    replayed.push({ exchange: `${exchange.m} ${exchange.path.replace(/\/(\d{4,}|[0-9a-f-]{36})/, '/{id}')}`, differences })
  }
  return replayed
}

function learnIds({ m, resp }: Exchange, ours: Json, ids: Ids): void {
  if (m !== 'POST') return
  const theirs = resp?.data?.id ?? resp?.id
  const mine = ours?.data?.id ?? ours?.id
  if (theirs !== undefined && mine !== undefined) ids.set(String(theirs), mine)
}

/** Ids as values, and within texts: paths and composite queries. */
export function translated(value: Json, ids: Ids): Json {
  if (value === null || value === undefined || ids.size === 0) return value
  if (typeof value === 'number') return ids.get(String(value)) ?? value
  if (typeof value === 'string') return value.replace(/\d{6,}|[0-9a-f]{8}-[0-9a-f-]{27}/g, (text) => String(ids.get(text) ?? text))
  if (Array.isArray(value)) return value.map((item) => translated(item, ids))
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, translated(item, ids)]))
  return value
}
