/**
 * Overall states of monitors, looked at again and again: what each look asks for is what can have changed. Never waits. Read next: watch.ts.
 */
import { z } from 'zod'
import { ask } from '../answers.ts'
import type { HttpClient } from '../http.ts'

const watched = z.looseObject({ id: z.number(), name: z.string(), status: z.string() })
export type Watched = Readonly<z.output<typeof watched>>

/** All that are watched, as they are now. */
export type Look = () => Promise<readonly Watched[]>

/** As large as the API gives them. */
const pageSize = 1_000
/** Ids in one query: as many terms as a search may have. */
const idsPerQuery = 100
/** A monitor that was deleted while it was OK is in no look for changes: at five seconds it is forgotten within five minutes. */
const looksBetweenWholeOnes = 60

/** Of the given monitors; those that aren't there are left out. */
export function lookAtThese(server: HttpClient, ids: readonly number[]): Look {
  return () => byIds(server, ids)
}

/** Of all: once all of them, then those that aren't OK, those that weren't, and new ones. */
export function lookAtAll(server: HttpClient): Look {
  let known: ReadonlyMap<number, Watched> = new Map()
  let looks = 0
  return async () => {
    const whole = looks % looksBetweenWholeOnes === 0
    known = whole ? byId(await search(server, '')) : await changed(server, known)
    looks += 1
    return [...known.values()]
  }
}

async function changed(server: HttpClient, known: ReadonlyMap<number, Watched>): Promise<ReadonlyMap<number, Watched>> {
  const newest = Math.max(0, ...known.keys())
  const found = byId(await search(server, `-status:ok OR id:>${newest}`))
  const left = [...known.values()].filter(({ id, status }) => status !== 'OK' && !found.has(id)).map(({ id }) => id)
  const quiet = [...known.values()].filter(({ id, status }) => status === 'OK' && !found.has(id))
  return byId([...quiet, ...found.values(), ...(await byIds(server, left))])
}

async function byIds(server: HttpClient, ids: readonly number[]): Promise<Watched[]> {
  const found: Watched[] = []
  for (let from = 0; from < ids.length; from += idsPerQuery) {
    found.push(...(await search(server, `id:(${ids.slice(from, from + idsPerQuery).join(' OR ')})`)))
  }
  return found
}

async function search(server: HttpClient, query: string): Promise<Watched[]> {
  const all: Watched[] = []
  for (let page = 0; ; page += 1) {
    const parameters = new URLSearchParams({ query, page: String(page), per_page: String(pageSize), sort: 'id' })
    const { monitors } = await ask(server, z.looseObject({ monitors: z.array(watched) }), ['GET', `/api/v1/monitor/search?${parameters}`])
    all.push(...monitors)
    if (monitors.length < pageSize) return all
  }
}

const byId = (monitors: readonly Watched[]): ReadonlyMap<number, Watched> => new Map(monitors.map((one) => [one.id, one]))
