/**
 * One look a second at what has changed, for all who watch at this process; none while nobody does. A reader that was away is told what it
 * missed, or that it was too much. Never holds up anything: what a reader can't take is dropped with it.
 * Read next: adapters/postgres/queries/changes.ts, stream.ts.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Change, Changes, Place } from '../../adapters/postgres/queries/changes.ts'

/** Seconds matter to nobody who looks at a page; a second costs three small statements. */
const everyMs = 1_000

/** `lost`: there was more than can be told; look at everything anew. */
export type Told = Readonly<{ place: Place; changes: readonly Change[]; lost: boolean }>

export type Reader = (told: Told) => void

export type Feed = Readonly<{
  /** Tells from now on, until the answer is called. Rejects where PostgreSQL doesn't answer. */
  follow: (reader: Reader) => Promise<() => void>
  /** What was since then; null = from now on. */
  since: (place: Place | null) => Promise<Told>
}>

export type FeedDeps = Readonly<{
  changesSince: (place: Place) => Promise<Changes>
  placeNow: () => Promise<Place>
  failed: (error: unknown) => void
}>

export function createFeed(deps: FeedDeps): Feed {
  const readers = new Set<Reader>()
  let looking: Promise<Looks> | null = null

  const run = async (looks: Looks): Promise<void> => {
    while (readers.size > 0) {
      await wait(everyMs, undefined, { ref: false })
      const told = readers.size === 0 ? null : await looks.next().catch(deps.failed)
      if (told) for (const reader of readers) reader(told)
    }
    looking = null
  }
  const begin = async (): Promise<Looks> => {
    const looks = await firstLook(deps)
    void run(looks)
    return looks
  }

  return {
    follow: async (reader) => {
      readers.add(reader)
      looking ??= begin()
      try {
        await looking
      } catch (error) {
        looking = null
        readers.delete(reader)
        throw error
      }
      return () => {
        readers.delete(reader)
      }
    },
    since: async (from) => {
      if (from === null) return { place: await deps.placeNow(), changes: [], lost: false }
      const { place, changes, complete } = await deps.changesSince(from)
      return { place, changes: changes.map(({ change }) => change), lost: !complete }
    },
  }
}

type Looks = Readonly<{ next: () => Promise<Told | null> }>

/** Looks a few seconds back each time; what the first one finds is known already. */
async function firstLook({ changesSince, placeNow }: FeedDeps): Promise<Looks> {
  const first = await changesSince(await placeNow())
  let place = first.place
  let known = new Set(first.changes.map(({ key }) => key))
  return {
    next: async () => {
      const found = await changesSince(place)
      const fresh = found.changes.filter(({ key }) => !known.has(key))
      // What isn't read again any more needn't be known.
      known = new Set(found.changes.map(({ key }) => key))
      place = found.place
      return fresh.length === 0 && found.complete ? null : { place, changes: fresh.map(({ change }) => change), lost: !found.complete }
    },
  }
}
