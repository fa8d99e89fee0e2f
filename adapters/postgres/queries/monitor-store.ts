/**
 * The MonitorStore port on PostgreSQL: definitions in, decisions out. One transaction a commit, idempotent under
 * (monitor, sequence): a commit that comes again finds itself, and a different one under the same number never overwrites.
 * Read next: activities/commit.ts, migrations/0001_monitors.sql.
 */
import type { CommitOutcome, LoadedMonitor, MonitorStore, StoredState } from '../../../activities/ports.ts'
import { compileSpec, type Definition } from '../../../core/monitor/spec.ts'
import type { Commit, GroupState, Health, Memory, Transition } from '../../../core/monitor/types.ts'
import { queryFacts } from '../../../core/query/facts.ts'
import { type Client, type Pool, transaction } from '../pool.ts'

/** `cell`: in which the workflows run that ask; only what lives there is loaded and committed. null = whoever asks is none. */
export function monitorStore(pool: Pool, cell: string | null = null): MonitorStore {
  return {
    load: (monitorId) => load(pool, monitorId, cell),
    commit: (commit) => transaction(pool, (client) => store(client, commit, cell)),
  }
}

async function load(pool: Pool, monitorId: number, cell: string | null): Promise<LoadedMonitor | null> {
  const { rows } = await pool.query<Omit<Definition, 'monitorId'>>(
    `select version, type, name, query, priority, tags, draft_status as "draftStatus", options
     from monitors where id = $1 and deleted_at is null and ($2::text is null or cell = $2)`,
    [monitorId, cell],
  )
  const [row] = rows
  if (row === undefined) return null
  const definition: Definition = { ...row, monitorId }
  return {
    spec: compileSpec(definition, queryFacts(definition.type, definition.query, definition.options.variables)),
    stored: await loadState(pool, monitorId),
  }
}

type StateRow = Readonly<{ sequence: number; last_slot: number; paused: boolean; health: Health; memory: Memory | null }>

async function loadState(pool: Pool, monitorId: number): Promise<StoredState | null> {
  const { rows } = await pool.query<StateRow>(
    // Quiet slots commit nothing. How far they were judged is a part of the progress, which may lag behind and never runs ahead.
    `select sequence, greatest(last_slot, settled_slot) as last_slot, paused, health, memory
     from monitor_state left join monitor_progress using (monitor_id) where monitor_id = $1`,
    [monitorId],
  )
  const [row] = rows
  if (row === undefined) return null
  const groups = await pool.query<{ group_key: string; state: GroupState }>(
    'select group_key, state from monitor_groups where monitor_id = $1 order by group_key',
    [monitorId],
  )
  return {
    sequence: row.sequence,
    lastSlot: row.last_slot,
    paused: row.paused,
    health: row.health,
    groups: Object.fromEntries(groups.rows.map((group) => [group.group_key, group.state])),
    memory: row.memory,
  }
}

async function store(client: Client, commit: Commit, cell: string | null): Promise<CommitOutcome> {
  // A move changes this row, so it comes before a commit or after it, never in between.
  const { rows } = await client.query<{ cell: string }>('select cell from monitors where id = $1 for no key update', [commit.monitorId])
  if (cell !== null && rows[0] !== undefined && rows[0].cell !== cell) return { kind: 'moved' }
  const stored = await storedTransitions(client, commit)
  const diverged = commit.transitions.filter((transition) => isAnother(transition, stored.get(transition.sequence)))
  if (diverged.length > 0) return { kind: 'diverged', sequences: diverged.map((transition) => transition.sequence) }
  const fresh = commit.transitions.filter((transition) => !stored.has(transition.sequence))
  await insertTransitions(client, commit.monitorId, fresh)
  await insertNotification(client, commit, fresh)
  await upsertState(client, commit)
  await upsertGroups(client, commit)
  await updateDefinition(client, commit)
  return commit.transitions.length > 0 && fresh.length === 0 ? { kind: 'already-stored' } : { kind: 'stored' }
}

type StoredTransition = Readonly<{ sequence: number; group_key: string; to_status: string; slot: number }>

