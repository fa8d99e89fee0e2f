import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js'
import { Worker, type WorkflowBundle } from '@temporalio/worker'
import { dataConverter } from '../../adapters/temporal/codec.ts'

export type ReplayOutcome = Readonly<
  | { kind: 'replayed'; events: number }
  /** The code would not have done what the history says. */
  | { kind: 'diverged'; reason: string }
  /** Not a history. */
  | { kind: 'unreadable'; reason: string }
>

/** As replayFetched, of a history as JSON in the form of `temporal workflow show --output json`. Never rejects for what it holds. */
export async function replayHistory(workflowBundle: WorkflowBundle, json: unknown): Promise<ReplayOutcome> {
  const history = parse(json)
  return 'kind' in history ? history : replayFetched(workflowBundle, history)
}

/** Runs the workflow code of a bundle against a history. Needs no server and runs no activity. */
export async function replayFetched(workflowBundle: WorkflowBundle, history: History): Promise<ReplayOutcome> {
  try {
    await Worker.runReplayHistory({ workflowBundle, reuseV8Context: true, dataConverter }, history)
    return { kind: 'replayed', events: history.events?.length ?? 0 }
  } catch (error) {
    return { kind: 'diverged', reason: error instanceof Error ? error.message : String(error) }
  }
}

type History = ReturnType<typeof historyFromJSON>

function parse(json: unknown): History | Extract<ReplayOutcome, { kind: 'unreadable' }> {
  try {
    const history = historyFromJSON(json)
    if (history.events?.[0]?.workflowExecutionStartedEventAttributes) return history
    return { kind: 'unreadable', reason: 'the first event is not the start of a workflow' }
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) }
  }
}
