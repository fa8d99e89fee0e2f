/**
 * Pushes this machine's figures to the intake every 10 s, as any client would: `node cli/sampler/main.ts <API address>`,
 * with TOCSIN_API_KEY in the environment. Never loses a reading because the API is away for a while.
 * Read next: read.ts, series.ts, outbox.ts.
 */
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../../config.ts'
import { createHttpClient } from '../http.ts'
import { localUrl, readSettings } from '../up/settings.ts'
import { createOutbox } from './outbox.ts'
import { type Reading, readMachine } from './read.ts'
import { samplesOf } from './series.ts'

/** As the Datadog agent does; half a minute's window still holds three points. */
const intervalMs = 10_000
/** The first difference needs two readings: a short first pause gives a new monitor its data at once. */
const firstPauseMs = 1_000

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort())

const config = readSettings(loadConfig)
if (config === null) process.exitCode = 2
else await sample(process.argv[2] ?? localUrl(config.host, config.port), config.apiKey)

/** Until the process is asked to stop. */
async function sample(baseUrl: string, apiKey: string | null): Promise<void> {
  const outbox = createOutbox({
    client: createHttpClient({ baseUrl, apiKey, appKey: null }),
    host: hostname(),
    intervalS: intervalMs / 1000,
    log: (line) => console.log(JSON.stringify({ time: new Date().toISOString(), event: 'sampler', line })),
  })
  let before: Reading | null = null
  while (!stop.signal.aborted) {
    const now: Reading = await readMachine(Date.now())
    outbox.add(samplesOf(before, now))
    const pauseMs = before === null ? firstPauseMs : intervalMs
    before = now
    await outbox.flush()
    await sleep(pauseMs - Math.min(pauseMs, Date.now() - now.atMs), undefined, { signal: stop.signal }).catch(() => {})
  }
}
