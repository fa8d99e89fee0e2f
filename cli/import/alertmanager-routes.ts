/**
 * The routing tree of Alertmanager as notification rules: one for each route that tells somebody, under the conditions that lead there and
 * no further. Rules add up where routes take turns, so a rule excludes what an earlier or a deeper route takes. Pure.
 * Read next: alertmanager-matchers.ts, core/notification-rules/match.ts.
 */
import type { Scope } from '../../core/monitor/types.ts'
import { ruleScopeCharsMax } from '../../core/notification-rules/rule.ts'
import { printScope } from '../../core/query/scope.ts'
import { type Body, isObject } from '../apply/desired.ts'
import { allOf, matchersOf } from './alertmanager-matchers.ts'
import { type Converted, joined, nothing, type Remark } from './converted.ts'
import { duration } from './duration.ts'

/** Alertmanager's receiver → what it became here; an empty list = it tells nobody; null = nothing here does what it does. */
export type ReceiverNames = ReadonlyMap<string, readonly string[] | null>

/** `name`: of the root's rule, and the beginning of all others'. */
export type RoutesOptions = Readonly<{ receivers: ReceiverNames; name: string }>

/** What a route has from those above it. */
type Inherited = Readonly<{
  receiver: string | null
  groupBy: readonly string[]
  groupIntervalS: number
  /** All that leads to it. */
  conditions: readonly Scope[]
}>

type Visited = Readonly<{ converted: Converted; match: Scope | null }>

/** Alertmanager's. */
const groupIntervalDefaultS = 300
/** Ours, of a rule. */
const bundleSecondsMax = 86_400

export function convertRoutes(route: unknown, place: string, options: RoutesOptions): Converted {
  const root = { receiver: null, groupBy: [], groupIntervalS: groupIntervalDefaultS, conditions: [] }
  return visit(route, { place, name: options.name }, root, options.receivers).converted
}

type At = Readonly<{ place: string; name: string }>

/** A route whose matchers no scope says is left out with all below it. */
function visit(route: unknown, { place, name }: At, above: Inherited, receivers: ReceiverNames): Visited {
  if (!isObject(route)) return { converted: { ...nothing, leftOut: [{ place, text: 'expected a route' }] }, match: null }
  const matchers = matchersOf(route)
  const unsaid = matchers.filter(({ scope }) => scope === null).map(({ text }) => text)
  if (unsaid.length > 0) {
    const text = `${unsaid.join(', ')} can’t be said as a scope: make a notification rule for what it means, and for the routes below it`
    return { converted: { ...nothing, leftOut: [{ place, text }] }, match: null }
  }
  const match = allOf(matchers.flatMap(({ scope }) => (scope === null ? [] : [scope])))
  const here = inheritedBy(route, above, match)
  const children = visitChildren(route, { place, name }, here, receivers)
  const taken = children.flatMap(({ match: of }) => (of === null ? [] : [of]))
  const own = ruleOf({ place, name }, { ...here, conditions: [...here.conditions, ...taken.map(negated)] }, receivers)
  const vague = children.some(({ match: of }) => of === null)
  const notes = [...remarksOf(route, place), ...(vague ? [{ place, text: 'also tells of what the routes take that were left out' }] : [])]
  return { converted: joined([{ ...nothing, notes }, own, ...children.map(({ converted }) => converted)]), match }
}

/** In turn: what one takes that doesn't go on, the next ones don't see. */
function visitChildren(route: Body, { place, name }: At, here: Inherited, receivers: ReceiverNames): Visited[] {
  const taken: Scope[] = []
  return (Array.isArray(route.routes) ? route.routes : []).map((child: unknown, index) => {
    const at = { place: `${place}.routes[${index}]`, name: `${name}/${index}` }
    const visited = visit(child, at, { ...here, conditions: [...here.conditions, ...taken.map(negated)] }, receivers)
    const goesOn = isObject(child) && child.continue === true
    if (visited.match !== null && !goesOn) taken.push(visited.match)
    return visited
  })
}

function inheritedBy(route: Body, above: Inherited, match: Scope): Inherited {
  const interval = duration.safeParse(route.group_interval)
  return {
    receiver: typeof route.receiver === 'string' ? route.receiver : above.receiver,
    groupBy: Array.isArray(route.group_by) ? route.group_by.map(String) : above.groupBy,
    groupIntervalS: interval.success ? interval.data : above.groupIntervalS,
    conditions: [...above.conditions, match],
  }
}

function ruleOf({ place, name }: At, { receiver, groupBy, groupIntervalS, conditions }: Inherited, receivers: ReceiverNames): Converted {
  const recipients = receiver === null ? undefined : receivers.get(receiver)
  const leftOut = (text: string): Converted => ({ ...nothing, leftOut: [{ place, text }] })
  // Everything that comes here goes further.
  if (conditions.some((scope) => scope.kind === 'not' && scope.of.kind === 'all')) return nothing
  if (recipients === undefined) return leftOut(`there is no receiver ${receiver ?? ''}`.trim())
  if (recipients === null) return leftOut(`to ${receiver}: nothing here stands for that receiver`)
  if (recipients.length === 0) return nothing
  const scope = printScope(allOf(conditions))
  if (scope.length > ruleScopeCharsMax) return leftOut(`to ${receiver}: the scope would be longer than ${ruleScopeCharsMax} characters`)
  const seconds = Math.min(bundleSecondsMax, Math.round(groupIntervalS))
  // Only where all of its alerts are one group: a rule gathers per receiver, whatever the tags.
  const bundle = groupBy.length === 0 && seconds > 0 ? { bundle_config: { duration: seconds } } : {}
  return { ...nothing, rules: [{ key: name, place, body: { name, filter: { scope }, recipients, ...bundle } }] }
}

function negated(scope: Scope): Scope {
  return scope.kind === 'not' ? scope.of : { kind: 'not', of: scope }
}

/** What a rule has no word for. */
function remarksOf(route: Body, place: string): Remark[] {
  const { group_by: groupBy, repeat_interval: repeat, mute_time_intervals: muted, active_time_intervals: active } = route
  const remarks: (string | null)[] = [
    Array.isArray(groupBy) && groupBy.length > 0 && !groupBy.includes('...')
      ? `group_by: each monitor tells by itself; its \`notify_by\` gathers its groups (${groupBy.map(String).join(', ')})`
      : null,
    repeat === undefined ? null : `repeat_interval: monitors say how often they repeat (\`renotify_interval\`)`,
    isGiven(muted) ? 'mute_time_intervals: plan a downtime by rules' : null,
    isGiven(active) ? 'active_time_intervals: plan a downtime by rules for all other times' : null,
  ]
  return remarks.flatMap((text) => (text === null ? [] : [{ place, text }]))
}

const isGiven = (list: unknown): boolean => Array.isArray(list) && list.length > 0
