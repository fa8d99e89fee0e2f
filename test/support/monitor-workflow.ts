/** A small monitor for tests of what talks to monitors: it counts what it was told and ends when stopped. Real ones: workflows/monitor.ts. */
import { condition, defineQuery, setHandler } from '@temporalio/workflow'
import type { LaneInput, MonitorInput, NotifyInput } from '../../workflows/messages.ts'
import {
  acknowledgeUpdate,
  evaluateNowUpdate,
  pauseSignal,
  resolveUpdate,
  respecifySignal,
  resumeSignal,
  stopSignal,
} from '../../workflows/messages.ts'

export { reconcile } from '../../workflows/reconcile.ts'

export type Heard = Readonly<{ monitorId: number; versions: readonly number[]; paused: boolean }>
export const heardQuery = defineQuery<Heard>('heard')

export async function monitor(input: MonitorInput): Promise<void> {
  let heard: Heard = { monitorId: input.monitorId, versions: [], paused: false }
  let stopped = false
  setHandler(respecifySignal, ({ version }) => {
    heard = { ...heard, versions: [...heard.versions, version] }
  })
  setHandler(pauseSignal, () => {
    heard = { ...heard, paused: true }
  })
  setHandler(resumeSignal, () => {
    heard = { ...heard, paused: false }
  })
  setHandler(stopSignal, () => {
    stopped = true
  })
  setHandler(heardQuery, () => heard)
  setHandler(resolveUpdate, ({ groups }) => ({ resolved: groups === '*' ? ['*'] : groups }))
  setHandler(acknowledgeUpdate, ({ groups }) =>
    groups === '*' ? { acknowledged: [], refused: ['all is OK', 'really'] } : { acknowledged: groups, refused: [] },
  )
  setHandler(evaluateNowUpdate, () => ({ slot: 0, outcome: 'ok', overall: 'OK', transitions: 0 }) as const)
  await condition(() => stopped)
}

export async function notify(input: NotifyInput): Promise<NotifyInput> {
  return input
}

export async function deliver(input: LaneInput): Promise<LaneInput> {
  return input
}
