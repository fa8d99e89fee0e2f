/**
 * From the data of a scenario file to scenarios that can be run, or all that is wrong with it, each with its place.
 * A monitor is held to the same checks as one that is posted. Never reads files: the command line finds the lines.
 * Read next: scenario-shape.ts, core/scenario/run.ts, docs/scenarios.md.
 */
import type { z } from 'zod'
import { keepsGroup } from '../core/monitor/identity.ts'
import type { Definition } from '../core/monitor/spec.ts'
import { queryFacts } from '../core/query/facts.ts'
import { mergePatch } from '../core/scenario/merge.ts'
import type { Scenario, SlotReading } from '../core/scenario/types.ts'
import { monitorOptions } from './options.ts'
import { definitionOf, readActions } from './scenario-actions.ts'
import { readCauses } from './scenario-causes.ts'
import { readDowntimes } from './scenario-downtimes.ts'
import { type Report, type ScenarioText, scenarioFileShape, scenarioShape } from './scenario-shape.ts'
import { readSlots, readTimes } from './scenario-slots.ts'

export type Path = readonly (string | number)[]
/** `path` leads to the value that is wrong, in the data of the file. */
export type ScenarioIssue = Readonly<{ path: Path; message: string }>
/** `path` leads to the scenario. */
export type PlacedScenario = Readonly<{ path: Path; scenario: Scenario }>
export type ParsedScenarios = Readonly<{ scenarios: readonly PlacedScenario[]; issues: readonly ScenarioIssue[] }>

type JsonObject = Readonly<Record<string, unknown>>

/** A Thursday at midnight. Any time will do as long as it stays the same. */
const startDefaultMs = Date.UTC(2026, 0, 1)

/** One scenario, or several under `scenarios`. */
export function parseScenarios(data: unknown): ParsedScenarios {
  if (typeof data !== 'object' || data === null || !('scenarios' in data)) return parseScenario(data, [], {}, startDefaultMs)
  const file = scenarioFileShape.safeParse(data)
  if (!file.success) return { scenarios: [], issues: issuesOf(file.error, []) }
  const { monitor, start } = file.data
  const parsed = file.data.scenarios.map((scenario, index) =>
    parseScenario(scenario, ['scenarios', index], monitor, start ?? startDefaultMs),
  )
  return {
    scenarios: parsed.flatMap(({ scenarios }) => scenarios),
    issues: [...parsed.flatMap(({ issues }) => issues), ...namesakes(parsed)],
  }
}

function parseScenario(data: unknown, path: Path, sharedMonitor: JsonObject, startMs: number): ParsedScenarios {
  const shape = scenarioShape.safeParse(data)
  if (!shape.success) return { scenarios: [], issues: issuesOf(shape.error, path) }
  const issues: ScenarioIssue[] = []
  const report = (place: Path, message: string): void => void issues.push({ path: [...path, ...place], message })
  const text = shape.data
  const monitor = mergePatch({ name: text.name, message: '', ...sharedMonitor }, text.monitor)
  const definition = definitionOf(monitor)
  if (!definition.ok) {
    for (const error of definition.errors) report('monitor' in Object(data) ? ['monitor'] : [], `the monitor: ${error}`)
    return { scenarios: [], issues }
  }
  const slots = readSlots(text, report)
  const actions = readActions(text, monitor, slots.length, report)
  const definitions = [definition.value, ...actions.flatMap((action) => (action.kind === 'edit' ? [action.definition] : []))]
  checkGroups(text, definitions, report)
  checkPartial(slots, definitions, report)
  checkSchedules(definitions, report)
  const agenda = readTimes(text, slots.length, hasSchedule(definition.value), report)
  const scenario: Scenario = {
    name: text.name,
    definition: definition.value,
    groupsMax: text.groups_max ?? null,
    startMs: text.start ?? agenda?.[0] ?? startMs,
    slots,
    agenda,
    actions,
    downtimes: readDowntimes(text.downtimes, slots.length, report),
    causes: readCauses(text.causes, slots.length, report),
    outages: text.engine_down ?? [],
    expect: text.expect,
    end: { overall: text.end?.overall ?? null, groups: text.end?.groups ?? null, health: text.end?.health ?? null },
  }
  return issues.length > 0 ? { scenarios: [], issues } : { scenarios: [{ path, scenario }], issues }
}

