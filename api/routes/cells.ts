/**
 * Cells, and the move of monitors from one to another. What decides is one change of a row: from then on only the new cell's workers may
 * commit. Starting there and ending here follows, and the reconcilers do it where this process can't. Read next: adapters/postgres/queries/cells.ts.
 */
import { type Request, Router } from 'express'
import { transaction } from '../../adapters/postgres/pool.ts'
import { recordAudit } from '../../adapters/postgres/queries/audit.ts'
import { countByCell, type Moved, type Movers, takeToCell } from '../../adapters/postgres/queries/cells.ts'
import { listWorkers, shardsServed } from '../../adapters/postgres/queries/engine.ts'
import { findMonitor } from '../../adapters/postgres/queries/monitors.ts'
import { cellMove, movedMax } from '../../contract/cells.ts'
import type { AppDeps, CellControl } from '../deps.ts'
import { badRequest, notFound, unavailable } from '../errors.ts'
import { principalOf } from '../middleware/keys.ts'
import { bodyOf } from './request.ts'

/** Where nothing is configured, there is one cell that nothing can leave. */
const none: CellControl = { all: [], answers: async () => false, follow: async () => false }
/** Calls to Temporal under way at once: a move leaves it room for evaluations. */
const sideBySide = 10

export function cellRoutes({ pool, cells = none }: Pick<AppDeps, 'pool' | 'cells'>): Router {
  const router = Router()

  router.get('/api/v2/cells', async (_req, res) => {
    const [counts, workers] = await Promise.all([countByCell(pool), listWorkers(pool)])
    const configured = cells.all.map(({ name, shards }) => {
      const served = new Set(workers.flatMap((worker) => shardsServed(worker, name)))
      const unserved = Array.from({ length: shards }, (_, shard) => shard).filter((shard) => !served.has(shard))
      return { name, configured: true, shards, unserved_shards: unserved, monitors: counts.find((one) => one.name === name)?.monitors ?? 0 }
    })
    const others = counts.filter(({ name }) => !cells.all.some((cell) => cell.name === name))
    res.json({
      data: [...configured, ...others.map(({ name, monitors }) => ({ name, configured: false, shards: 0, unserved_shards: [], monitors }))],
    })
  })

  router.post('/api/v2/cells/move', async (req, res) => {
    const { to, monitor_ids: ids, from, limit = movedMax } = bodyOf(req, cellMove)
    await checkTarget(to)
    const movers = ids === undefined ? { from: from ?? to, limit } : { ids: await existing(ids) }
    const moved = await take(req, movers, to)
    const waiting = await followAll(moved, to)
    res.json({ moved: moved.map(({ monitorId }) => monitorId), waiting, left: from === undefined ? 0 : await monitorsIn(from) })
  })

  return router

  /** A monitor that is given to a cell whose Temporal is away would stand still. */
  async function checkTarget(to: string): Promise<void> {
    const names = cells.all.map(({ name }) => name)
    if (!names.includes(to)) throw badRequest([`to: there is no cell ${to}; TOCSIN_CELLS of the API has ${names.join(', ') || 'none'}`])
    if (!(await cells.answers(to))) throw unavailable(`the Temporal of the cell ${to} gives no answer: nothing was moved`)
  }

  async function existing(ids: readonly number[]): Promise<readonly number[]> {
    for (const id of ids) if ((await findMonitor(pool, id)) === null) throw notFound(`Monitor ${id}`)
    return ids
  }

  async function monitorsIn(cell: string): Promise<number> {
    return (await countByCell(pool)).find(({ name }) => name === cell)?.monitors ?? 0
  }

  async function take(req: Request, movers: Movers, to: string): Promise<readonly Moved[]> {
    return transaction(pool, async (client) => {
      const moved = await takeToCell(client, movers, to)
      for (const { monitorId, from } of moved) {
        await recordAudit(client, { actor: principalOf(req).name, action: 'monitor.moved', monitorId, detail: { from, to } })
      }
      return moved
    })
  }

  /** Those that have to wait for the reconcilers. */
  async function followAll(moved: readonly Moved[], to: string): Promise<readonly number[]> {
    const waiting: number[] = []
    const rest = [...moved]
    const work = async (): Promise<void> => {
      for (let one = rest.shift(); one !== undefined; one = rest.shift()) {
        if (!(await cells.follow(one, one.from, to))) waiting.push(one.monitorId)
      }
    }
    await Promise.all(Array.from({ length: sideBySide }, work))
    return waiting.sort((a, b) => a - b)
  }
}
