/** Which cell is whose: looked up by everybody who tells a monitor or a lane something, changed by a move. Read next: migrations/0025_cells.sql. */
import type { Places } from '../../../activities/place-ports.ts'
import type { RuntimeMonitor } from '../../../core/monitor/spec-types.ts'
import { cellOf } from '../../../core/schedule/cells.ts'
import type { Pool, Queryable } from '../pool.ts'

export function places(pool: Pool): Places {
  return {
    async cellOf(monitorId) {
      const { rows } = await pool.query<{ cell: string }>('select cell from monitors where id = $1', [monitorId])
      return rows[0]?.cell ?? null
    },
    laneCell: (receiver, cells) => laneCell(pool, receiver, cells),
  }
}

/** Where it is recorded, if that cell is there; else it is given to one of these, and that is recorded. */
async function laneCell(db: Queryable, receiver: string, cells: readonly string[]): Promise<string> {
  const found = await db.query<{ cell: string }>('select coalesce(cell, $2) as cell from receiver_lanes where receiver = $1', [
    receiver,
    cells[0],
  ])
  const recorded = found.rows[0]?.cell
  if (recorded !== undefined && cells.includes(recorded)) return recorded
  const { rows } = await db.query<{ cell: string }>(
    `insert into receiver_lanes as l (receiver, cell) values ($1, $2)
     on conflict (receiver) do update set cell = case when coalesce(l.cell, $3) = any($4) then l.cell else excluded.cell end
     returning coalesce(cell, $3) as cell`,
    [receiver, cellOf(receiver, cells), cells[0], cells],
  )
  return rows[0]?.cell ?? recorded ?? cellOf(receiver, cells)
}

export type CellCount = Readonly<{ name: string; monitors: number }>

/** Cells in which monitors live, by name. */
export async function countByCell(db: Queryable): Promise<CellCount[]> {
  const { rows } = await db.query<CellCount>(
    'select cell as name, count(*)::integer as monitors from monitors where deleted_at is null group by cell order by cell',
  )
  return rows
}

export async function setCell(db: Queryable, monitorId: number, cell: string): Promise<void> {
  await db.query('update monitors set cell = $2 where id = $1 and cell <> $2', [monitorId, cell])
}

/** By their ids, or any of a cell, lowest ids first. */
export type Movers = Readonly<{ ids: readonly number[] } | { from: string; limit: number }>
export type Moved = RuntimeMonitor & Readonly<{ from: string }>

/**
 * From this transaction on the new cell alone may commit for them: a commit that is under way is waited for, a later one of the old cell
 * is refused. They count as not applied until their new workflow has begun, so that the reconciler of the new cell starts it if nobody else does.
 */
export async function takeToCell(db: Queryable, movers: Movers, to: string): Promise<Moved[]> {
  const { rows } = await db.query<Omit<Moved, 'monitorId'> & { id: number }>(
    `with chosen as (
       select id, cell from monitors
       where deleted_at is null and cell <> $1 and ${'ids' in movers ? 'id = any($2::bigint[])' : 'cell = $2'}
       order by id limit $3 for update)
     update monitors m set cell = $1, applied_version = null from chosen where m.id = chosen.id
     returning m.id, m.version, m.type, m.name, m.priority, m.tags, chosen.cell as "from"`,
    'ids' in movers ? [to, movers.ids, movers.ids.length] : [to, movers.from, movers.limit],
  )
  return rows.map(({ id, ...row }) => ({ ...row, monitorId: id })).sort((a, b) => a.monitorId - b.monitorId)
}