/** A group with other tags than the query groups by is a slip of the pen: no evaluation could find it. */
function checkGroups(text: ScenarioText, definitions: readonly Definition[], report: Report): void {
  const facts = definitions.map(({ type, query, options }) => queryFacts(type, query, options.variables))
  const check = (place: Path, group: string): void => {
    if (facts.some((fact) => fact === null || fact.groupBy === null || keepsGroup({ groupBy: [...fact.groupBy].sort() }, group))) return
    const keys = facts[0]?.groupBy ?? []
    report(
      place,
      `no group of this monitor is called ${group}: ${keys.length === 0 ? 'its query has no groups, use * or leave the name out' : `its query groups by {${keys.join(',')}}`}`,
    )
  }
  for (const name of Object.keys(text.series ?? {})) check(['series', name], name)
  for (const [range, reading] of Object.entries(text.slots ?? {})) {
    if (reading.kind === 'values') for (const name of [...Object.keys(reading.values), ...reading.partial]) check(['slots', range], name)
  }
  const others = otherUnits(definitions)
  for (const [index, { group }] of text.expect.entries())
    if (!others.some((unit) => keepsGroup(unit, group))) check(['expect', index], group)
  for (const name of Object.keys(text.end?.groups ?? {})) check(['end', 'groups', name], name)
}

/** What a line may be about beside groups. */
function otherUnits(definitions: readonly Definition[]): { groupBy: readonly string[] }[] {
  return definitions.flatMap(({ options }) => {
    const { notify_by: keys } = options
    // A bundle: the tags that its groups have in common.
    const bundle = Array.isArray(keys) ? [{ groupBy: keys.filter((key) => key !== '*').sort() }] : []
    // A monitor whose source failed before it saw a group is told of as a whole.
    return (options.on_evaluation_error ?? 'keep') === 'keep' ? bundle : [...bundle, { groupBy: [] }]
  })
}

/** Only a monitor that requires a full window asks whether it is one. */
function checkPartial(slots: readonly SlotReading[], definitions: readonly Definition[], report: Report): void {
  if (definitions.some(({ options }) => options.require_full_window === true)) return
  const slot = slots.findIndex((reading) => reading.kind === 'values' && reading.partial.length > 0)
  if (slot >= 0) report([], `slot ${slot} has a value with ~, but the monitor doesn’t say require_full_window: leave the ~ out`)
}

/** The slots of a scenario lie on a grid or at times of their own, from beginning to end. */
function checkSchedules([first, ...edits]: readonly Definition[], report: Report): void {
  if (first !== undefined && edits.some((edited) => hasSchedule(edited) !== hasSchedule(first)))
    report(['actions'], 'an edit can’t give the monitor a schedule of its own, or take it away, within a scenario')
}

function hasSchedule({ options }: Definition): boolean {
  const scheduling = monitorOptions.shape.scheduling_options.safeParse(options.scheduling_options)
  return (scheduling.data?.custom_schedule?.recurrences ?? []).length > 0
}

function namesakes(parsed: readonly ParsedScenarios[]): ScenarioIssue[] {
  const seen = new Set<string>()
  return parsed.flatMap(({ scenarios }) =>
    scenarios.flatMap(({ path, scenario }) => {
      const known = seen.has(scenario.name)
      seen.add(scenario.name)
      return known
        ? [{ path: [...path, 'name'], message: `another scenario of this file is called ${JSON.stringify(scenario.name)}, too` }]
        : []
    }),
  )
}

function issuesOf(error: z.ZodError, path: Path): ScenarioIssue[] {
  return error.issues.flatMap((issue) => {
    const place = [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))]
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...place, key], message: `unknown field ${JSON.stringify(key)}` }))
    return [{ path: place, message: issue.message }]
  })
}
