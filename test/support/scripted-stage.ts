/** Scripted monitors on real servers, with workers that can be killed. Each test file makes one stage of its own. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { places } from '../../adapters/postgres/queries/cells.ts'
import { monitorStore } from '../../adapters/postgres/queries/monitor-store.ts'
import { type Cells, openCells } from '../../adapters/temporal/cells.ts'
import { createMonitorRuntime, type TemporalMonitorRuntime } from '../../adapters/temporal/runtime.ts'
import type { MonitorSpec, RuntimeMonitor } from '../../core/monitor/spec-types.ts'
import { slotAtOrBefore } from '../../core/schedule/slots.ts'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { createTestDatabase } from './database.ts'
import { temporaryFolder } from './folder.ts'
import { type HookServer, startHookServer } from './hook-server.ts'
import { insertMonitor } from './insert-monitor.ts'
import { createTestNamespace } from './namespace.ts'
import { type ScriptedCrew, startScriptedCrew, type Trap } from './scripted-crew.ts'
import { type ScriptedMonitor, scriptedMonitors, scriptedWebhook } from './scripted-monitors.ts'
import { mixed } from './scripted-random.ts'
import { scriptedConfig, trapPoints } from './scripted-worker.ts'

/** A monitor, and the time at which step() began with it. */
export type Watched = Readonly<{ monitor: ScriptedMonitor; monitorId: number; startedAt: number }>

export type Stage = Readonly<{
  seed: number
  pool: Pool
  client: Client
  /** `default` alone, or also `other`. */
  cells: Cells
  runtime: TemporalMonitorRuntime
  hooks: HookServer
  crew: ScriptedCrew
  watched: readonly Watched[]
  /** What the receiver `log` was told, a JSON object a line. */
  logPath: string
  /** Writes a bundle of workflows to be deployed; answers its path. */
  save: (name: string, code: string) => string
  close: () => Promise<void>
}>

/** Mutes of some monitors end this long after the beginning: in the middle of the chaos. */
const mutedS = 20

/** Stores `count` monitors and starts their workflows, the reconciler and two workers. */
export async function startStage(
  seed: number,
  count: number,
  trap: (seed: number, nth: number) => Trap = trapOf,
  cellsCount: 1 | 2 = 1,
): Promise<Stage> {
  const folder = temporaryFolder()
  const save = (name: string, code: string): string => {
    const path = join(folder.path, name)
    writeFileSync(path, code)
    return path
  }
  const bundlePath = save('workflows.js', (await bundleWorkflows()).code)
  const logPath = join(folder.path, 'notifications.jsonl')
  writeFileSync(logPath, '')
  const { pool, url: databaseUrl, drop } = await createTestDatabase()
  const { name, address, client, close } = await createTestNamespace()
  const other = cellsCount === 1 ? null : await createTestNamespace()
  const otherNamespace = other?.name ?? null
  const config = scriptedConfig(address, name, otherNamespace)
  const cells = openCells(config, places(pool))
  const runtime = { ...createMonitorRuntime(client, config), ...cells.routed }
  // Some attempts fail: the same message comes again.
  const hooks = await startHookServer((res, attempt) => void res.writeHead(mixed(seed, attempt) % 10 === 0 ? 503 : 200).end())
  const watched = await storeAll(pool, count, hooks.url)
  const crew = startScriptedCrew(2, { databaseUrl, address, namespace: name, otherNamespace, bundlePath, logPath, seed }, (nth) =>
    trap(seed, nth),
  )
  await runtime.startReconcile()
  for (const { monitorId } of watched) await runtime.start(runtimeMonitor(monitorId, 1))
  return {
    seed,
    pool,
    client,
    cells,
    runtime,
    hooks,
    crew,
    watched,
    logPath,
    save,
    close: async () => {
      await crew.stop()
      await hooks.close()
      await cells.close()
      await other?.close()
      await close()
      await drop()
      folder.remove()
    },
  }
}

export async function specOf(pool: Pool, monitorId: number): Promise<MonitorSpec> {
  const loaded = await monitorStore(pool).load(monitorId)
  if (loaded === null) throw new Error(`monitor ${monitorId} is not stored`)
  return loaded.spec
}

/** A new version of the same meaning, told as the API tells it: what doesn't get through is told by the reconciler. */
export async function edit({ pool, runtime }: Stage, monitorId: number): Promise<void> {
  await pool.query(
    `with edited as (update monitors set version = version + 1, modified_at = now() where id = $1 returning id, version)
     insert into monitor_versions (monitor_id, version, definition, changed_by)
     select v.monitor_id, edited.version, v.definition, 'test' from monitor_versions v join edited on edited.id = v.monitor_id and v.version = 1`,
    [monitorId],
  )
  const { version } = await specOf(pool, monitorId)
  await runtime.respecify(runtimeMonitor(monitorId, version)).catch(() => {})
}

export function runtimeMonitor(monitorId: number, version: number): RuntimeMonitor {
  return { monitorId, version, type: 'query alert', name: `scripted ${monitorId}`, priority: null, tags: [] }
}

/** Every other worker waits to be shot; of the others each dies at one of the points, after some rounds. */
function trapOf(seed: number, nth: number): Trap {
  const point = trapPoints[Math.floor(nth / 2) % trapPoints.length]
  return nth % 2 === 0 || point === undefined ? null : { point, count: 1 + (mixed(seed, nth) % 4) }
}

async function storeAll(pool: Pool, count: number, url: string): Promise<Watched[]> {
  const config = JSON.stringify({ url, customHeaders: null, encodeAs: 'json', secret: null })
  await pool.query("insert into receivers (name, kind, config) values ($1, 'webhook', $2)", [scriptedWebhook, config])
  const startedAt = Date.now()
  const stored: Watched[] = []
  for (const monitor of scriptedMonitors(count, Math.floor(startedAt / 1_000) + mutedS)) {
    stored.push({ monitor, monitorId: await storeOne(pool, monitor, startedAt), startedAt })
  }
  return stored
}

/** With the slot from which it goes on, so that what follows is known also if the very first task is killed. */
async function storeOne(pool: Pool, { index, query, message, options, draft }: ScriptedMonitor, startedAt: number): Promise<number> {
  const spec = { type: 'query alert', name: `scripted ${index}`, query, tags: [], priority: null }
  const monitorId = await insertMonitor(pool, spec, { message, options })
  if (draft) await pool.query("update monitors set draft_status = 'draft' where id = $1", [monitorId])
  const { intervalMs } = await specOf(pool, monitorId)
  await pool.query(
    `insert into monitor_state (monitor_id, version, sequence, last_slot, paused, overall, health)
     values ($1, 1, 0, $2, false, 'No Data', '{"kind":"healthy"}')`,
    [monitorId, slotAtOrBefore(monitorId, intervalMs, startedAt) - intervalMs],
  )
  return monitorId
}
