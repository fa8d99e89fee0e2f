import { condition, setHandler } from '@temporalio/workflow'
import { respecifySignal, stopSignal } from '../../workflows/messages.ts'

/** A monitor that hears nothing and never ends by itself. */
export async function monitor(): Promise<void> {
  setHandler(stopSignal, () => {})
  setHandler(respecifySignal, () => {})
  await condition(() => false)
}
