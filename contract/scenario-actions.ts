/**
 * What people do in a scenario, in order: each edit is laid over what the monitor has become by then, and checked as a whole.
 * Read next: scenario.ts.
 */
import type { Definition } from '../core/monitor/spec.ts'
import { mergePatch } from '../core/scenario/merge.ts'
import type { ScenarioAction } from '../core/scenario/types.ts'
import { parseDefinition } from './parse.ts'
import type { ActionText, Report, ScenarioText } from './scenario-shape.ts'

type JsonObject = Readonly<Record<string, unknown>>

/** Any id will do: it only moves the grid within the interval. */
const monitorId = 1

/** `slots`: how many there are. */
export function readActions(text: ScenarioText, monitor: JsonObject, slots: number, report: Report): ScenarioAction[] {
  const inOrder = text.actions.map((action, index) => ({ action, index })).sort((one, other) => one.action.after - other.action.after)
  let current = monitor
  return inOrder.flatMap(({ action, index }) => {
    const place = ['actions', index] as const
    const { after, edit } = action
    if (after >= slots) report([...place, 'after'], `there are only ${slots} slots, 0 to ${slots - 1}`)
    if (isAway(text, after)) report([...place, 'after'], 'the engine is down then and hears of nothing')
    if (edit === undefined) return deedOf(action)
    current = mergePatch(current, edit)
    const edited = definitionOf(current)
    if (edited.ok) return [{ after, kind: 'edit', definition: edited.value }]
    for (const error of edited.errors) report([...place, 'edit'], `the monitor after this edit: ${error}`)
    return []
  })
}

type DefinitionResult = Readonly<{ ok: true; value: Definition } | { ok: false; errors: readonly string[] }>

/** A monitor, held to the same checks as one that is posted. */
export function definitionOf(monitor: JsonObject): DefinitionResult {
  const parsed = parseDefinition(monitor)
  if (!parsed.ok) return parsed
  const { type, name, query, priority, tags, draft_status: draftStatus, options } = parsed.value
  return { ok: true, value: { monitorId, version: 1, type, name, query, priority, tags, draftStatus, options } }
}

/** The engine goes away halfway before the first slot of an outage, and is back halfway after the last. */
function isAway(text: ScenarioText, after: number): boolean {
  return (text.engine_down ?? []).some(({ first, last }) => after >= first - 1 && after <= last)
}

function deedOf({ after, mute, until, unmute, resolve, ack, by, note, unack, pause, resume }: ActionText): ScenarioAction[] {
  if (mute !== undefined) return [{ after, kind: 'mute', scope: mute, until: until ?? null }]
  if (unmute !== undefined) return [{ after, kind: 'unmute', scope: unmute === 'all' ? null : unmute }]
  if (resolve !== undefined) return [{ after, kind: 'resolve', groups: allOr(resolve) }]
  if (ack !== undefined) return [{ after, kind: 'ack', groups: allOr(ack), by: by ?? 'somebody', until: until ?? null, note: note ?? null }]
  if (unack !== undefined) return [{ after, kind: 'unack', groups: allOr(unack) }]
  if (pause === true) return [{ after, kind: 'pause' }]
  return resume === true ? [{ after, kind: 'resume' }] : []
}

function allOr(groups: readonly string[]): '*' | readonly string[] {
  return groups.includes('*') ? '*' : groups
}
