import type { WorkflowClient } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker, type WorkflowBundle } from '@temporalio/worker'
import { createActivities } from '../../activities/index.ts'
import type { ActivityPorts } from '../../activities/ports.ts'
import { dataConverter } from '../../adapters/temporal/codec.ts'
import { findTemporal, findTestServer } from '../../cli/up/parts.ts'
import { taskQueues } from '../../core/schedule/queues.ts'
import { searchAttributeTypes } from '../../workflows/messages.ts'

/** A server with Workers on it, on which workflows are made to live through something. */
export type Stage = Readonly<{
  workflow: WorkflowClient
  /** Lets time pass: real time on the dev server, as fast as it can on the time-skipping one. */
  pass: (duration: number | string) => Promise<void>
  environment: TestWorkflowEnvironment
  close: () => Promise<void>
}>

/** Host and process of whoever records belong to nobody's history. */
const identity = 'recorder'

export const queues = { monitors: taskQueues.monitors(0), notify: taskQueues.notify, control: taskQueues.control } as const

export async function openStage(
  kind: 'dev-server' | 'time-skipping',
  workflowBundle: WorkflowBundle,
  ports: ActivityPorts,
): Promise<Stage> {
  const environment = kind === 'dev-server' ? await devServer() : await timeSkipping()
  const activities = createActivities(ports)
  const workers = await Promise.all(
    Object.values(queues).map((taskQueue) =>
      Worker.create({
        connection: environment.nativeConnection,
        taskQueue,
        workflowBundle,
        activities,
        identity,
        dataConverter,
        reuseV8Context: true,
      }),
    ),
  )
  const running = Promise.all(workers.map((worker) => worker.run()))
  return {
    environment,
    workflow: environment.client.workflow,
    pass: (duration) => environment.sleep(duration),
    close: async () => {
      for (const worker of workers) worker.shutdown()
      await running
      await environment.teardown()
    },
  }
}

async function devServer(): Promise<TestWorkflowEnvironment> {
  const path = await findTemporal(console.log)
  const attributes = Object.entries(searchAttributeTypes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`])
  return TestWorkflowEnvironment.createLocal({
    server: { ...executable(path), extraArgs: attributes },
    client: { identity, dataConverter },
  })
}

async function timeSkipping(): Promise<TestWorkflowEnvironment> {
  return TestWorkflowEnvironment.createTimeSkipping({
    server: executable(await findTestServer(console.log)),
    client: { identity, dataConverter },
  })
}

function executable(path: string | null): { executable?: { type: 'existing-path'; path: string } } {
  return path === null ? {} : { executable: { type: 'existing-path', path } }
}
