/**
 * Effects of step(), carried out: commit first, then tell. No decision here.
 * Read next: core/monitor/draft.ts, where effects come from.
 */

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  isCancellation,
  ParentClosePolicy,
  proxyLocalActivities,
  setCurrentDetails,
  startChild,
  TemporalFailure,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { assertNever } from '../core/assert.ts'
import { indexedTags } from '../core/monitor/indexed-tags.ts'
import type { MonitorSpec, Status } from '../core/monitor/spec-types.ts'
import type { Effect } from '../core/monitor/types.ts'
import { taskQueues } from '../core/schedule/queues.ts'
import { notifyWorkflowIdOf, searchAttributes } from './messages.ts'
import { notify } from './notify.ts'

const { commit } = proxyLocalActivities<Pick<Activities, 'commit'>>({
  // Longer than the store's own statement timeout (15 s), so that its error arrives instead of ours.
  startToCloseTimeout: '20s',
  // A connection that broke. Where that isn't all, the decision waits in the outbox, and the monitor goes on.
  retry: { initialInterval: '50ms', maximumAttempts: 2 },
})

/**
 * `diverged`: the store holds another decision under this number; `moved`: the monitor lives in another cell. Nothing of these effects was
 * carried out then. `away`: it gave no answer, and nothing was carried out as far as anybody knows.
 */
export async function perform(effects: readonly Effect[]): Promise<'done' | 'diverged' | 'moved' | 'away'> {
  for (const effect of effects) {
    switch (effect.kind) {
      case 'commit': {
        const outcome = await unlessAway(commit(effect.commit))
        if (outcome === 'diverged' || outcome === 'moved' || outcome === 'away') return outcome
        break
      }
      case 'notify':
        await startNotify(effect.monitorId, effect.sequences)
        break
      case 'overall':
        upsertSearchAttributes([{ key: searchAttributes.monitorState, value: effect.status }])
        break
      default:
        assertNever(effect)
    }
  }
  return 'done'
}

/** What PostgreSQL answers to a local activity, or `away` where it gave no answer. */
export async function unlessAway<Reply>(asked: Promise<Reply>): Promise<Reply | 'away'> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error
    return 'away'
  }
}

/** Makes the monitor findable under what its definition says now. */
export function indexDefinition(spec: MonitorSpec, status: Status): void {
  upsertSearchAttributes([
    { key: searchAttributes.monitorId, value: String(spec.monitorId) },
    { key: searchAttributes.monitorState, value: status },
    { key: searchAttributes.monitorType, value: spec.type },
    { key: searchAttributes.monitorPriority, value: spec.priority },
    { key: searchAttributes.monitorTags, value: [...indexedTags(spec.tags).tags] },
  ])
}

/**
 * Shows in the Web UI which monitor this is, as it is defined now. The summary given at the start neither changes with the name nor
 * outlives the first run: continue-as-new can't carry it. Costs no event.
 */
export function describeMonitor({ name, type, query }: MonitorSpec): void {
  setCurrentDetails(`**${name}**\n\n${type}: \`${query}\``)
}

async function startNotify(monitorId: number, sequences: readonly number[]): Promise<void> {
  const sequence = sequences.at(-1)
  if (sequence === undefined) return
  try {
    await startChild(notify, {
      args: [{ monitorId, sequence }],
      workflowId: notifyWorkflowIdOf(monitorId, sequence),
      taskQueue: taskQueues.notify,
      // Deliveries outlive the run that decided them.
      parentClosePolicy: ParentClosePolicy.ABANDON,
    })
  } catch (error) {
    // The reconciler was quicker, or a reset decided this again: it is being told already.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
