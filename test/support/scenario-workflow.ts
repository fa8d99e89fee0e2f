/** The monitor's real workflow, with notifications that are started and never end. */
import { condition } from '@temporalio/workflow'

export { monitor } from '../../workflows/monitor.ts'

/** A child that ends after its parent has continued as new makes the time-skipping server hang (the real one takes it). */
export async function notify(): Promise<void> {
  await condition(() => false)
}
