/**
 * Receivers that a file holds (TOCSIN_RECEIVERS_FILE, YAML or JSON): applied when the API starts. Applying it again changes nothing; what
 * left the file goes, unless another receiver still falls back to it. `${NAME}` in a text stands for the environment's variable.
 * Never half: one wrong receiver, and none is applied. Read next: receivers.ts, setup-file.ts.
 */
import { type Client, transaction } from '../adapters/postgres/pool.ts'
import { recordAudit } from '../adapters/postgres/queries/audit.ts'
import {
  createReceiver,
  deleteReceiver,
  fallbackUsers,
  getReceiver,
  listReceivers,
  lockReceivers,
  type StoredReceiver,
  updateReceiver,
} from '../adapters/postgres/queries/receivers.ts'
import { changedFields, parseReceiver, type ReceiverDefinition, receiversFile } from '../contract/receivers/body.ts'
import { writtenWebhook } from '../contract/receivers/webhook.ts'
import type { AppDeps } from './deps.ts'
import { sealable, wrongFallback } from './receivers.ts'
import { readSetupFile, SetupFileError, type Variables } from './setup-file.ts'
import { boxOf } from './sources.ts'
import type { AppliedFile } from './sources-file.ts'

type Deps = Pick<AppDeps, 'pool' | 'secrets' | 'log'>

export async function applyReceiversFile(deps: Deps, file: string, variables: Variables): Promise<AppliedFile> {
  const receivers = await readSetupFile(file, { whole: receiversFile, list: 'receivers', entry: parseReceiver }, variables)
  const unsealable = receivers.flatMap((receiver) => sealable(receiver, deps))
  if (unsealable.length > 0) throw new SetupFileError(file, [...new Set(unsealable)])
  const applied = await transaction(deps.pool, async (client) => {
    // Several APIs may start at once.
    await lockReceivers(client)
    const outcome: AppliedFile = { created: [], updated: [], deleted: [], kept: [] }
    for (const receiver of receivers) await applyOne(client, deps, receiver, outcome)
    await removeOthers(client, deps, new Set(receivers.map(({ name }) => name)), outcome)
    const wrong: string[] = []
    for (const receiver of receivers)
      wrong.push(...(await wrongFallback(client, deps, receiver)).map((text) => `${receiver.name}: ${text}`))
    if (wrong.length > 0) throw new SetupFileError(file, wrong)
    return outcome
  })
  deps.log.info({ file, ...applied }, 'receivers-file-applied')
  return applied
}

async function applyOne(client: Client, deps: Deps, receiver: ReceiverDefinition, outcome: AppliedFile): Promise<void> {
  const stored = await getReceiver(client, receiver.name, boxOf(deps))
  if (stored === null) {
    await createReceiver(client, receiver, boxOf(deps), 'file')
    outcome.created.push(receiver.name)
    return audit(client, 'receiver.created', { name: receiver.name, kind: receiver.kind })
  }
  const changed = changesOf(stored, receiver)
  if (changed.length === 0 && stored.managedBy === 'file') return
  await updateReceiver(client, receiver.name, receiver, boxOf(deps), 'file')
  outcome.updated.push(receiver.name)
  await audit(client, 'receiver.updated', { name: receiver.name, changed })
}

function changesOf(stored: ReceiverDefinition, next: ReceiverDefinition): string[] {
  if (stored.kind !== next.kind) return ['kind']
  // It can't be compared: it is written anew.
  if (typeof stored.config.unreadable === 'string') return ['config']
  return changedFields(stored.kind === 'webhook' ? { ...stored, config: writtenWebhook(stored.config) } : stored, next)
}

async function removeOthers(client: Client, deps: Deps, names: ReadonlySet<string>, outcome: AppliedFile): Promise<void> {
  const gone = (await listReceivers(client, boxOf(deps))).filter(({ name, managedBy }) => managedBy === 'file' && !names.has(name))
  const [used, free] = await byUse(client, gone)
  for (const { name, kind } of free) {
    await deleteReceiver(client, name)
    outcome.deleted.push(name)
    await audit(client, 'receiver.deleted', { name, kind })
  }
  // One that went may have been the last to need another.
  if (free.length > 0 && used.length > 0) return removeOthers(client, deps, names, outcome)
  outcome.kept.push(...used.map(({ name }) => name))
}

async function byUse(client: Client, receivers: readonly StoredReceiver[]): Promise<readonly [StoredReceiver[], StoredReceiver[]]> {
  const used: StoredReceiver[] = []
  const free: StoredReceiver[] = []
  for (const receiver of receivers) ((await fallbackUsers(client, receiver.name)).length > 0 ? used : free).push(receiver)
  return [used, free]
}

async function audit(
  client: Client,
  action: 'receiver.created' | 'receiver.updated' | 'receiver.deleted',
  detail: Record<string, unknown>,
): Promise<void> {
  await recordAudit(client, { actor: 'receivers file', action, monitorId: null, detail })
}
