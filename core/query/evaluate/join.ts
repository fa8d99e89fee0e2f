/**
 * Two frames as one, group by group: groups with the same tags meet, and one side may have fewer keys (or none): each of its groups goes
 * with all that have its tags. A group without a counterpart is left out.
 */
import { groupKey, parseGroupKey } from '../../monitor/group.ts'
import { type Frame, finite, frameOf, spanOf, type Values } from '../frame.ts'
import type { ArithmeticExpression } from '../metric-nodes.ts'
import { Impossible } from './impossible.ts'

export type Grouped = Readonly<{ frame: Frame; groupBy: readonly string[] }>

export function combine(operator: ArithmeticExpression['operator'], left: Grouped, right: Grouped): Frame {
  const apply = operations[operator]
  const series: Record<string, Values> = {}
  for (const [group, ofLeft, ofRight] of pairs(left, right)) series[group] = zip(ofLeft, ofRight, apply)
  return frameOf(spanOf(left.frame), series)
}

/** The keys of what two sides make together. Sorted, as theirs are. */
export function joinedKeys(left: readonly string[], right: readonly string[]): readonly string[] {
  if (isSubset(right, left)) return left
  if (isSubset(left, right)) return right
  throw new Impossible(`groups by ${left.join(',')} and by ${right.join(',')} can’t be joined: one side must have all keys of the other`)
}

/** Groups of both that belong together. */
export function joinedGroups(left: readonly string[], leftBy: readonly string[], right: readonly string[], rightBy: readonly string[]) {
  const fewer = isSubset(rightBy, leftBy) ? { groups: new Set(right), by: rightBy } : { groups: new Set(left), by: leftBy }
  const more = isSubset(rightBy, leftBy) ? left : right
  return more.filter((group) => fewer.groups.has(narrowed(group, fewer.by)))
}

const operations: Readonly<Record<ArithmeticExpression['operator'], (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}

function* pairs(left: Grouped, right: Grouped): Generator<readonly [string, Values, Values]> {
  joinedKeys(left.groupBy, right.groupBy)
  const leftHasMore = isSubset(right.groupBy, left.groupBy)
  const more = leftHasMore ? left : right
  const fewer = leftHasMore ? right : left
  const alike = more.groupBy.length === fewer.groupBy.length
  for (const group in more.frame.series) {
    const values = more.frame.series[group]
    const other = fewer.frame.series[alike ? group : narrowed(group, fewer.groupBy)]
    if (values === undefined || other === undefined) continue
    yield leftHasMore ? [group, values, other] : [group, other, values]
  }
}

/** Not known on one side is not known. */
function zip(left: Values, right: Values, apply: (a: number, b: number) => number): Values {
  return left.map((a, i) => {
    const b = right[i] ?? null
    return a === null || b === null ? null : finite(apply(a, b))
  })
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  return some.every((key) => all.includes(key))
}

/** The group that a group is in, by some of its keys. */
export function narrowed(group: string, keys: readonly string[]): string {
  if (keys.length === 0) return '*'
  return groupKey(Object.fromEntries(Object.entries(parseGroupKey(group)).filter(([key]) => keys.includes(key))))
}
