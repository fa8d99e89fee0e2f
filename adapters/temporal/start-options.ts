import { type Priority, type SearchAttributePair, TypedSearchAttributes } from '@temporalio/common'
import { fairShareKey } from '../../core/monitor/fair-share.ts'
import { indexedTags } from '../../core/monitor/indexed-tags.ts'
import type { RuntimeMonitor } from '../../core/monitor/spec-types.ts'
import { type Cell, monitorTaskQueue, type TemporalConfig } from '../../temporal.config.ts'
import { type MonitorInput, searchAttributes, workflowIdOf } from '../../workflows/messages.ts'

/** The priority of a monitor without one: the middle of Temporal's 1 (first) to 5. */
export const defaultPriority = 3

/** Everything with which a monitor's workflow is started; the same for a start and for a signal that starts. */
export function startOptions(monitor: RuntimeMonitor, config: TemporalConfig, cell: Cell = config.cells[0]) {
  const { tags, left } = indexedTags(monitor.tags)
  const input: MonitorInput = { monitorId: monitor.monitorId }
  return {
    workflowId: workflowIdOf(monitor.monitorId),
    taskQueue: monitorTaskQueue(cell, monitor.monitorId),
    // Starting what runs is no error: two API processes and the reconciler may all try.
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowTaskTimeout: config.workflowTaskTimeoutMs,
    args: [input] satisfies [MonitorInput],
    priority: priorityOf(monitor),
    staticSummary: summaryOf(monitor.name),
    ...(left === 0 ? {} : { staticDetails: `${left} of ${monitor.tags.length} tags are not searchable in Temporal: too long a list` }),
    typedSearchAttributes: new TypedSearchAttributes(attributesOf(monitor, tags)),
  } as const
}

/**
 * Where the monitor stands in a queue that is behind: by its priority first, then its team's turn. What it starts (activities, notifications)
 * inherits both, and so does each later run.
 */
export function priorityOf({ priority, tags }: Pick<RuntimeMonitor, 'priority' | 'tags'>): Priority {
  const fairnessKey = fairShareKey(tags)
  return { priorityKey: priority ?? defaultPriority, ...(fairnessKey === null ? {} : { fairnessKey }) }
}

function attributesOf(monitor: RuntimeMonitor, tags: readonly string[]): SearchAttributePair[] {
  return [
    { key: searchAttributes.monitorId, value: String(monitor.monitorId) },
    { key: searchAttributes.monitorState, value: 'No Data' },
    { key: searchAttributes.monitorType, value: monitor.type },
    ...(monitor.priority === null ? [] : [{ key: searchAttributes.monitorPriority, value: monitor.priority }]),
    ...(tags.length === 0 ? [] : [{ key: searchAttributes.monitorTags, value: [...tags] }]),
  ]
}

/** The server refuses summaries of more than 400 bytes; a character takes four at the most. */
const summaryMaxCharacters = 100

export function summaryOf(name: string): string {
  const characters = [...name]
  return characters.length <= summaryMaxCharacters ? name : `${characters.slice(0, summaryMaxCharacters - 1).join('')}…`
}
