/**
 * How notification rules change: each change, its audit event and the count by which workers hear of it are one transaction.
 * Never refuses a receiver that isn't there yet: it is told in `meta.warnings`. Read next: present.ts, core/notification-rules/rule.ts.
 */
import { type Client, transaction } from '../../adapters/postgres/pool.ts'
import { type AuditAction, recordAudit } from '../../adapters/postgres/queries/audit.ts'
import {
  countRuleChange,
  findRule,
  insertRule,
  rulesMax,
  type StoredRule,
  deleteRule as storeDeletion,
  updateRule,
} from '../../adapters/postgres/queries/notification-rules.ts'
import { configuredNames } from '../../adapters/postgres/queries/receiver-names.ts'
import { forgetBundles } from '../../adapters/postgres/queries/rule-bundles.ts'
import { type RuleAttributes, recipientErrors } from '../../contract/notification-rule.ts'
import { handlesOf, type NotificationRule, type RuleRecipients } from '../../core/notification-rules/rule.ts'
import { creatorOf } from '../definitions.ts'
import type { AppDeps } from '../deps.ts'
import { badRequest, notFound } from '../errors.ts'
import type { Principal } from '../middleware/keys.ts'

type Deps = Pick<AppDeps, 'pool' | 'clock'>
type CreatedAttributes = RuleAttributes & Readonly<{ name: string; filter: NonNullable<RuleAttributes['filter']> }>

export async function createRule({ pool, clock }: Deps, written: CreatedAttributes, by: Principal): Promise<StoredRule> {
  const { name } = written
  const blank: NotificationRule = {
    name,
    filter: { kind: 'tags', tags: [] },
    recipients: { kind: 'always', recipients: [] },
    bundleS: null,
  }
  return changing(pool, async (client) => {
    const created = await insertRule(client, changed(blank, written), creatorOf(by), clock())
    if (created === null) throw badRequest([`there are ${rulesMax} notification rules, as many as there may be: delete some first`])
    await audit(client, 'notification-rule.created', created, by)
    return created
  })
}

/** Attributes left out keep their value; recipients replace conditional ones, and the other way round. */
export async function changeRule({ pool, clock }: Deps, id: string, written: RuleAttributes, by: Principal): Promise<StoredRule> {
  return changing(pool, async (client) => {
    const stored = await updateRule(client, id, changed(await existing(client, id), written), clock())
    await audit(client, 'notification-rule.updated', stored, by)
    return stored
  })
}

export async function deleteRule({ pool }: Deps, id: string, by: Principal): Promise<void> {
  await changing(pool, async (client) => {
    const rule = await existing(client, id)
    await storeDeletion(client, id)
    await forgetBundles(client, id)
    await audit(client, 'notification-rule.deleted', rule, by)
  })
}

export async function ruleOf(db: Parameters<typeof findRule>[0], id: string): Promise<StoredRule> {
  const found = await findRule(db, id)
  if (found === null) throw notFound('Monitor Notification Rule')
  return found
}

/** Recipients that no receiver is called like, as sentences. */
export async function unknownRecipients(db: Parameters<typeof configuredNames>[0], rule: NotificationRule): Promise<readonly string[]> {
  const handles = handlesOf(rule)
  const known = await configuredNames(db, handles)
  return handles
    .filter((handle) => !known.has(handle))
    .map((handle) => `there is no receiver ${handle}: it is told nothing until there is one`)
}

async function changing<Result>(pool: Deps['pool'], work: (client: Client) => Promise<Result>): Promise<Result> {
  return transaction(pool, async (client) => {
    await countRuleChange(client)
    return work(client)
  })
}

const existing = (client: Client, id: string): Promise<StoredRule> => ruleOf(client, id)

function changed(rule: NotificationRule, { name, filter, bundle_config: bundle, ...written }: RuleAttributes): NotificationRule {
  const next: NotificationRule = {
    name: name ?? rule.name,
    filter: filter === undefined ? rule.filter : filterOf(filter),
    recipients: recipientsOf(written) ?? rule.recipients,
    bundleS: bundle === undefined ? rule.bundleS : (bundle?.duration ?? null),
  }
  const errors = recipientErrors(handlesOf(next))
  if (errors.length > 0) throw badRequest(errors)
  return next
}

function filterOf({ tags, scope }: NonNullable<RuleAttributes['filter']>): NotificationRule['filter'] {
  return tags === undefined ? { kind: 'scope', scope: scope ?? '*' } : { kind: 'tags', tags }
}

function recipientsOf({ recipients, conditional_recipients: conditional }: RuleAttributes): RuleRecipients | null {
  if (recipients !== undefined && recipients !== null) return { kind: 'always', recipients }
  if (conditional === undefined || conditional === null) return null
  return { kind: 'conditional', conditions: conditional.conditions, fallback: conditional.fallback_recipients ?? null }
}

async function audit(client: Client, action: AuditAction, { id, name }: StoredRule, by: Principal): Promise<void> {
  await recordAudit(client, { actor: by.name, action, monitorId: null, detail: { rule: id, name } })
}
