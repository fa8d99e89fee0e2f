/** How promql alerts were at their last evaluation, and where their rules stand. Read next: ../rule-log.ts, api/prometheus/. */
import { z } from 'zod'
import type { Queryable } from '../pool.ts'

const texts = z.record(z.string(), z.string())
const alerts = z.array(
  z.object({
    group: z.string(),
    state: z.enum(['pending', 'firing']),
    activeAtMs: z.number(),
    value: z.number().nullable(),
    labels: texts,
    annotations: texts,
  }),
)
/** An alert with its labels and annotations. */
export type NamedAlert = z.output<typeof alerts>[number]

export type RuleWrite = Readonly<{
  monitorId: number
  version: number
  slot: number
  at: number
  durationMs: number
  error: string | null
  /** null = as they were. */
  alerts: readonly NamedAlert[] | null
}>

/** Older evaluations never overwrite newer ones. Answers which monitors' were taken. */
export async function saveRuleEvaluations(db: Queryable, writes: readonly RuleWrite[]): Promise<ReadonlySet<number>> {
  // In the one order in which all workers lock their rows.
  const rows = writes.toSorted((a, b) => a.monitorId - b.monitorId)
  const { rows: taken } = await db.query<{ monitor_id: number }>(
    `insert into rule_evaluations as kept (monitor_id, version, slot, at_ms, duration_ms, error, alerts)
     select id, version, slot, at, duration, error, coalesce(alerts, '[]')
     from jsonb_to_recordset($1::jsonb) as given (id bigint, version integer, slot bigint, at bigint, duration integer, error text, alerts jsonb)
     where exists (select 1 from monitors where monitors.id = given.id)
     on conflict (monitor_id) do update set version = excluded.version, slot = excluded.slot, at_ms = excluded.at_ms,
       duration_ms = excluded.duration_ms, error = excluded.error,
       alerts = case when excluded.error is null then excluded.alerts else kept.alerts end
     where kept.slot <= excluded.slot
     returning monitor_id`,
    [JSON.stringify(rows.map(({ monitorId, durationMs, ...rest }) => ({ id: monitorId, duration: durationMs, ...rest })))],
  )
  return new Set(taken.map(({ monitor_id: id }) => id))
}

/** As of the last evaluation that had an answer. */
export async function lastAlerts(db: Queryable, monitorId: number): Promise<readonly NamedAlert[]> {
  const { rows } = await db.query<{ alerts: unknown }>('select alerts from rule_evaluations where monitor_id = $1', [monitorId])
  return rows.flatMap((row) => alerts.parse(row.alerts))
}

export type RuleDefinition = Readonly<{ name: string; options: Readonly<Record<string, unknown>> }>
const definition = z.object({ name: z.string(), options: z.record(z.string(), z.unknown()) })

/** As of a version; null = it isn't stored. */
export async function findRuleDefinition(db: Queryable, monitorId: number, version: number): Promise<RuleDefinition | null> {
  const { rows } = await db.query<{ definition: unknown }>(
    'select definition from monitor_versions where monitor_id = $1 and version = $2',
    [monitorId, version],
  )
  const [row] = rows
  return row === undefined ? null : definition.parse(row.definition)
}

export type RuleRow = Readonly<{
  id: number
  name: string
  query: string
  tags: readonly string[]
  options: Readonly<Record<string, unknown>>
  /** Epoch ms; null = it wasn't evaluated yet. */
  at_ms: number | null
  duration_ms: number | null
  error: string | null
  alerts: readonly NamedAlert[]
}>

export type RuleFilter = Readonly<{ names: readonly string[] | null; groups: readonly string[] | null; files: readonly string[] | null }>

/** Where a monitor stands that is no rule of a file. */
export const ownFile = 'tocsin'

/** All promql alerts that the filter leaves, at most `limit`, in order of files, groups and rules. */
export async function listRules(db: Queryable, { names, groups, files }: RuleFilter, limit: number): Promise<RuleRow[]> {
  const { rows } = await db.query<Omit<RuleRow, 'alerts'> & { alerts: unknown }>(
    `select * from (
       select id, name, query, tags, options, at_ms, duration_ms, error, alerts,
         coalesce(options->'prometheus'->>'file', $4) as file, coalesce(options->'prometheus'->>'group', 'monitor ' || id) as grp,
         coalesce((options->'prometheus'->>'order')::integer, 0) as place
       from monitors left join rule_evaluations on monitor_id = id
       where type = 'promql alert' and deleted_at is null and ($1::text[] is null or name = any($1))
     ) as rules
     where ($2::text[] is null or grp = any($2)) and ($3::text[] is null or file = any($3))
     order by file collate "C", grp collate "C", place, id limit $5`,
    [names, groups, files, ownFile, limit],
  )
  return rows.map((row) => ({ ...row, alerts: row.alerts === null ? [] : alerts.parse(row.alerts) }))
}
