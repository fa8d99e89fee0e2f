/** The policy of how long a downtime may last. Never decides about a downtime: contract/monitor-policy.ts does. Read next: policies.ts. */
import type { DowntimePolicy } from '../../../contract/monitor-policy.ts'
import type { Queryable } from '../pool.ts'

export type DowntimePolicyRow = DowntimePolicy & Readonly<{ id: string }>

const columns = 'id, max_duration_ms'

/** The one there is, or, with an id, the one of this id; null = there is none. */
export async function findDowntimePolicy(db: Queryable, id: string | null = null): Promise<DowntimePolicyRow | null> {
  const { rows } = await db.query<DowntimePolicyRow>(`select ${columns} from downtime_policies where $1::uuid is null or id = $1`, [id])
  return rows[0] ?? null
}

/** null = there is one already. */
export async function insertDowntimePolicy(db: Queryable, { max_duration_ms: maxMs }: DowntimePolicy): Promise<DowntimePolicyRow | null> {
  const { rows } = await db.query<DowntimePolicyRow>(
    `insert into downtime_policies (max_duration_ms) values ($1) on conflict ((true)) do nothing returning ${columns}`,
    [maxMs],
  )
  return rows[0] ?? null
}

/** What is left out stays; null = there is none. */
export async function updateDowntimePolicy(db: Queryable, id: string, maxMs: number | undefined): Promise<DowntimePolicyRow | null> {
  const { rows } = await db.query<DowntimePolicyRow>(
    `update downtime_policies set max_duration_ms = coalesce($2, max_duration_ms), modified_at = now() where id = $1 returning ${columns}`,
    [id, maxMs ?? null],
  )
  return rows[0] ?? null
}

export async function deleteDowntimePolicy(db: Queryable, id: string): Promise<DowntimePolicyRow | null> {
  const { rows } = await db.query<DowntimePolicyRow>(`delete from downtime_policies where id = $1 returning ${columns}`, [id])
  return rows[0] ?? null
}
