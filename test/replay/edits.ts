type Payloads = { payloads: { data: string }[] }

/** The parts of an exported history that tests look at or change. */
export type EditableEvent = {
  eventId: string
  eventType: string
  workflowExecutionStartedEventAttributes?: { workflowType: { name: string }; input?: Payloads }
  workflowExecutionUpdateAcceptedEventAttributes?: { acceptedRequest?: { input?: { name?: string } } }
  markerRecordedEventAttributes?: { details: Record<string, Payloads> }
  startChildWorkflowExecutionInitiatedEventAttributes?: { workflowId: string }
  activityTaskScheduledEventAttributes?: { activityType: { name: string } }
  timerStartedEventAttributes?: object
}
export type EditableHistory = { events: EditableEvent[] }

/** Changes after which a history is of something that the code would never have done. */
export const edits: readonly { what: string; of: string; edit: (history: EditableHistory) => EditableHistory }[] = [
  {
    what: 'a quiet evaluation that found an alert, and nothing followed',
    of: 'monitor-quiet-1',
    edit: (history) => {
      const quiet = history.events.filter(({ markerRecordedEventAttributes }) =>
        textOf(markerRecordedEventAttributes).includes('"observations":[]'),
      )
      const [payload] = quiet[0]?.markerRecordedEventAttributes?.details.result?.payloads ?? []
      if (payload === undefined) return history
      const reply: { now: number } = JSON.parse(decode(payload.data))
      // Between slots: what is told of them counts whenever it is.
      const slot = reply.now
      const changed = [{ group: 'host:a', level: 'alert', value: 95, at: slot }]
      payload.data = encode({ ...reply, observations: [{ slot, outcome: { kind: 'ok' }, changed, missing: [], refused: 0 }] })
      return history
    },
  },
  {
    what: 'a timer in place of the next run',
    of: 'monitor-quiet-1',
    edit: ({ events }) => {
      const timer = events.find(({ timerStartedEventAttributes }) => timerStartedEventAttributes)
      const last = events.at(-1)
      return { events: [...events.slice(0, -1), ...(timer && last ? [{ ...timer, eventId: last.eventId }] : [])] }
    },
  },
  {
    what: 'a notification under another name',
    of: 'monitor-changing-1',
    edit: (history) => {
      const child = history.events.find((event) => event.startChildWorkflowExecutionInitiatedEventAttributes)
      if (child?.startChildWorkflowExecutionInitiatedEventAttributes) {
        child.startChildWorkflowExecutionInitiatedEventAttributes.workflowId = 'notify-1-1'
      }
      return history
    },
  },
  {
    what: 'another activity in the place of one',
    of: 'deliver-waiting-1',
    edit: (history) => {
      const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes)
      if (scheduled?.activityTaskScheduledEventAttributes) scheduled.activityTaskScheduledEventAttributes.activityType.name = 'send'
      return history
    },
  },
]

function textOf(marker: EditableEvent['markerRecordedEventAttributes']): string {
  return decode(marker?.details.result?.payloads[0]?.data ?? '')
}

const decode = (data: string): string => Buffer.from(data, 'base64').toString()
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')
