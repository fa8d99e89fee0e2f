/** Histories that Temporal holds, for `replay` and `reset`. Only reads. Read next: open.ts, ../replay/command.ts. */
import type { Temporal } from './open.ts'

export type Run = Readonly<{ workflowId: string; runId: string; type: string; startMs: number }>
export type History = Awaited<ReturnType<ReturnType<Temporal['client']['workflow']['getHandle']>['fetchHistory']>>

/** `query`: of Temporal's lists. Lists lag a second or two. */
export async function findRuns({ client }: Temporal, query: string): Promise<readonly Run[]> {
  const runs: Run[] = []
  for await (const { workflowId, runId, type, startTime } of client.workflow.list({ query })) {
    runs.push({ workflowId, runId, type, startMs: startTime.getTime() })
  }
  return runs
}

/** All runs of one workflow that are kept, oldest first. */
export async function runsOf(temporal: Temporal, workflowId: string): Promise<readonly Run[]> {
  const runs = await findRuns(temporal, `WorkflowId='${workflowId}'`)
  return runs.toSorted((one, other) => one.startMs - other.startMs)
}

/** The newest run, whether lists know of it or not; null = there is no such workflow. */
export async function newestRun({ client }: Temporal, workflowId: string): Promise<Run | null> {
  try {
    const { runId, type, startTime } = await client.workflow.getHandle(workflowId).describe()
    return { workflowId, runId, type, startMs: startTime.getTime() }
  } catch {
    return null
  }
}

export async function historyOf({ client }: Temporal, { workflowId, runId }: Run): Promise<History> {
  return client.workflow.getHandle(workflowId, runId).fetchHistory()
}
