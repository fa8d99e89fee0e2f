/**
 * Datadog's routes of notification rules: list, create, read, change, delete.
 * Never decides who is told: core/notification-rules/match.ts does. Read next: ../notification-rules/change.ts.
 */
import { type Request, type Response, Router } from 'express'
import { listRules, type StoredRule } from '../../adapters/postgres/queries/notification-rules.ts'
import { ruleCreation, ruleUpdate } from '../../contract/notification-rule.ts'
import { ruleInclude, ruleListParameters } from '../../contract/notification-rule-list.ts'
import type { AppDeps } from '../deps.ts'
import { includedCreators } from '../downtimes/present.ts'
import { badRequest } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { changeRule, createRule, deleteRule, ruleOf, unknownRecipients } from '../notification-rules/change.ts'
import { pageOfRules } from '../notification-rules/list.ts'
import { presentRule } from '../notification-rules/present.ts'
import { bodyOf, queryOf, uuidOf } from './request.ts'

export function notificationRuleRoutes(deps: Pick<AppDeps, 'pool' | 'clock'>): Router {
  const router = Router()
  const answerWritten = async (res: Response, rule: StoredRule): Promise<void> => {
    const warnings = await unknownRecipients(deps.pool, rule)
    res.json({ data: presentRule(rule), included: includedCreators([rule]), ...(warnings.length === 0 ? {} : { meta: { warnings } }) })
  }

  router.get('/api/v2/monitor/notification_rule', async (req, res) => {
    const parameters = queryOf(req, ruleListParameters)
    const page = pageOfRules(await listRules(deps.pool), parameters)
    res.json({ data: page.map(presentRule), ...included(page, parameters.include) })
  })

  router.post('/api/v2/monitor/notification_rule', async (req, res) => {
    await answerWritten(res, await createRule(deps, bodyOf(req, ruleCreation).data.attributes, principalOf(req)))
  })

  router.get('/api/v2/monitor/notification_rule/:id', async (req, res) => {
    const { include } = queryOf(req, ruleInclude)
    const rule = await ruleOf(deps.pool, ruleIdOf(req))
    res.json({ data: presentRule(rule), ...included([rule], include) })
  })

  router.patch('/api/v2/monitor/notification_rule/:id', async (req, res) => {
    const id = ruleIdOf(req)
    const { data } = bodyOf(req, ruleUpdate)
    // Some clients send an empty one: the path counts.
    if (data.id !== undefined && data.id !== '' && data.id.toLowerCase() !== id) throw badRequest(['data.id: expected the id in the path'])
    await answerWritten(res, await changeRule(deps, id, data.attributes, principalOf(req)))
  })

  router.delete('/api/v2/monitor/notification_rule/:id', async (req, res) => {
    await deleteRule(deps, ruleIdOf(req), principalOf(req))
    res.status(204).end()
  })

  return router
}

const ruleIdOf = (req: Request): string => uuidOf(req, 'Monitor Notification Rule')

function included(rules: readonly StoredRule[], include: readonly string[]): object {
  return include.length === 0 ? {} : { included: includedCreators(rules) }
}
