/** What of Temporal `doctor` looks at: the namespace, the search attributes, who polls the task queues. Only reads. Read next: ../doctor/checks.ts. */
import { taskQueues } from '../../core/schedule/queues.ts'
import { searchAttributeTypes } from '../../workflows/messages.ts'
import type { Temporal } from './open.ts'

/** Numbers of temporal.api.enums.v1.TaskQueueType: a worker polls for both. */
const workflowTasks = 1
const activityTasks = 2
/** Pollers are remembered for five minutes; one that was last seen before this is gone. */
const pollerAgeMaxMs = 90_000

export async function namespaceExists({ connection, cell }: Temporal): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace: cell.namespace })
    return true
  } catch {
    return false
  }
}

export async function missingAttributes({ connection, cell }: Temporal): Promise<readonly string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: cell.namespace })
  return Object.keys(searchAttributeTypes).filter((name) => customAttributes[name] === undefined)
}

/** The engine's own task queues with how many workers poll each. */
export async function pollersOf({ connection, cell }: Temporal): Promise<readonly Readonly<{ queue: string; pollers: number }>[]> {
  const shards = Array.from({ length: cell.shards }, (_, shard) => taskQueues.monitors(shard))
  const queues = [...shards, taskQueues.notify, taskQueues.control]
  return Promise.all(
    queues.map(async (name) => {
      const counts = await Promise.all([workflowTasks, activityTasks].map((taskQueueType) => count(name, taskQueueType)))
      return { queue: name, pollers: Math.max(...counts) }
    }),
  )

  async function count(name: string, taskQueueType: number): Promise<number> {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: cell.namespace,
      taskQueue: { name },
      taskQueueType,
    })
    const seen = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000)
    return seen.filter((atMs) => Date.now() - atMs < pollerAgeMaxMs).length
  }
}

/** Workflows of monitors that run. Lists lag a second or two. */
export async function runningMonitors({ client }: Temporal): Promise<number> {
  return (await client.workflow.count("WorkflowType='monitor' and ExecutionStatus='Running'")).count
}
