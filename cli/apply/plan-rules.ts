/**
 * What must be done for notification rules, which are known by their names. Only an import that is pruned deletes any, and only those that its
 * prefix begins: no rule says that it is kept in a file. Pure. Read next: plan.ts.
 */
import { ruleCreation } from '../../contract/notification-rule.ts'
import type { Body, Desired } from './desired.ts'
import { differences } from './difference.ts'
import type { Plan } from './plan.ts'
import { type Planned, planFrom } from './planned.ts'
import type { PresentRule } from './present-rules.ts'

export type RulesOptions = Readonly<{ prune: boolean; prefix: string }>

export function planRules(desired: readonly Desired[], present: readonly PresentRule[], { prune, prefix }: RulesOptions): Plan {
  const byName = Map.groupBy(present, ({ name }) => name)
  const { changes, errors } = planFrom(desired.map((one) => planRule(one, byName.get(one.key) ?? [])))
  const wanted = new Set(desired.map(({ key }) => key))
  const gone = prune && prefix !== '' ? present.filter(({ name }) => name.startsWith(prefix) && !wanted.has(name)) : []
  return {
    changes: [
      ...changes,
      ...gone.map(({ id, name, body }) => ({ ...of(name), action: 'delete', id, place: null, changes: [], body }) as const),
    ],
    errors,
  }
}

const of = (name: string) => ({ kind: 'rule', key: name, name }) as const

/** As the API takes it: all that may be written, so that what a file leaves out goes. */
export function ruleBody({ name, filter, recipients, conditional_recipients: conditional, bundle_config: bundle }: Body): Body {
  return { name, filter, recipients: recipients ?? null, conditional_recipients: conditional ?? null, bundle_config: bundle ?? null }
}

function planRule({ key, place, body }: Desired, there: readonly PresentRule[]): Planned {
  const parsed = ruleCreation.safeParse({ data: { attributes: body } })
  if (!parsed.success) {
    return { errors: parsed.error.issues.map(({ path, message }) => `${place}: ${path.slice(2).join('.')}: ${message}`) }
  }
  const [first, second] = there
  if (second !== undefined) return { errors: [`${place}: there are ${there.length} notification rules with the name ${key}: rename one`] }
  const change = { ...of(key), place, body: ruleBody({ ...parsed.data.data.attributes }) }
  if (first === undefined) return { ...change, action: 'create', id: null, changes: [] }
  const changes = differences(ruleBody(first.body), change.body)
  return { ...change, action: changes.length > 0 ? 'update' : 'unchanged', id: first.id, changes }
}
