/**
 * Prometheus' own API of rules and alerts, for what reads it: Grafana, dashboards, scripts. Read from PostgreSQL, as of the last evaluations.
 * Never changes anything. Read next: ../prometheus/present.ts, adapters/postgres/rule-log.ts.
 */
import { Router } from 'express'
import { listRules, type RuleFilter, type RuleRow } from '../../adapters/postgres/queries/rules.ts'
import { alertsParameters, type RulesParameters, rulesParameters } from '../../contract/prometheus-rules.ts'
import { prometheusRuleOf } from '../../core/prometheus-template/rule-option.ts'
import type { AppDeps } from '../deps.ts'
import { ApiError } from '../errors.ts'
import { parseMatchers } from '../prometheus/matchers.ts'
import { type PresentedGroup, presentAlert, presentGroups, presentRule } from '../prometheus/present.ts'
import { queryOf } from './request.ts'

/** Of one answer: some 20 MB. Whoever has more asks for files or groups. */
const rulesMax = 10_000
/** Whose answers these are like, for clients that look. */
const likeVersion = '2.42.0'

export function prometheusRoutes({ pool }: Pick<AppDeps, 'pool'>): Router {
  const router = Router()
  const found = async (filter: RuleFilter): Promise<readonly RuleRow[]> => {
    const rows = await listRules(pool, filter, rulesMax + 1)
    if (rows.length <= rulesMax) return rows
    throw new ApiError(400, [`there are more than ${rulesMax} rules: ask for some by rule_group[], file[] or rule_name[]`])
  }

  router.get('/prometheus/api/v1/rules', async (req, res) => {
    const asked = queryOf(req, rulesParameters)
    if (asked.group_next_token !== undefined && asked.group_limit === undefined)
      throw new ApiError(400, ['group_next_token: group_limit is needed with it'])
    const filter = { names: listOf(asked, 'rule_name[]'), groups: listOf(asked, 'rule_group[]'), files: listOf(asked, 'file[]') }
    const rows = asked.type === 'record' ? [] : matching(await found(filter), asked)
    const groups = presentGroups(rows, (row) => presentRule(row, asked.exclude_alerts !== true))
    res.json({ status: 'success', data: page(groups, asked) })
  })

  router.get('/prometheus/api/v1/alerts', async (req, res) => {
    queryOf(req, alertsParameters)
    const rows = await found({ names: null, groups: null, files: null })
    res.json({ status: 'success', data: { alerts: rows.flatMap(({ alerts }) => alerts.map(presentAlert)) } })
  })

  router.get('/prometheus/api/v1/status/buildinfo', (_req, res) => {
    const data = { version: likeVersion, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' }
    res.json({ status: 'success', data })
  })

  return router
}

function listOf(asked: RulesParameters, name: 'rule_name[]' | 'rule_group[]' | 'file[]'): readonly string[] | null {
  return asked[name] ?? null
}

/** One of the selectors is enough; templates of labels match nothing, for nobody knows what they become. */
function matching(rows: readonly RuleRow[], asked: RulesParameters): readonly RuleRow[] {
  const selectors = asked['match[]']?.map(parseMatchers)
  if (selectors === undefined) return rows
  return rows.filter(({ options }) => {
    const labels = prometheusRuleOf(options.prometheus)?.labels ?? {}
    const plain = (label: string): string => {
      const value = Object.hasOwn(labels, label) ? (labels[label] ?? '') : ''
      return value.includes('{{') ? '' : value
    }
    return selectors.some((matchers) => matchers.every(({ label, holds }) => holds(plain(label))))
  })
}

type Page = Readonly<{ groups: readonly PresentedGroup[]; groupNextToken?: string }>

/** A token names the last group of the page before, so that groups that come and go in between don't shift the pages. */
function page(groups: readonly PresentedGroup[], { group_limit: limit, group_next_token: token }: RulesParameters): Page {
  if (limit === undefined) return { groups }
  const from = token === undefined ? 0 : groups.findIndex((group) => tokenOf(group) === token) + 1
  if (token !== undefined && from === 0) throw new ApiError(400, ['group_next_token: the group that it names is gone: begin anew'])
  const shown = groups.slice(from, from + limit)
  const last = shown.at(-1)
  return from + limit < groups.length && last !== undefined ? { groups: shown, groupNextToken: tokenOf(last) } : { groups: shown }
}

function tokenOf({ file, name }: PresentedGroup): string {
  return Buffer.from(JSON.stringify([file, name])).toString('base64url')
}
