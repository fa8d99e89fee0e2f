/** What people do at the worst moment: edits by the dozen, and resets of workflows. Read next: ../workload.ts. */
import { inParallel } from '../../../cli/parallel.ts'
import { historyOf, newestRun } from '../../../cli/temporal/histories.ts'
import { openTemporal } from '../../../cli/temporal/open.ts'
import { resetRun, undoneBy } from '../../../cli/temporal/resets.ts'
import { watchedIds } from '../workload.ts'
import type { FaultKind } from './fault.ts'

const editsMax = 60
const editsAtOnce = 4
const resetsMax = 5

/** New versions that mean the same. An API that is away refuses them; what it took is applied, whatever happens next. */
export const edits: FaultKind = {
  name: 'edits',
  targets: () => ['definitions'],
  durationMs: { min: 100, max: 1_000 },
  begin: async (stage, _target, draw) => {
    const ids = watchedIds(stage.folder)
    const chosen = Array.from({ length: Math.min(editsMax, ids.length) }, () => ids[draw(ids.length)] ?? 0)
    const mark = draw(1_000_000)
    const done = inParallel(chosen, editsAtOnce, async (id) => {
      await stage.http.request('PUT', `/api/v1/monitor/${id}`, { name: `chaos, edited ${mark}` }).catch(() => {})
    })
    return () => done
  },
}

/** Back to the first or the last workflow task of the newest run: old slots are decided again. */
export const workflowReset: FaultKind = {
  name: 'workflow-reset',
  targets: () => ['histories'],
  durationMs: { min: 100, max: 500 },
  begin: async (stage, _target, draw) => {
    const ids = watchedIds(stage.folder)
    const temporal = await openTemporal(stage.config.cells[0])
    try {
      for (let nth = 0; nth <= draw(resetsMax); nth += 1) {
        const run = await newestRun(temporal, `monitor-${ids[draw(ids.length)]}`)
        if (run === null) continue
        const history = await historyOf(temporal, run)
        const to = undoneBy(history, { kind: draw(2) === 0 ? 'first' : 'last' })
        if (to !== null) await resetRun(temporal, run, history, to, 'chaos')
      }
    } finally {
      await temporal.close()
    }
    return async () => {}
  },
}
