/**
 * Notification rules as they are stored. Each change counts up notification_rule_changes in its own transaction, by which changes also
 * come one after another. Read next: migrations/0012_notification_rules.sql, core/notification-rules/.
 */
import {
  type NotificationRule,
  type PreparedRule,
  prepareRule,
  type RuleFilter,
  type RuleRecipients,
} from '../../../core/notification-rules/rule.ts'
import { onlyRow } from '../only-row.ts'
import type { Queryable } from '../pool.ts'
import type { Creator } from './monitors.ts'

export type StoredRule = NotificationRule &
  Readonly<{
    id: string
    creator: Creator
    createdMs: number
    modifiedMs: number
  }>

/** Datadog's default. Each is asked for each transition that is told. */
export const rulesMax = 1_000

const columns = 'id, name, filter, recipients, bundle_s, creator, created_at, modified_at'

type Row = Readonly<{
  id: string
  name: string
  filter: RuleFilter
  recipients: RuleRecipients
  bundle_s: number | null
  creator: Creator
  created_at: Date
  modified_at: Date
}>

/** To be called first in a transaction that changes rules: others wait until it ends. */
export async function countRuleChange(db: Queryable): Promise<void> {
  await db.query('update notification_rule_changes set count = count + 1')
}

/** null = there are too many. */
export async function insertRule(db: Queryable, rule: NotificationRule, by: Creator, nowMs: number): Promise<StoredRule | null> {
  const { rows: counted } = await db.query<{ count: number }>('select count(*) from notification_rules')
  if ((counted[0]?.count ?? 0) >= rulesMax) return null
  const { rows } = await db.query<Row>(
    `insert into notification_rules (name, filter, recipients, bundle_s, creator, created_at, modified_at)
     values ($1, $2, $3, $4, $5, $6, $6) returning ${columns}`,
    [...values(rule), JSON.stringify(by), new Date(nowMs)],
  )
  return stored(onlyRow(rows))
}

export async function updateRule(db: Queryable, id: string, rule: NotificationRule, nowMs: number): Promise<StoredRule> {
  const { rows } = await db.query<Row>(
    `update notification_rules set (name, filter, recipients, bundle_s, modified_at) = ($1, $2, $3, $4, $5) where id = $6 returning ${columns}`,
    [...values(rule), new Date(nowMs), id],
  )
  return stored(onlyRow(rows))
}

export async function deleteRule(db: Queryable, id: string): Promise<void> {
  await db.query('delete from notification_rules where id = $1', [id])
}

/** null = there is none. */
export async function findRule(db: Queryable, id: string): Promise<StoredRule | null> {
  const { rows } = await db.query<Row>(`select ${columns} from notification_rules where id = $1`, [id])
  const [row] = rows
  return row === undefined ? null : stored(row)
}

/** All of them, oldest first. */
export async function listRules(db: Queryable): Promise<StoredRule[]> {
  const { rows } = await db.query<Row>(`select ${columns} from notification_rules order by created_at, id`)
  return rows.map(stored)
}

/**
 * The rules with their texts read, as of this moment. They are read again only when their count has moved: asking costs one row.
 * Rejects while PostgreSQL is away.
 */
export function ruleReader(db: Queryable): () => Promise<readonly PreparedRule[]> {
  let known: Readonly<{ count: number; rules: readonly PreparedRule[] }> | null = null
  return async () => {
    const { rows } = await db.query<{ count: number }>('select count from notification_rule_changes')
    const count = rows[0]?.count ?? 0
    if (known?.count !== count) known = { count, rules: (await listRules(db)).map((rule) => prepareRule(rule.id, rule)) }
    return known.rules
  }
}

function values({ name, filter, recipients, bundleS }: NotificationRule): unknown[] {
  return [name, JSON.stringify(filter), JSON.stringify(recipients), bundleS]
}

function stored(row: Row): StoredRule {
  return {
    id: row.id,
    name: row.name,
    filter: row.filter,
    recipients: row.recipients,
    bundleS: row.bundle_s,
    creator: row.creator,
    createdMs: row.created_at.getTime(),
    modifiedMs: row.modified_at.getTime(),
  }
}
