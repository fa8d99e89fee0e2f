/** What `doctor` looks at in Temporal. Loaded when it is asked for: the SDK takes its time. Read next: ../temporal/look.ts. */
import { missingAttributes, namespaceExists, pollersOf, runningMonitors } from '../temporal/look.ts'
import type { Temporal } from '../temporal/open.ts'
import { type Finding, finding } from './checks.ts'

/** `running`: monitors that run there; null = nobody can say. */
export async function checkTemporal(temporal: Temporal): Promise<Readonly<{ findings: readonly Finding[]; running: number | null }>> {
  const { address, namespace } = temporal.cell
  if (!(await namespaceExists(temporal))) {
    const advice = 'TEMPORAL_NAMESPACE, or temporal operator namespace create'
    return { findings: [finding('namespace', false, `${namespace} isn’t known at ${address}`, advice)], running: null }
  }
  const missing = await missingAttributes(temporal)
  const queues = await pollersOf(temporal)
  const idle = queues.filter(({ pollers }) => pollers === 0).map(({ queue }) => queue)
  const findings = [
    finding('namespace', true, `${namespace} at ${address}`, ''),
    finding(
      'search attributes',
      missing.length === 0,
      missing.length === 0 ? 'registered' : `missing: ${missing.join(', ')}`,
      'node cli/up/prepare.ts registers them',
    ),
    finding(
      'workers',
      idle.length === 0,
      idle.length === 0 ? `all ${queues.length} task queues are polled` : `nobody polls ${idle.join(', ')}`,
      'start a worker; TOCSIN_SHARDS says which shards it serves',
    ),
  ]
  return { findings, running: await runningMonitors(temporal) }
}

/** In all cells together. */
export function checkRunning(running: number, monitors: number): Finding {
  return finding(
    'running monitors',
    running >= monitors,
    `${running} of ${monitors} run`,
    'the reconciler starts what is missing within two minutes; it needs a worker on tocsin-control',
  )
}
