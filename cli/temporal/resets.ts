/** A reset of a workflow: to which event, what it takes back, and doing it. Read next: ../reset/command.ts, docs/how-to/inspect-and-reset.md. */
import { randomUUID } from 'node:crypto'
import type { History, Run } from './histories.ts'
import type { Temporal } from './open.ts'

/** `first` and `last`: the workflow task of that place; a number: of this event; a time: the last before it. */
export type Point = Readonly<{ kind: 'first' } | { kind: 'last' } | { kind: 'event'; eventId: number } | { kind: 'time'; atMs: number }>

type Event = NonNullable<NonNullable<History['events']>[number]>

/** What comes after the point, counted; `evaluations` are slots that are judged again. */
export type Undone = Readonly<{
  eventId: number
  atMs: number
  events: number
  evaluations: number
  commits: number
  notifications: number
  messages: number
  untilMs: number
}>

/** null = the history has no such point: a reset goes to the end of a workflow task. */
export function undoneBy(history: History, point: Point): Undone | null {
  const events = history.events ?? []
  const tasks = events.filter(({ workflowTaskCompletedEventAttributes: completed }) => completed !== null && completed !== undefined)
  const task = taskAt(tasks, point)
  if (task === undefined) return null
  const after = events.filter((event) => numberOf(event) > numberOf(task))
  const markers = after.map(activityOf)
  const last = events.at(-1)
  return {
    eventId: numberOf(task),
    atMs: timeOf(task),
    events: after.length,
    evaluations: markers.filter((name) => name === 'evaluate').length,
    commits: markers.filter((name) => name.startsWith('commit')).length,
    notifications: after.filter(({ startChildWorkflowExecutionInitiatedEventAttributes: child }) => child !== null && child !== undefined)
      .length,
    messages: after.filter(isMessage).length,
    untilMs: last === undefined ? timeOf(task) : timeOf(last),
  }
}

/** The run that goes on from there. */
export async function resetRun({ client, cell }: Temporal, run: Run, history: History, to: Undone, reason: string): Promise<string> {
  const { workflowId, runId } = run
  // The event's own number: the server wants 64 bits.
  const eventId = history.events?.find((event) => numberOf(event) === to.eventId)?.eventId ?? null
  const answer = await client.workflowService.resetWorkflowExecution({
    namespace: cell.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: eventId,
    reason,
    requestId: randomUUID(),
  })
  return answer.runId
}

function taskAt(tasks: readonly Event[], point: Point): Event | undefined {
  switch (point.kind) {
    case 'first':
      return tasks[0]
    case 'last':
      return tasks.at(-1)
    case 'event':
      return tasks.find((task) => numberOf(task) === point.eventId)
    case 'time':
      return tasks.findLast((task) => timeOf(task) <= point.atMs)
  }
}

function isMessage({
  workflowExecutionSignaledEventAttributes: signal,
  workflowExecutionUpdateAcceptedEventAttributes: update,
}: Event): boolean {
  return (signal ?? update ?? null) !== null
}

/** The name of a local activity, which stands in the details of its marker; empty = the event is none. */
function activityOf({ markerRecordedEventAttributes: marker }: Event): string {
  const data = marker?.details?.data?.payloads?.[0]?.data
  if (!data) return ''
  return /"activity_type":"(\w+)"/.exec(Buffer.from(data).toString('utf8'))?.[1] ?? ''
}

const numberOf = ({ eventId }: Event): number => Number(eventId ?? 0)

function timeOf({ eventTime }: Event): number {
  return Number(eventTime?.seconds ?? 0) * 1_000 + Math.floor((eventTime?.nanos ?? 0) / 1_000_000)
}
