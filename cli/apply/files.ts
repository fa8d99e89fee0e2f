/**
 * Files of monitors, downtimes, receivers and notification rules, in YAML or JSON: one thing a file, a list, or all under `monitors:`,
 * `downtimes:`, `receivers:` and `rules:`. Never asks the server. Read next: desired.ts, docs/how-to/gitops-with-apply.md.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { externalKey } from '../../contract/pages.ts'
import { type Body, type Desired, type DesiredState, isObject } from './desired.ts'

/** A thousand monitors of a page each; a bigger file is something else. */
const fileBytesMax = 16 * 1024 * 1024
/** Anchors save typing; a file that multiplies itself through them is refused. */
const aliasesMax = 1_000

const kinds = ['monitors', 'downtimes', 'receivers', 'rules'] as const
type Kind = (typeof kinds)[number]
type Found = Readonly<{ kind: Kind; entry: Desired } | { error: string }>

/** Files as given, and all `.yaml`, `.yml` and `.json` below folders, in order of their paths. `prefix` goes before each monitor's key. */
export async function readDesired(paths: readonly string[], prefix = ''): Promise<DesiredState> {
  const found: Found[] = []
  for (const path of paths) {
    try {
      for (const { file, key } of await filesOf(path)) found.push(...(await readFileOf(file, key)))
    } catch (error) {
      found.push({ error: `${path}: ${error instanceof Error ? error.message : String(error)}` })
    }
  }
  return collected(found, prefix)
}

type NamedFile = Readonly<{ file: string; key: string }>

/** The key of a file is its path below the folder that was given, without what it ends with. */
async function filesOf(path: string): Promise<readonly NamedFile[]> {
  if (!(await stat(path)).isDirectory()) return [{ file: path, key: keyOf(path.split(sep).at(-1) ?? path) }]
  const names = await readdir(path, { recursive: true })
  return names
    .filter((name) => ['.yaml', '.yml', '.json'].includes(extname(name)) && !name.split(sep).some((part) => part.startsWith('.')))
    .sort()
    .map((name) => ({ file: join(path, name), key: keyOf(name) }))
}

function keyOf(name: string): string {
  return name
    .slice(0, name.length - extname(name).length)
    .split(sep)
    .join('/')
}

async function readFileOf(file: string, fileKey: string): Promise<readonly Found[]> {
  const place = relative('', file)
  const { size } = await stat(file)
  if (size > fileBytesMax) return [{ error: `${place}: ${size} bytes are more than the ${fileBytesMax} that are read` }]
  const documents = parseAllDocuments(await readFile(file, 'utf8'), { merge: true })
  if (!Array.isArray(documents)) return []
  const errors = documents.flatMap((document) => document.errors.map((error) => ({ error: `${place}: ${error.message}` })))
  if (errors.length > 0) return errors
  const values = documents.map((document): unknown => document.toJS({ maxAliasCount: aliasesMax })).filter((value) => value !== null)
  const entries = values.flatMap((value) => entriesOf(value, place))
  const named = entries.length === 1 ? fileKey : null
  return entries.map((entry) => ('error' in entry ? entry : identified(entry, named)))
}

type Entry = Readonly<{ kind: Kind; body: Body; place: string } | { error: string }>

function entriesOf(value: unknown, place: string): readonly Entry[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => entriesOf(item, `${place}[${index}]`))
  if (!isObject(value)) return [{ error: `${place}: expected a monitor, a downtime, a receiver, a notification rule, or lists of them` }]
  const lists = kinds.filter((kind) => kind in value)
  if (lists.length === 0) return [entryOf(value, place)]
  const unknown = Object.keys(value).filter((name) => !kinds.some((kind) => kind === name))
  if (unknown.length > 0) return [{ error: `${place}: beside ${lists.join(', ')} stands ${unknown.join(', ')}, which nothing reads` }]
  return lists.flatMap((kind) => listed(kind, value[kind], `${place}: ${kind}`))
}

function listed(kind: Kind, list: unknown, place: string): readonly Entry[] {
  if (list === null || list === undefined) return []
  if (!Array.isArray(list)) return [{ error: `${place}: expected a list` }]
  return list.map((body: unknown, index) => {
    const at = `${place}[${index}]`
    return isObject(body) ? { kind, body, place: at } : { error: `${at}: expected fields with values` }
  })
}

/** What stands alone is known by what it must have. */
function entryOf(body: Body, place: string): Entry {
  if ('monitor_identifier' in body) return { kind: 'downtimes', body, place }
  if ('kind' in body && 'config' in body) return { kind: 'receivers', body, place }
  if ('filter' in body) return { kind: 'rules', body, place }
  if ('type' in body || 'query' in body) return { kind: 'monitors', body, place }
  return {
    error: `${place}: this is no monitor (type, query), no downtime (monitor_identifier), no receiver (kind, config) and no notification rule (filter)`,
  }
}

function identified({ kind, body, place }: Exclude<Entry, { error: string }>, fileKey: string | null): Found {
  const { key: given, ...rest } = body
  if (kind === 'receivers' || kind === 'rules') {
    const name = body.name ?? fileKey
    return typeof name === 'string'
      ? { kind, entry: { key: name, place, body: { ...body, name } } }
      : { error: `${place}: name is missing` }
  }
  const key = given ?? fileKey
  if (key === null || key === undefined) return { error: `${place}: key is missing: a name of its own by which it is known again` }
  const parsed = externalKey.safeParse(key)
  if (!parsed.success) return { error: `${place}: key: ${parsed.error.issues[0]?.message ?? 'wrong'}: ${JSON.stringify(key)}` }
  return { kind, entry: { key: parsed.data, place, body: rest } }
}

function collected(found: readonly Found[], prefix: string): DesiredState {
  const errors: string[] = []
  const of = {
    monitors: new Map<string, Desired>(),
    downtimes: new Map<string, Desired>(),
    receivers: new Map<string, Desired>(),
    rules: new Map<string, Desired>(),
  } as const
  for (const one of found) {
    if ('error' in one) {
      errors.push(one.error)
      continue
    }
    const entry = one.kind === 'receivers' || one.kind === 'rules' ? one.entry : { ...one.entry, key: `${prefix}${one.entry.key}` }
    const other = of[one.kind].get(entry.key)
    if (other === undefined) of[one.kind].set(entry.key, entry)
    else errors.push(`${entry.place}: the key ${entry.key} stands in ${other.place} already`)
  }
  return {
    monitors: [...of.monitors.values()],
    downtimes: [...of.downtimes.values()],
    receivers: [...of.receivers.values()],
    rules: [...of.rules.values()],
    errors,
  }
}
