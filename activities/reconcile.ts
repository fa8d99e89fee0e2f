/**
 * One pass that makes Temporal agree with PostgreSQL: start what should run, tell what changed, stop what was deleted,
 * deliver what was never planned. Safe to run twice and at the same time: each step is idempotent.
 * Never decides what a monitor means. Read next: attempts.ts, pace.ts, workflows/reconcile.ts.
 */

import type { RuntimeMonitor } from '../core/monitor/spec-types.ts'
import { createAttempts } from './attempts.ts'
import { paced } from './pace.ts'
import type { ActivityPorts, EngineMetrics } from './ports.ts'

/** What a pass did. `failed` steps are tried again by a later pass. */
export type ReconcileReport = Readonly<{
  started: number
  respecified: number
  stopped: number
  notified: number
  /** Monitors that weren't evaluated any more and were started again. */
  repaired: number
  /** Monitors whose task queue is none of their cell's any more, and that were started on another. */
  rehoused: number
  /** Workflows that didn't end when they were told to. */
  terminated: number
  /** Lanes of receivers that had something due and nobody who sent it. */
  woken: number
  failed: number
}>

export type RepairMetrics = Pick<EngineMetrics, 'repaired'>

/** `full`: also compare every definition with every running workflow. */
export type ReconcilePass = Readonly<{ full: boolean }>

export type ReconcileActivities = ReturnType<typeof reconcileActivities>

/** What one quick pass takes of each kind: at 200 a second it then ends within seconds; the rest waits for the next. */
const itemsPerPass = 500
/** What it looks at to find them: those that were tried in vain and wait mustn't hide the others. */
const candidatesMax = 5_000
/** Definitions read at once in a full pass: some hundred KB. */
const pageSize = 1_000
/** The monitor's own workflow starts its notifications within a second; after this long nobody else will. */
const unplannedAgeMs = 30_000

/** A workflow that is told to stop does so with its next task; after this long it never will. */
const stopPatienceMs = 5 * 60_000
/** Repairs of one pass: a few that are broken, not all that are late. */
const repairsPerPass = 50
/**
 * Where more than this share of all is overdue, the engine is behind or something that all need is away. Starting them again would
 * only add to that; what is away comes back, and they go on.
 */
const overdueShareMax = 0.2
/** So many may be repaired whatever their share: an engine of five monitors has no other bound. */
const overdueAlways = 3

