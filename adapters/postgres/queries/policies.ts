/** Policies about the tags of monitors. Never decides about a monitor: contract/monitor-policy.ts does. Read next: downtime-policies.ts. */
import type { TagPolicy } from '../../../contract/monitor-policy.ts'
import type { Queryable } from '../pool.ts'

export type PolicyRow = TagPolicy & Readonly<{ id: string }>

export type PolicyChange = { readonly [Field in keyof TagPolicy]?: TagPolicy[Field] | undefined }

const columns = 'id, tag_key, tag_key_required, valid_tag_values'

/** All of them, oldest first. */
export async function listPolicies(db: Queryable): Promise<PolicyRow[]> {
  const { rows } = await db.query<PolicyRow>(`select ${columns} from monitor_policies order by number`)
  return rows
}

export async function findPolicy(db: Queryable, id: string): Promise<PolicyRow | null> {
  const { rows } = await db.query<PolicyRow>(`select ${columns} from monitor_policies where id = $1`, [id])
  return rows[0] ?? null
}

/** taken = there is one for this key; full = there are `max` already. One at a time: the table is locked until the transaction ends. */
export async function insertPolicy(db: Queryable, policy: TagPolicy, max: number): Promise<PolicyRow | 'taken' | 'full'> {
  await db.query('lock table monitor_policies in share row exclusive mode')
  const { rows: counted } = await db.query<{ count: number }>('select count(*) from monitor_policies')
  if ((counted[0]?.count ?? 0) >= max) return 'full'
  const { rows } = await db.query<PolicyRow>(
    `insert into monitor_policies (tag_key, tag_key_required, valid_tag_values) values ($1, $2, $3)
     on conflict (lower(tag_key)) do nothing returning ${columns}`,
    [policy.tag_key, policy.tag_key_required, policy.valid_tag_values],
  )
  return rows[0] ?? 'taken'
}

/** What is left out stays; null = there is none. */
export async function updatePolicy(db: Queryable, id: string, policy: PolicyChange): Promise<PolicyRow | 'taken' | null> {
  await db.query('lock table monitor_policies in share row exclusive mode')
  const { rows: others } = await db.query('select from monitor_policies where lower(tag_key) = lower($2) and id <> $1', [
    id,
    policy.tag_key ?? null,
  ])
  if (others.length > 0) return 'taken'
  const { rows } = await db.query<PolicyRow>(
    `update monitor_policies set tag_key = coalesce($2, tag_key), tag_key_required = coalesce($3, tag_key_required),
       valid_tag_values = coalesce($4, valid_tag_values), modified_at = now()
     where id = $1 returning ${columns}`,
    [id, policy.tag_key ?? null, policy.tag_key_required ?? null, policy.valid_tag_values ?? null],
  )
  return rows[0] ?? null
}

export async function deletePolicy(db: Queryable, id: string): Promise<PolicyRow | null> {
  const { rows } = await db.query<PolicyRow>(`delete from monitor_policies where id = $1 returning ${columns}`, [id])
  return rows[0] ?? null
}
