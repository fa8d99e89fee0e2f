/**
 * Sources that a file holds (TOCSIN_SOURCES_FILE, YAML or JSON): applied when the API starts, so that a deployment needs no clicks. Applying
 * it again changes nothing; what left the file goes, unless monitors still use it. `${NAME}` in a text stands for the environment's variable.
 * Never half: one wrong source, and none is applied. Read next: sources.ts, contract/source.ts.
 */
import { type Client, transaction } from '../adapters/postgres/pool.ts'
import { recordAudit } from '../adapters/postgres/queries/audit.ts'
import { deleteSource, findSource, insertSource, listSources, updateSource, usersOf } from '../adapters/postgres/queries/sources.ts'
import { parse } from '../contract/parse.ts'
import { type Source, sourceBody, sourcesFile } from '../contract/source.ts'
import type { AppDeps } from './deps.ts'
import { readSetupFile, SetupFileError, type Variables } from './setup-file.ts'
import { boxOf, changedFields, noKey } from './sources.ts'

type Deps = Pick<AppDeps, 'pool' | 'secrets' | 'log'>
export type AppliedFile = Readonly<{ created: string[]; updated: string[]; deleted: string[]; kept: string[] }>

export async function applySourcesFile(deps: Deps, file: string, variables: Variables): Promise<AppliedFile> {
  const shape = { whole: sourcesFile, list: 'sources', entry: (entry: unknown) => parse(sourceBody, entry) }
  const sources = await readSetupFile<Source>(file, shape, variables)
  if (boxOf(deps) === null && sources.some(({ secrets }) => Object.keys(secrets).length > 0)) throw new SetupFileError(file, [noKey])
  const applied = await transaction(deps.pool, async (client) => {
    // Several APIs may start at once.
    await client.query("select pg_advisory_xact_lock(hashtextextended('sources-file', 0))")
    const outcome: AppliedFile = { created: [], updated: [], deleted: [], kept: [] }
    for (const source of sources) await applyOne(client, deps, source, outcome)
    await removeOthers(client, deps, new Set(sources.map(({ name }) => name)), outcome)
    return outcome
  })
  deps.log.info({ file, ...applied }, 'sources-file-applied')
  return applied
}

async function applyOne(client: Client, deps: Deps, source: Source, outcome: AppliedFile): Promise<void> {
  const stored = await findSource(client, boxOf(deps), source.name, true)
  if (stored === null) {
    await insertSource(client, boxOf(deps), source, 'file')
    outcome.created.push(source.name)
    return audit(client, 'source.created', { name: source.name, kind: source.kind })
  }
  if (stored.kind !== source.kind) {
    await deleteSource(client, source.name)
    await insertSource(client, boxOf(deps), source, 'file')
    outcome.updated.push(source.name)
    return audit(client, 'source.updated', { name: source.name, changed: ['kind'] })
  }
  const changed = stored.source === null ? ['secrets'] : changedFields(stored.source, source)
  if (changed.length === 0 && stored.managedBy === 'file') return
  await updateSource(client, boxOf(deps), source, 'file')
  outcome.updated.push(source.name)
  await audit(client, 'source.updated', { name: source.name, changed })
}

async function removeOthers(client: Client, deps: Deps, names: ReadonlySet<string>, outcome: AppliedFile): Promise<void> {
  const gone = (await listSources(client, boxOf(deps))).filter(({ name, managedBy }) => managedBy === 'file' && !names.has(name))
  for (const { name, kind } of gone) {
    if ((await usersOf(client, name, [])).count > 0) {
      outcome.kept.push(name)
      continue
    }
    await deleteSource(client, name)
    outcome.deleted.push(name)
    await audit(client, 'source.deleted', { name, kind })
  }
}

async function audit(
  client: Client,
  action: 'source.created' | 'source.updated' | 'source.deleted',
  detail: Record<string, unknown>,
): Promise<void> {
  await recordAudit(client, { actor: 'sources file', action, monitorId: null, detail })
}
