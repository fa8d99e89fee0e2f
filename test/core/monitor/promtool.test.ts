/**
 * The durations of this state machine against a judge that nobody here wrote: Prometheus' own rule manager, run offline by
 * `promtool test rules` (Debian package prometheus ≥ 2.42, which knows keep_firing_for). Threshold rules with `for` and
 * `keep_firing_for` on random series with gaps; the set of firing groups must agree at every minute.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { evaluated, minuteMs, play, stateOf } from './fixtures.ts'

const promtool = spawnSync('promtool', ['--version']).status === 0
if (!promtool) console.log('promtool is not installed (Debian package prometheus): Prometheus does not judge the durations in this run')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-promtool-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const minutes = 40
const hosts = ['a', 'b', 'c', 'd', 'e']
const comparators = ['>', '>=', '<', '<='] as const
type Series = readonly (number | null)[]
type Rule = Readonly<{
  name: string
  comparator: (typeof comparators)[number]
  holdMinutes: number
  keepMinutes: number
  series: Readonly<Record<string, Series>>
}>

/** Runs of the same value rather than noise: durations are met and missed both. */
const series = fc
  .array(fc.tuple(fc.constantFrom(95, 95, 90, 10, 10, null), fc.integer({ min: 1, max: 7 })), { minLength: 6, maxLength: minutes })
  .map((runs) => runs.flatMap(([value, length]) => Array.from({ length }, () => value)))
  .map((values) => Array.from({ length: minutes }, (_, index) => values[index] ?? 10))
const rule = fc.record({
  comparator: fc.constantFrom(...comparators),
  holdMinutes: fc.integer({ min: 0, max: 5 }),
  keepMinutes: fc.integer({ min: 0, max: 5 }),
  series: fc.record({ a: series, b: series, c: series, d: series, e: series }),
})

test.runIf(promtool)('the same groups fire at the same minutes as under Prometheus', { timeout: 120_000 }, () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log(`promtool: seed ${seed}`)
  const rules = fc.sample(rule, { seed, numRuns: 60 }).map((sample, index): Rule => ({ ...sample, name: `rule_${index}` }))
  writeFileSync(join(folder, 'rules.yml'), stringify({ groups: rules.map(groupOf) }))
  writeFileSync(join(folder, 'test.yml'), stringify({ rule_files: ['rules.yml'], evaluation_interval: '1m', tests: rules.map(testOf) }))
  const judged = spawnSync('promtool', ['test', 'rules', 'test.yml'], { cwd: folder, encoding: 'utf8' })
  expect(`${judged.stdout}${judged.stderr}`).toContain('SUCCESS')
  expect(judged.status).toBe(0)
  // The judge had something to judge: some minutes have firing groups, some have none.
  const firing = rules.flatMap(firingByMinute)
  expect(firing.some((groups) => groups.length > 0) && firing.some((groups) => groups.length === 0)).toBe(true)
})

function groupOf({ name, comparator, holdMinutes, keepMinutes }: Rule): unknown {
  return {
    name,
    rules: [{ alert: name, expr: `${name}_value ${comparator} 90`, for: `${holdMinutes}m`, keep_firing_for: `${keepMinutes}m` }],
  }
}

/** What must fire at each minute, by our own state machine. */
function testOf(subject: Rule): unknown {
  const values = (list: Series): string => list.map((value) => value ?? 'stale').join(' ')
  return {
    interval: '1m',
    input_series: hosts.map((host) => ({ series: `${subject.name}_value{host="${host}"}`, values: values(subject.series[host] ?? []) })),
    alert_rule_test: firingByMinute(subject).map((firing, minute) => ({
      eval_time: `${minute}m`,
      alertname: subject.name,
      exp_alerts: firing.map((host) => ({ exp_labels: { host } })),
    })),
  }
}

function firingByMinute({ comparator, holdMinutes, keepMinutes, series: byHost }: Rule): string[][] {
  let state = stateOf({
    comparator,
    thresholds: { critical: 90, warning: null, criticalRecovery: null, warningRecovery: null },
    holdMs: holdMinutes * minuteMs,
    keepFiringMs: keepMinutes * minuteMs,
    // In Prometheus a series that is gone is a condition that doesn't hold.
    missing: { action: 'resolve', timeframeMs: minuteMs },
  })
  return Array.from({ length: minutes }, (_, minute) => {
    const present = hosts.flatMap((host) => {
      const value = byHost[host]?.[minute] ?? null
      return value === null ? [] : [[`host:${host}`, value] as const]
    })
    state = play(state, [(now) => evaluated(now, Object.fromEntries(present))]).state
    return hosts.filter((host) => state.groups[`host:${host}`]?.status === 'Alert')
  })
}
