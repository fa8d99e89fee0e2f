/**
 * Monitors that hold each other: of those that wait in a circle the one with the lowest id waits for none of the others, so that
 * somebody hears of it. Circles of ids are refused where they are written (api/causes.ts); those of tags come and go with tags.
 */
import { isNamed } from './causes.ts'
import type { InhibitRule } from './spec-types.ts'

export type Inhibited = Readonly<{ monitorId: number; tags: readonly string[]; rules: readonly InhibitRule[] }>

/**
 * Those that don't hold `self`, though its rules may name them: they wait for it themselves, directly or through others, and have
 * the higher id. What is left of who holds whom has no circle. `all`: every monitor that has rules.
 */
export function waitingFor(self: Pick<Inhibited, 'monitorId' | 'tags'>, all: readonly Inhibited[]): ReadonlySet<number> {
  const waiting = new Set<number>()
  const asked: Pick<Inhibited, 'monitorId' | 'tags'>[] = [self]
  for (let next = asked.pop(); next !== undefined; next = asked.pop()) {
    for (const one of all) {
      if (waiting.has(one.monitorId) || one.monitorId === next.monitorId) continue
      const cause = next
      if (!one.rules.some((rule) => isNamed(rule, cause))) continue
      waiting.add(one.monitorId)
      asked.push(one)
    }
  }
  return new Set([...waiting].filter((monitorId) => monitorId > self.monitorId))
}