export function reconcileActivities(ports: Pick<ActivityPorts, 'reconcile' | 'runtime' | 'clock'> & Readonly<{ metrics?: RepairMetrics }>) {
  const { reconcile: store, runtime } = ports
  const attempts = createAttempts(ports.clock)
  /** Workflows without a definition → since when they have been told to stop. */
  let strays = new Map<number, number>()

  return {
    async reconcile({ full }: ReconcilePass): Promise<ReconcileReport> {
      const reports = [await applyDefinitions(), await stopDeleted(), await startNotifications(), await wakeLanes()]
      if (full) reports.push(await sweep(), await repairOverdue())
      const report = reports.reduce(add)
      ports.metrics?.repaired(report.repaired)
      return report
    },
  }

  async function applyDefinitions(): Promise<ReconcileReport> {
    const candidates = await store.unapplied(candidatesMax)
    const due = take(candidates, (monitor) => `monitor ${monitor.monitorId} ${monitor.version}`)
    // A workflow that never confirmed anything loads the newest definition when it starts; only one that did must be told.
    const known = due.filter((monitor) => monitor.confirmed)
    const fresh = due.filter((monitor) => !monitor.confirmed)
    return add(
      { ...nothing, ...counted('respecified', await paced(known, (monitor) => runtime.respecify(monitor))) },
      { ...nothing, ...counted('started', await paced(fresh, (monitor) => runtime.start(monitor))) },
    )
  }

  async function stopDeleted(): Promise<ReconcileReport> {
    const deleted = take(await store.unstopped(candidatesMax), ({ monitorId }) => `stop ${monitorId}`)
    return {
      ...nothing,
      terminated: deleted.filter(({ deletedMs }) => deletedMs > stopPatienceMs).length,
      ...counted(
        'stopped',
        await paced(deleted, async ({ monitorId, deletedMs }) => {
          await (deletedMs > stopPatienceMs ? runtime.terminate(monitorId, 'deleted, and does not stop') : runtime.stop(monitorId))
          // The signal takes its moment: a later pass sees the workflow gone.
          if (!(await runtime.isRunning(monitorId))) await store.markStopped(monitorId)
        }),
      ),
    }
  }

  async function startNotifications(): Promise<ReconcileReport> {
    const unplanned = await store.unplanned(unplannedAgeMs, candidatesMax)
    const due = take(unplanned, ({ monitorId, sequence }) => `notify ${monitorId} ${sequence}`)
    return {
      ...nothing,
      ...counted('notified', await paced(due, ({ monitorId, sequence }) => runtime.startNotify(monitorId, sequence))),
    }
  }

  async function wakeLanes(): Promise<ReconcileReport> {
    const receivers = take(await store.untended(unplannedAgeMs, candidatesMax), (receiver) => `lane ${receiver}`)
    return { ...nothing, ...counted('woken', await paced(receivers, (receiver) => runtime.wakeLane(receiver))) }
  }

  /** The list of workflows is read before the definitions, so a monitor created meanwhile is in the latter and never taken for an orphan. */
  async function sweep(): Promise<ReconcileReport> {
    const orphans = new Set<number>()
    const misplaced = new Set<number>()
    for await (const found of runtime.running()) {
      orphans.add(found.monitorId)
      if (found.misplaced) misplaced.add(found.monitorId)
    }
    let report = nothing
    for (let page = await store.page(0, pageSize); page.length > 0; page = await store.page(lastIdOf(page), pageSize)) {
      // The list may lag: starting what runs already does nothing.
      const missing = page.filter(({ monitorId }) => !orphans.delete(monitorId))
      report = add(report, { ...nothing, ...counted('started', await paced(missing, (monitor) => runtime.start(monitor))) })
      // There are fewer shards than before. Nobody serves that queue, or nobody will: it goes on from PostgreSQL on one that is there.
      const homeless = page.filter(({ monitorId }) => misplaced.has(monitorId))
      report = add(report, { ...nothing, ...counted('rehoused', await paced(homeless, (monitor) => runtime.restart(monitor))) })
    }
    return add(report, await stopStrays([...orphans]))
  }

  /** Each is told, again and again; one that doesn't heed it is ended. The memory is this worker's: another begins to wait anew. */
  async function stopStrays(found: readonly number[]): Promise<ReconcileReport> {
    const now = ports.clock()
    strays = new Map(found.map((monitorId) => [monitorId, strays.get(monitorId) ?? now]))
    const deaf = found.filter((monitorId) => now - (strays.get(monitorId) ?? now) > stopPatienceMs)
    const others = found.filter((monitorId) => !deaf.includes(monitorId))
    return add(
      { ...nothing, ...counted('stopped', await paced(others, (monitorId) => runtime.stop(monitorId))) },
      { ...nothing, ...counted('terminated', await paced(deaf, (monitorId) => runtime.terminate(monitorId, 'has no definition'))) },
    )
  }

  /** The watchdog: who isn't evaluated any more, although others are, is started again from its state in PostgreSQL. */
  async function repairOverdue(): Promise<ReconcileReport> {
    const { monitors, live, servedShards } = await store.overdue(candidatesMax)
    // Where nobody serves a shard, a new workflow would wait like the old one.
    const served = monitors.filter(({ monitorId }) => servedShards.includes(runtime.shardOf(monitorId)))
    if (served.length > Math.max(overdueAlways, live * overdueShareMax)) return nothing
    const due = take(served, ({ monitorId }) => `repair ${monitorId}`).slice(0, repairsPerPass)
    return { ...nothing, ...counted('repaired', await paced(due, (monitor) => runtime.restart(monitor))) }
  }

  /** The first candidates that it is time to try. */
  function take<Item>(candidates: readonly Item[], keyOf: (item: Item) => string): Item[] {
    const taken: Item[] = []
    for (const candidate of candidates) {
      if (taken.length >= itemsPerPass) break
      if (attempts.due(keyOf(candidate))) taken.push(candidate)
    }
    return taken
  }
}

const nothing: ReconcileReport = {
  started: 0,
  respecified: 0,
  stopped: 0,
  notified: 0,
  repaired: 0,
  rehoused: 0,
  terminated: 0,
  woken: 0,
  failed: 0,
}

function counted(what: keyof ReconcileReport, paces: Readonly<{ done: number; failed: number }>): Partial<ReconcileReport> {
  return { [what]: paces.done, failed: paces.failed }
}

function add(a: ReconcileReport, b: ReconcileReport): ReconcileReport {
  return {
    started: a.started + b.started,
    respecified: a.respecified + b.respecified,
    stopped: a.stopped + b.stopped,
    notified: a.notified + b.notified,
    repaired: a.repaired + b.repaired,
    rehoused: a.rehoused + b.rehoused,
    terminated: a.terminated + b.terminated,
    woken: a.woken + b.woken,
    failed: a.failed + b.failed,
  }
}

function lastIdOf(page: readonly RuntimeMonitor[]): number {
  return page.at(-1)?.monitorId ?? Number.MAX_SAFE_INTEGER
}