async function storedTransitions(client: Client, commit: Commit): Promise<Map<number, StoredTransition>> {
  if (commit.transitions.length === 0) return new Map()
  const { rows } = await client.query<StoredTransition>(
    'select sequence, group_key, to_status, slot from transitions where monitor_id = $1 and sequence = any($2::bigint[])',
    [commit.monitorId, commit.transitions.map((transition) => transition.sequence)],
  )
  return new Map(rows.map((row) => [row.sequence, row]))
}

function isAnother(decided: Transition, stored: StoredTransition | undefined): boolean {
  if (stored === undefined) return false
  return stored.group_key !== decided.group || stored.to_status !== decided.to || stored.slot !== decided.slot
}

async function insertTransitions(client: Client, monitorId: number, transitions: readonly Transition[]): Promise<void> {
  if (transitions.length === 0) return
  await client.query(
    `insert into transitions (monitor_id, sequence, group_key, from_status, to_status, slot, value, threshold, reason, version, notify, detail)
     select $1, (t->>'sequence')::bigint, t->>'group', t->>'from', t->>'to', (t->>'slot')::bigint, (t->>'value')::float8,
            (t->>'threshold')::float8, t->>'reason', (t->>'version')::int, (t->'notify'->>'send')::boolean, t
     from jsonb_array_elements($2::jsonb) as t`,
    [monitorId, JSON.stringify(transitions)],
  )
}

/** The intent to tell, in the same transaction as what is told. */
async function insertNotification(client: Client, commit: Commit, fresh: readonly Transition[]): Promise<void> {
  const told = fresh.filter((transition) => transition.notify.send).map((transition) => transition.sequence)
  const last = told.at(-1)
  if (last === undefined) return
  await client.query(
    `insert into notifications (monitor_id, sequence, version, transition_sequences) values ($1, $2, $3, $4)
     on conflict (monitor_id, sequence) do nothing`,
    [commit.monitorId, last, commit.version, told],
  )
}

/** A memory of null leaves what is stored. */
async function upsertState(client: Client, commit: Commit): Promise<void> {
  const { monitorId, version, sequence, slot, paused, overall, health, memory } = commit
  await client.query(
    `insert into monitor_state (monitor_id, version, sequence, last_slot, paused, overall, health, memory)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (monitor_id) do update set version = excluded.version, sequence = excluded.sequence, last_slot = excluded.last_slot,
       paused = excluded.paused, overall = excluded.overall, health = excluded.health,
       memory = coalesce(excluded.memory, monitor_state.memory), updated_at = now()
     where monitor_state.sequence <= excluded.sequence and monitor_state.last_slot <= excluded.last_slot`,
    [monitorId, version, sequence, slot, paused, overall, JSON.stringify(health), memory === null ? null : JSON.stringify(memory)],
  )
}

async function upsertGroups(client: Client, commit: Commit): Promise<void> {
  const groups = Object.entries(commit.groups)
  if (groups.length > 0) {
    await client.query(
      `insert into monitor_groups (monitor_id, group_key, status, slot, state)
       select $1, g.key, g.value->>'status', $2, g.value from jsonb_each($3::jsonb) as g
       on conflict (monitor_id, group_key) do update set status = excluded.status, slot = excluded.slot, state = excluded.state
       where monitor_groups.slot <= excluded.slot`,
      [commit.monitorId, commit.slot, JSON.stringify(commit.groups)],
    )
  }
  if (commit.removed.length > 0) {
    await client.query('delete from monitor_groups where monitor_id = $1 and group_key = any($2) and slot <= $3', [
      commit.monitorId,
      commit.removed,
      commit.slot,
    ])
  }
}

async function updateDefinition(client: Client, commit: Commit): Promise<void> {
  await client.query(
    `update monitors set applied_version = $2, overall_state = s.overall,
       overall_state_modified = case when overall_state is distinct from s.overall then now() else overall_state_modified end
     from monitor_state s
     where monitors.id = $1 and s.monitor_id = $1
       and (applied_version is distinct from $2 or overall_state is distinct from s.overall)`,
    [commit.monitorId, commit.version],
  )
}
