import type { RuleShare } from './match.ts'

/** Who gathers, and for how long after a first message. */
export type RuleBundle = Readonly<{ ruleId: string; durationS: number }>

/** For those whom only rules that gather name: whoever else names somebody wants it to be told at once. Of several the shortest counts. */
export function bundlesOf(handles: readonly string[], shares: readonly RuleShare[]): ReadonlyMap<string, RuleBundle> {
  const found = new Map<string, RuleBundle>()
  const atOnce = new Set(handles)
  for (const { rule, recipients } of shares) {
    for (const recipient of recipients) {
      const known = found.get(recipient)
      if (rule.bundleS === null) atOnce.add(recipient)
      else if (known === undefined || rule.bundleS < known.durationS) found.set(recipient, { ruleId: rule.id, durationS: rule.bundleS })
    }
  }
  for (const recipient of atOnce) found.delete(recipient)
  return found
}

/** What all messages of one commit for a receiver have in common: null where one of them is to be told at once. */
export function commonBundle(bundles: readonly (RuleBundle | undefined)[]): RuleBundle | null {
  const [first] = bundles
  if (first === undefined) return null
  let shortest = first
  for (const bundle of bundles) {
    if (bundle === undefined) return null
    if (bundle.durationS < shortest.durationS) shortest = bundle
  }
  return shortest
}
