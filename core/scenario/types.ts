/**
 * A golden timeline: a monitor, what each slot observed, what people did meanwhile, and the transitions that must come of it.
 * Plain data as the runner takes it: texts are read (contract/scenario.ts) and the definition checked before.
 * Read next: run.ts, docs/scenarios.md.
 */
import type { FiringGroup } from '../monitor/causes.ts'
import type { Definition } from '../monitor/spec.ts'
import type { Status } from '../monitor/spec-types.ts'
import type { Downtime, Health, Scope } from '../monitor/types.ts'

/** What the source answered for one slot. A group without a value is missing, but for those whose window isn't full. */
export type SlotReading = Readonly<
  | { kind: 'values'; values: Readonly<Record<string, number>>; partial: readonly string[] }
  | { kind: 'failed'; reason: string }
  | { kind: 'skipped'; reason: string }
>

/** A slot by its number (the first is 0), or a time in epoch ms: the first slot at or after it. */
export type Moment = Readonly<{ kind: 'slot'; slot: number } | { kind: 'time'; atMs: number }>

/** What somebody does halfway between slot `after` and the next. */
export type ScenarioAction = Readonly<
  { after: number } & (
    | { kind: 'edit'; definition: Definition }
    | { kind: 'mute'; scope: string; until: Moment | null }
    /** null = all mutes. */
    | { kind: 'unmute'; scope: string | null }
    | { kind: 'resolve'; groups: '*' | readonly string[] }
    | { kind: 'ack'; groups: '*' | readonly string[]; by: string; until: Moment | null; note: string | null }
    | { kind: 'unack'; groups: '*' | readonly string[] }
    | { kind: 'pause' }
    | { kind: 'resume' }
  )
>

/** A downtime over the scenario's monitor. `from` and `until` at a slot's number mean that slot's own time. */
export type ScenarioDowntime = Readonly<{
  id: string
  scope: Scope
  from: Moment
  /** null = until it is canceled. */
  until: Moment | null
  notifyEndStates: readonly Status[]
  notifyEndTypes: Downtime['notifyEndTypes']
  muteFirstRecovery: boolean
  /** It is canceled halfway between this slot and the next; null = it isn't. */
  canceledAfter: number | null
}>

/** A group of another monitor that fires from a slot on. */
export type ScenarioCause = Readonly<{ firing: FiringGroup; from: Moment /** null = to the end. */; until: Moment | null }>

/** null = not compared. */
export type ExpectedTransition = Readonly<{
  at: Moment
  group: string
  from: Status
  to: Status
  reason: string | null
  value: number | null
  notify: Readonly<{ send: boolean; reason: string | null }> | null
}>

/** What holds after the last slot and the last action; null = not compared. */
export type ExpectedEnd = Readonly<{
  overall: Status | null
  /** All groups that are tracked then, and no other. */
  groups: Readonly<Record<string, Status>> | null
  health: Readonly<{ kind: Health['kind']; reason: string | null; refused: number | null }> | null
}>

export type Scenario = Readonly<{
  name: string
  definition: Definition
  /** Limit of tracked groups; null = the engine's own. */
  groupsMax: number | null
  startMs: number
  slots: readonly SlotReading[]
  /** The time of each slot of a monitor with a schedule of its own, ascending, the first one at or after `startMs`; null = the grid. */
  agenda: readonly number[] | null
  /** In the order in which they happen. */
  actions: readonly ScenarioAction[]
  downtimes: readonly ScenarioDowntime[]
  causes: readonly ScenarioCause[]
  /** Slots (first and last) in which the engine is away: they are evaluated afterwards and must come out the same. */
  outages: readonly Readonly<{ first: number; last: number }>[]
  expect: readonly ExpectedTransition[]
  end: ExpectedEnd
}>

const statuses: Readonly<Record<Status, true>> = { OK: true, Warn: true, Alert: true, 'No Data': true, Unknown: true }

export const statusNames: readonly string[] = Object.keys(statuses)

export function isStatus(text: string): text is Status {
  return Object.hasOwn(statuses, text)
}
