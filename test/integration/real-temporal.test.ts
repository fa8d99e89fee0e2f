/**
 * The engine on the Temporal server as production has it, over PostgreSQL: what the dev server takes, keeps and lists must hold there, too.
 * Read next: test/support/temporal-server.ts.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { loadTemporalConfig } from '../../temporal.config.ts'
import { workflowIdOf } from '../../workflows/messages.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Engine, startEngineApi, startWorkers } from '../support/engine.ts'
import { createTestNamespace, type TestNamespace } from '../support/namespace.ts'
import { quietRuntime } from '../support/temporal.ts'
import { noTemporalPrograms, type RunningTemporal, startTemporalServer, temporalPrograms } from '../support/temporal-server.ts'
import { until } from '../support/until.ts'

const programs = temporalPrograms()
if (programs === null) console.log(`skipped: ${noTemporalPrograms}`)

describe.skipIf(programs === null)('on the real Temporal server', () => {
  let temporal: RunningTemporal
  let database: TestDatabase
  let namespace: TestNamespace
  let engine: Engine
  let stopWorkers: () => Promise<void>

  beforeAll(async () => {
    if (programs === null) return
    quietRuntime()
    temporal = await startTemporalServer(programs, inject('postgresUrl'))
    database = await createTestDatabase()
    namespace = await createTestNamespace(temporal.address)
    const config = loadTemporalConfig({ TEMPORAL_ADDRESS: namespace.address, TEMPORAL_NAMESPACE: namespace.name })
    // Few, so that a run ends while the test looks.
    const short = { ...config, loop: { ...config.loop, evaluationsPerRun: 5 } }
    engine = await startEngineApi(database, namespace.client, short)
    stopWorkers = await startWorkers(database, namespace, short)
  })
  afterAll(async () => {
    await engine?.close()
    await stopWorkers?.()
    await namespace?.close()
    await database?.drop()
    await temporal?.stop()
  })

  test('a monitor starts, alerts, hears what it is told and goes on as new, with its state', async () => {
    const { id } = await engine.api.send('POST', '/api/v1/monitor', {
      name: 'load',
      type: 'query alert',
      query: 'min(last_5m):avg:real.load{*} by {host} > 90',
      message: '{{host.name}} is at {{value}}',
      tags: ['team:core'],
      priority: 1,
      options: { interval: 1, new_group_delay: 0, thresholds: { critical: 90 } },
    })
    await engine.api.push('real.load', 'web-1', [{ value: 95 }])
    await groupIs(id, 'Alert')
    const first = await runIdOf(id)

    // By signal.
    await engine.api.send('PUT', `/api/v1/monitor/${id}`, {
      options: { interval: 1, new_group_delay: 0, thresholds: { critical: 99 } },
      query: 'min(last_5m):avg:real.load{*} by {host} > 99',
    })
    await groupIs(id, 'OK')
    // By update, which is answered.
    expect(await engine.api.send('POST', `/api/v2/monitor/${id}/evaluate`)).toMatchObject({ id })

    await until('a run that goes on from another', async () => (await runIdOf(id)) !== first)
    const { transitions } = await engine.api.send('GET', `/api/v2/monitor/${id}/transitions`)
    expect(transitions.map(({ to }: { to: string }) => to)).toEqual(['OK', 'Alert'])
  })

  test('it is found by what it is and how it is', async () => {
    const { id } = await engine.api.send('POST', '/api/v1/monitor', {
      name: 'found',
      type: 'query alert',
      query: 'min(last_5m):avg:real.found{*} by {host} > 90',
      tags: ['team:found'],
      options: { interval: 1, new_group_delay: 0, thresholds: { critical: 90 } },
    })
    await engine.api.push('real.found', 'web-1', [{ value: 95 }])
    const query = `MonitorState='Alert' and MonitorId='${id}' and MonitorTags='team:found'`
    await until('the list to show it', async () => (await namespace.client.workflow.count(query)).count === 1)
  })

  const groupIs = async (id: number, status: string): Promise<void> => {
    await until(`the group is ${status}`, async () => (await engine.api.groups(id))['host:web-1'] === status)
  }

  const runIdOf = async (id: number): Promise<string> => (await namespace.client.workflow.getHandle(workflowIdOf(id)).describe()).runId
})
