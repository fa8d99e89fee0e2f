/**
 * The names and payloads by which the world talks to a monitor's workflow. Handlers only enqueue; the loop decides.
 * No behaviour here: the API and the runtime adapter import this file outside the workflow sandbox.
 * Read next: monitor.ts.
 */
import { defineSearchAttributeKey } from '@temporalio/common'
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { Named, Said } from '../core/monitor/acknowledge.ts'
import type { Ledger } from '../core/monitor/ledger.ts'
import type { Snapshot } from '../core/monitor/snapshot.ts'
import type { Status } from '../core/monitor/spec-types.ts'
import type { MonitorState } from '../core/monitor/types.ts'

/** Argument of the `monitor` workflow. Only continue-as-new passes a snapshot; everybody else lets it load. */
export type MonitorInput = Readonly<{ monitorId: number; snapshot?: Snapshot }>

/** Argument of the `notify` workflow. */
export type NotifyInput = Readonly<{ monitorId: number; sequence: number }>

/** Argument of the `deliver` workflow, the lane of a receiver. */
export type LaneInput = Readonly<{ receiver: string }>

/** Argument of the `reconcile` workflow. */
export type ReconcileInput = Readonly<{ pass: number }>

/** The definition changed: load it. The version is a hint for readers of the history; the newest one is loaded. */
export const respecifySignal = defineSignal<[Readonly<{ version: number }>]>('respecify')
export const pauseSignal = defineSignal('pause')
export const resumeSignal = defineSignal('resume')
export const stopSignal = defineSignal('stop')
/** Groups (all with `*`) are OK now and judged afresh at the next evaluation. Also as an update that answers. */
export const resolveSignal = defineSignal<[Readonly<{ groups: '*' | readonly string[] }>]>('resolve')

/** To a lane: something is open for its receiver, perhaps. */
export const wakeSignal = defineSignal('wake')

export type ResolveAnswer = Readonly<{ resolved: readonly string[] }>
export const resolveUpdate = defineUpdate<ResolveAnswer, [Readonly<{ groups: '*' | readonly string[] }>]>('resolveNow')

/** Groups (or bundles) by name, or all that isn't OK; `said` null = they are acknowledged no more. */
export type AcknowledgeAsk = Readonly<{ groups: Named; said: Said }>
/** `refused`: why nothing was done, as sentences. */
export type AcknowledgeAnswer = Readonly<{ acknowledged: readonly string[]; refused: readonly string[] }>
export const acknowledgeUpdate = defineUpdate<AcknowledgeAnswer, [AcknowledgeAsk]>('acknowledge')

export type EvaluateNowAnswer = Readonly<{ slot: number; outcome: string; overall: Status; transitions: number }>
export const evaluateNowUpdate = defineUpdate<EvaluateNowAnswer, []>('evaluateNow')

export type StateAnswer = Readonly<{ state: MonitorState; ledger: Ledger }>
export const stateQuery = defineQuery<StateAnswer>('state')
/** The last evaluations, newest last; at most core/monitor/ledger.ts recentMax. */
export const evaluationsQuery = defineQuery<Ledger['recent']>('evaluations')

export const searchAttributes = {
  monitorId: defineSearchAttributeKey('MonitorId', 'KEYWORD'),
  monitorState: defineSearchAttributeKey('MonitorState', 'KEYWORD'),
  monitorType: defineSearchAttributeKey('MonitorType', 'KEYWORD'),
  monitorPriority: defineSearchAttributeKey('MonitorPriority', 'INT'),
  monitorTags: defineSearchAttributeKey('MonitorTags', 'KEYWORD_LIST'),
} as const

/** As `temporal operator search-attribute create` and `start-dev --search-attribute` name the types. */
export const searchAttributeTypes = {
  MonitorId: 'Keyword',
  MonitorState: 'Keyword',
  MonitorType: 'Keyword',
  MonitorPriority: 'Int',
  MonitorTags: 'KeywordList',
} as const

export const workflowIdOf = (monitorId: number): string => `monitor-${monitorId}`
export const notifyWorkflowIdOf = (monitorId: number, sequence: number): string => `notify-${monitorId}-${sequence}`
export const laneWorkflowIdOf = (receiver: string): string => `deliver-${receiver}`
export const reconcileWorkflowId = 'reconcile'
