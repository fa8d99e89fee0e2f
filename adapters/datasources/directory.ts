/**
 * Which source evaluates which monitor: those that are built in, and those that are configured, as PostgreSQL has them. A source that didn't
 * change stays open, with its connections and what it remembers of failures. Never decides what a source answers.
 * Read next: open.ts, polite/polite.ts, contract/source.ts.
 */
import type { Datasource, FoundSource, SourceDirectory } from '../../activities/ports.ts'
import { StoreAwayError } from '../../activities/store-ports.ts'
import { isBuiltIn, namedSource, type Source, typesOfSource } from '../../contract/source.ts'
import type { StoredSource } from '../postgres/queries/sources.ts'
import type { SourceCondition } from './polite/polite.ts'

/** A source with what it holds. */
export type OpenSource = Readonly<{ source: Datasource; condition: () => SourceCondition; close: () => Promise<void> }>

export type DirectoryOptions = Readonly<{
  load: () => Promise<readonly StoredSource[]>
  open: (source: Source) => OpenSource
  /** Several may share a name: the intake is one source to people, and one adapter per kind of data. */
  builtIn: readonly Readonly<{ name: string; source: Datasource }>[]
  clock: () => number
  /** Queues of sources that this worker serves; absent = none. */
  queues?: readonly string[]
}>

export type OpenDirectory = SourceDirectory &
  Readonly<{
    /** Of all that were asked something. */
    conditions: () => readonly Readonly<{ source: string; state: SourceCondition }>[]
    close: () => Promise<void>
  }>

/** A change over the API is noticed within this. */
const freshMs = 3_000

type Known = Readonly<{ stored: StoredSource; open: OpenSource | null }>

export function sourceDirectory({ load, open, builtIn, clock, queues = [] }: DirectoryOptions): OpenDirectory {
  let known = new Map<string, Known>()
  let loadedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | null = null
  let failedAt: number | null = null

  const reload = async (): Promise<void> => {
    const before = known
    const rows = await load()
    known = new Map(rows.map((stored) => [stored.name, carriedOver(before.get(stored.name), stored, open)]))
    loadedAt = clock()
    failedAt = null
    for (const [name, { open: old }] of before) if (known.get(name)?.open !== old) void old?.close().catch(() => {})
  }
  const refresh = async (): Promise<void> => {
    const now = clock()
    if (now - loadedAt < freshMs) return
    const isKnown = loadedAt !== Number.NEGATIVE_INFINITY
    const hasFailed = failedAt !== null
    if (isKnown && failedAt !== null && now - failedAt < freshMs) return
    loading ??= reload().finally(() => {
      loading = null
    })
    const loaded = loading.catch((cause: unknown) => {
      failedAt = clock()
      // What was known last is better than nothing.
      if (!isKnown) throw new StoreAwayError('PostgreSQL: the list of sources can’t be read', { cause })
    })
    // While PostgreSQL is away no evaluation waits to hear that it still is.
    if (!(isKnown && hasFailed)) await loaded
  }

  return {
    find: async ({ type, tags, datasource }) => {
      const name = namedSource(datasource, tags)
      const own = builtIn.find((one) => one.source.types.includes(type) && (name === null || one.name === name))
      // Most monitors: no question to PostgreSQL.
      if (name !== null && own !== undefined) return own
      await refresh()
      const found = name === null ? byType(type, known, own) : byName(name, type, known)
      return elsewhere(found, known, queues) ?? found
    },
    conditions: () =>
      [...known].flatMap(([source, { open: one }]) => {
        const state = one?.condition()
        return state === undefined || state.sent + state.failed + state.shared === 0 ? [] : [{ source, state }]
      }),
    close: async () => {
      await Promise.allSettled([...known.values()].map(async ({ open: one }) => one?.close()))
    },
  }
}

function carriedOver(before: Known | undefined, stored: StoredSource, open: DirectoryOptions['open']): Known {
  // A source that was deleted and made anew counts from 1 again.
  const same = before?.stored.version === stored.version && before.stored.created.getTime() === stored.created.getTime()
  if (same && before.stored.unreadable === stored.unreadable) return before
  return { stored, open: stored.source === null ? null : open(stored.source) }
}

/** A source with a queue of its own is asked from there only: that is where it can be reached, or how many may ask it. */
function elsewhere(found: FoundSource, known: ReadonlyMap<string, Known>, queues: readonly string[]): FoundSource | null {
  const queue = 'name' in found ? (known.get(found.name)?.stored.taskQueue ?? null) : null
  return queue === null || queues.includes(queue) ? null : { elsewhere: queue }
}

function byName(name: string, type: string, known: ReadonlyMap<string, Known>): FoundSource {
  const found = known.get(name)
  if (found === undefined) {
    return { missing: isBuiltIn(name) ? wrongType(name, type) : `no source ${name}: configure one, or name another by options.datasource` }
  }
  return answer(found, type)
}

function byType(type: string, known: ReadonlyMap<string, Known>, own: FoundSource | undefined): FoundSource {
  const able = [...known.values()].filter(({ stored }) => evaluates(stored.kind, type))
  const [first, ...others] = able
  const chosen = able.find(({ stored }) => stored.isDefault)
  if (chosen !== undefined) return answer(chosen, type)
  if (own !== undefined) return own
  if (first === undefined) return { missing: `no source evaluates monitors of the type ${type}${kindsFor(type)}` }
  if (others.length === 0) return answer(first, type)
  const names = able.map(({ stored }) => stored.name).join(', ')
  return {
    missing: `no source is the default for monitors of the type ${type}: name one of ${names} by options.datasource, or make one the default`,
  }
}

function answer({ stored, open }: Known, type: string): FoundSource {
  if (open === null) return { missing: `no source ${stored.name} that can be used: ${stored.unreadable ?? 'it can’t be opened'}` }
  return open.source.types.includes(type) ? { source: open.source, name: stored.name } : { missing: wrongType(stored.name, type) }
}

function wrongType(name: string, type: string): string {
  return `source ${name} doesn't evaluate monitors of the type ${type}`
}

function evaluates(kind: string, type: string): boolean {
  return kindsOf(type).includes(kind)
}

function kindsOf(type: string): string[] {
  return Object.entries(typesOfSource).flatMap(([kind, types]) => (types.some((one) => one === type) ? [kind] : []))
}

function kindsFor(type: string): string {
  const kinds = kindsOf(type).filter((kind) => !isBuiltIn(kind))
  return kinds.length === 0 ? ' yet' : `: configure one of the kind ${kinds.join(' or ')}`
}
