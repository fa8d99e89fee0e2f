import { readFileSync } from 'node:fs'
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import { loadTemporalConfig } from '../temporal.config.ts'
import { startCrew } from '../workers/crew.ts'

export type CrewSettings = Readonly<{ address: string; codePath: string }>

/**
 * The life of a benchmark's worker process: the real Workers, one message when they are ready, `answer` for each message that comes, the
 * end when the parent disconnects.
 */
export async function serveCrew(settings: CrewSettings, activities: object, answer: (message: unknown) => void): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR' } }, shutdownSignals: [] })
  const crew = await startCrew({
    connection: await NativeConnection.connect({ address: settings.address }),
    config: loadTemporalConfig({ TEMPORAL_ADDRESS: settings.address }),
    workflowBundle: { code: readFileSync(settings.codePath, 'utf8') },
    activities,
    plugins: [],
  })
  process.on('message', answer)
  // By itself, so that profiles are written where there are any (`node --cpu-prof bench/main.ts`).
  process.once('disconnect', () => process.exit(0))
  process.send?.('ready')
  await crew.ended
}
