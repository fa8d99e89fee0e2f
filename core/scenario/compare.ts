/**
 * Whether what came out is what was expected, and if not, a difference that a person can read.
 * Transitions must agree one by one and in order; what an expectation leaves out isn't compared.
 */
import type { Health, MonitorState } from '../monitor/types.ts'
import { slotNumberOf } from './plan.ts'
import type { ScenarioRun } from './run.ts'
import { type PlacedTransition, printExpected, printTransition } from './transition-line.ts'
import type { ExpectedEnd, ExpectedTransition, Scenario } from './types.ts'

/** Lines: ` ` agrees, `-` expected and didn't come, `+` came and wasn't expected. Empty = all is as expected. */
export function compareRun(scenario: Scenario, run: ScenarioRun): readonly string[] {
  const expected = scenario.expect.map((transition) => ({ slot: slotNumberOf(run.plan, transition.at), transition }))
  const lines = compareTransitions(expected, run.transitions)
  return [...(lines.every((line) => line.startsWith(' ')) ? [] : lines), ...compareEnd(scenario.end, run.state)]
}

type Expected = Readonly<{ slot: number; transition: ExpectedTransition }>

/** The longest common subsequence stays; all else is shown as missing or as unexpected, in order of slots. */
function compareTransitions(expected: readonly Expected[], got: readonly PlacedTransition[]): string[] {
  const lengths = commonLengths(expected, got)
  const lines: string[] = []
  let e = 0
  let g = 0
  while (e < expected.length || g < got.length) {
    const want = expected[e]
    const have = got[g]
    if (want !== undefined && have !== undefined && agrees(want, have)) {
      lines.push(`  ${printTransition(have)}`)
      e += 1
      g += 1
    } else if (want !== undefined && (have === undefined || (lengths[e + 1]?.[g] ?? 0) >= (lengths[e]?.[g + 1] ?? 0))) {
      lines.push(`- ${printExpected(want.transition, want.slot)}`)
      e += 1
    } else if (have !== undefined) {
      lines.push(`+ ${printTransition(have)}`)
      g += 1
    }
  }
  return lines
}

/** lengths[e][g] = how many transitions from e and g on agree in order. */
function commonLengths(expected: readonly Expected[], got: readonly PlacedTransition[]): number[][] {
  const lengths = Array.from({ length: expected.length + 1 }, () => Array.from({ length: got.length + 1 }, () => 0))
  for (let e = expected.length - 1; e >= 0; e -= 1) {
    for (let g = got.length - 1; g >= 0; g -= 1) {
      const want = expected[e]
      const have = got[g]
      const row = lengths[e]
      if (want === undefined || have === undefined || row === undefined) continue
      row[g] = agrees(want, have) ? 1 + (lengths[e + 1]?.[g + 1] ?? 0) : Math.max(lengths[e + 1]?.[g] ?? 0, row[g + 1] ?? 0)
    }
  }
  return lengths
}

function agrees({ slot, transition: want }: Expected, { slot: gotSlot, transition: got }: PlacedTransition): boolean {
  if (slot !== gotSlot || want.group !== got.group || want.from !== got.from || want.to !== got.to) return false
  if (want.reason !== null && want.reason !== got.reason) return false
  if (want.value !== null && want.value !== got.value) return false
  if (want.notify === null) return true
  return want.notify.send === got.notify.send && (want.notify.reason === null || want.notify.reason === got.notify.reason)
}

function compareEnd(end: ExpectedEnd, state: MonitorState): string[] {
  return [
    ...different('overall', end.overall, state.overall),
    ...different('groups', end.groups === null ? null : printGroups(end.groups), printGroups(statusesOf(state))),
    ...different('health', printExpectedHealth(end.health), printHealth(state.health, end.health)),
  ]
}

function different(what: string, expected: string | null, got: string): string[] {
  return expected === null || expected === got ? [] : [`- at the end, ${what}: ${expected}`, `+ at the end, ${what}: ${got}`]
}

function statusesOf(state: MonitorState): Record<string, string> {
  return Object.fromEntries(Object.entries(state.groups).map(([key, group]) => [key, group.status]))
}

function printGroups(groups: Readonly<Record<string, string>>): string {
  const texts = Object.keys(groups)
    .sort()
    .map((key) => `${key} ${groups[key]}`)
  return texts.length === 0 ? 'none' : texts.join(', ')
}

function printExpectedHealth(health: ExpectedEnd['health']): string | null {
  if (health === null) return null
  const detail = health.reason ?? (health.refused === null ? null : String(health.refused))
  return detail === null ? health.kind : `${health.kind} (${detail})`
}

/** As much of it as the expectation speaks of. */
function printHealth(health: Health, expected: ExpectedEnd['health']): string {
  const saysMore = expected === null || expected.kind !== health.kind || expected.reason !== null || expected.refused !== null
  if (health.kind === 'healthy' || !saysMore) return health.kind
  return `${health.kind} (${health.kind === 'failing' ? health.reason : health.refused})`
}
