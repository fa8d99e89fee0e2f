/**
 * What a definition would say, and to whom: rendered by what delivers, stored nowhere, sent to nobody.
 * Never starts anything. Read next: contract/preview.ts, core/message/preview.ts.
 */
import { Router } from 'express'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { ruleReader } from '../../adapters/postgres/queries/notification-rules.ts'
import { configuredNames } from '../../adapters/postgres/queries/receiver-names.ts'
import { logReceiver } from '../../adapters/postgres/queries/receivers.ts'
import type { MonitorDefinition } from '../../contract/monitor.ts'
import { parseDefinition } from '../../contract/parse.ts'
import { type PreviewRequest, parsePreview } from '../../contract/preview.ts'
import { type PreviewedChange, previewChanges } from '../../core/message/preview.ts'
import type { Message } from '../../core/message/render.ts'
import { compileSpec } from '../../core/monitor/spec.ts'
import { type RuleShare, ruleShares } from '../../core/notification-rules/match.ts'
import { queryFacts } from '../../core/query/facts.ts'
import type { AppDeps } from '../deps.ts'
import { accepted, badRequest, notFound } from '../errors.ts'
import { warningsOf } from '../warnings.ts'

export function previewRoutes({ pool, clock }: Pick<AppDeps, 'pool' | 'clock'>): Router {
  const router = Router()
  const renderer = messageRenderer()
  const rulesNow = ruleReader(pool)

  router.post('/api/v2/monitor/preview-notification', async (req, res) => {
    const request = accepted(parsePreview(req.body))
    const { id, definition } = await definitionOf(pool, request)
    const { tags, value, carried, markup } = request
    const rules = await rulesNow()
    const messages = previewChanges(specOf(id, definition), { tags, value, at: clock() }).map((change) => {
      const message = renderer.render(definition, change.transition, { carried, markup })
      return { change, message, shares: ruleShares(rules, { tags: definition.tags, priority: message.priority }, change.transition) }
    })
    const known = await configuredNames(
      pool,
      messages.flatMap(({ message, shares }) => addressees(message, shares)),
    )
    const notifications = messages.map(({ change, message, shares }) => present(change, message, shares, definition.query, known))
    res.json({ notifications, warnings: (await warningsOf({ pool }, definition)).warnings ?? [] })
  })

  return router
}

async function definitionOf(
  pool: AppDeps['pool'],
  { subject }: PreviewRequest,
): Promise<Readonly<{ id: number; definition: MonitorDefinition }>> {
  if (subject.kind === 'stored') {
    const row = await findMonitor(pool, subject.id)
    if (row === null) throw notFound('Monitor')
    return { id: row.id, definition: row }
  }
  const parsed = parseDefinition(subject.body)
  if (!parsed.ok) throw badRequest(parsed.errors.map((error) => `monitor: ${error}`))
  return { id: 0, definition: parsed.value }
}

function specOf(monitorId: number, definition: MonitorDefinition) {
  const { type, name, query, priority, tags, draft_status: draftStatus, options } = definition
  const facts = queryFacts(type, query, options.variables)
  return compileSpec({ monitorId, version: 0, type, name, query, priority, tags, draftStatus, options }, facts)
}

function present(
  { title, transition, notToldBecause }: PreviewedChange,
  message: Message,
  shares: readonly RuleShare[],
  query: string,
  known: ReadonlySet<string>,
): object {
  const { handles, parts } = message
  return {
    transition: title,
    from: transition.from,
    to: transition.to,
    told: notToldBecause === null,
    not_told_because: notToldBecause,
    title: message.title,
    body: message.body,
    handles,
    receivers: addressees(message, shares).map((name) => ({ name, known: known.has(name), rules: rulesThatName(name, shares) })),
    priority: message.priority,
    query: parts.query ? query : null,
    footer: parts.footer,
    notes: message.notes,
  }
}

/** Whom it is told: the log, which is told everything, those it names, and those of rules. */
function addressees({ handles }: Message, shares: readonly RuleShare[]): readonly string[] {
  return [...new Set([logReceiver.name, ...handles, ...shares.flatMap(({ recipients }) => recipients)])]
}

function rulesThatName(name: string, shares: readonly RuleShare[]): readonly object[] {
  return shares.filter(({ recipients }) => recipients.includes(name)).map(({ rule }) => ({ id: rule.id, name: rule.name }))
}
