import type { Cell } from '../../temporal.config.ts'
import { workflowIdOf } from '../../workflows/messages.ts'

/**
 * Where people see a monitor's workflow. `ui` is the Web UI of the first cell's cluster, so monitors in cells of other clusters have none.
 * `cell`: its name. Answers null where there is no address.
 */
export function workflowAddress(ui: string | null, cells: readonly [Cell, ...Cell[]]) {
  return (monitorId: number, cell: string): string | null => {
    const place = cells.find(({ name }) => name === cell)
    if (ui === null || place?.address !== cells[0].address) return null
    return `${ui.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(place.namespace)}/workflows/${workflowIdOf(monitorId)}`
  }
}
