/**
 * `node test/replay/record.ts`: makes workflows live through what monitors, notifications, lanes and the reconciler live through, on
 * real servers, and writes their histories to histories/<version of package.json>/. Run it for each release and when a
 * new message or step should be covered; never over a release that is out: its histories are what running workflows hold.
 * Read next: monitor-scenarios.ts, other-scenarios.ts, replay.test.ts.
 */

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { DefaultLogger, Runtime, type WorkflowBundle } from '@temporalio/worker'
import { fixedSources } from '../../activities/fixed-sources.ts'
import manifest from '../../package.json' with { type: 'json' }
import { bundleWorkflows } from '../../workers/bundle.ts'
import { memoryPorts } from '../support/memory-ports.ts'
import { monitorScenarios, playMonitor, scenarioSource } from './monitor-scenarios.ts'
import { otherPorts, playLanes, playNotifications, playReconcile } from './other-scenarios.ts'
import { openStage, type Stage } from './stage.ts'

const root = new URL('../../', import.meta.url)
const folder = new URL(`./histories/${manifest.version}/`, import.meta.url)
/** Of a chain; the runs after these are alike. */
const runsMax = 3
/** Small, so that runs end within seconds. It is data of a workflow, not code. */
const evaluationsPerRun = 6

process.exit(await record())

async function record(): Promise<number> {
  // Failing sources and receivers are part of the plot.
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } })
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const bundle = await bundleWorkflows()
  await recordOnDevServer(bundle)
  await recordOnTimeSkipping(bundle)
  return 0
}

async function recordOnDevServer(bundle: WorkflowBundle): Promise<void> {
  const ports = { ...memoryPorts(() => ({}), { evaluationsPerRun }), sources: fixedSources([scenarioSource]) }
  const stage = await openStage('dev-server', bundle, { ...ports, ...otherPorts() })
  await Promise.all(
    monitorScenarios.map(async (scenario) => {
      const { workflowId, runId } = await playMonitor(stage, ports, scenario)
      await writeChain(stage, `monitor-${scenario.name}`, workflowId, runId)
    }),
  )
  for (const { name, workflowId, runId } of await playNotifications(stage)) {
    await writeChain(stage, `notify-${name}`, workflowId, runId)
  }
  await stage.close()
}

async function recordOnTimeSkipping(bundle: WorkflowBundle): Promise<void> {
  const ports = { ...memoryPorts(() => ({})), ...otherPorts() }
  const stage = await openStage('time-skipping', bundle, ports)
  for (const { name, workflowId, runId } of await playLanes(stage)) {
    await writeChain(stage, `deliver-${name}`, workflowId, runId)
  }
  const { name, workflowId, runId } = await playReconcile(stage)
  await writeChain(stage, `reconcile-${name}`, workflowId, runId)
  await stage.workflow.getHandle(workflowId).terminate('recorded')
  await stage.close()
}

/** Writes a run and the runs that it went on in. */
async function writeChain(stage: Stage, name: string, workflowId: string, firstRunId: string): Promise<void> {
  let runId: string | null | undefined = firstRunId
  for (let count = 1; count <= runsMax && runId; count += 1) {
    const history = await stage.workflow.getHandle(workflowId, runId).fetchHistory()
    await writeFile(new URL(`${name}-${count}.json`, folder), compact(historyToJSON(history)))
    console.log(`${name}-${count}: ${history.events?.length ?? 0} events`)
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId
  }
}

/** An event a line, and no path of the machine that recorded: stack traces name files. */
function compact(json: string): string {
  const { events }: { events: unknown[] } = JSON.parse(json)
  const lines = events.map((event) => JSON.stringify(event)).join(',\n')
  return `{"events":[\n${lines.replaceAll(root.href, '').replaceAll(fileURLToPath(root), '')}\n]}\n`
}
