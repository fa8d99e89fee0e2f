/** What is left when all has come to rest: empty queues, every monitor running, and logs without secrets. Pure. Read next: check.ts. */
import type { Verdict } from './invariant.ts'

export type Counts = Readonly<{
  /** Notifications for which nobody has written down who is told. */
  unplanned: number
  /** Deliveries that are still to be tried. */
  open: number
  /** Deliveries that were given up. */
  dead: number
  /** Workflows of monitors. */
  running: number
  /** Workflows of notifications. */
  telling: number
}>

/** `problems`: what didn't come to rest in time, in words. */
export function judgeRest(counts: Counts, monitors: number, problems: readonly string[]): Verdict {
  const all: readonly (readonly [string, number, number])[] = [
    ['notifications that nobody planned', counts.unplanned, 0],
    ['deliveries that are open', counts.open, 0],
    ['deliveries that were given up', counts.dead, 0],
    ['workflows of monitors that run', counts.running, monitors],
    ['workflows of notifications that run', counts.telling, 0],
  ]
  const wrong = all.filter(([, is, must]) => is !== must).map(([what, is, must]) => `${is} ${what}, expected ${must}`)
  return {
    invariant: 'all queues are drained, and every monitor runs',
    looked: `${all.length} counts`,
    violations: [...problems, ...wrong],
  }
}

/** `logs`: name → text. */
export function judgeLogs(logs: Readonly<Record<string, string>>, secrets: readonly string[]): Verdict {
  const violations = Object.entries(logs).flatMap(([name, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${name} holds ${secret.slice(0, 6)}…`),
  )
  return { invariant: 'no secret stands in a log', looked: `${Object.keys(logs).length} logs`, violations }
}
