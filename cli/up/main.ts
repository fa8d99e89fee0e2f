/**
 * `npm start`: the whole engine on this machine, from nothing, until Ctrl-C; the next start carries on.
 * Never decides anything about monitors. Read next: start.ts, supervisor.ts, run-files.ts.
 */
import { relative } from 'node:path'
import { makePassableFolder } from './reach.ts'
import { claimRun, type RunFiles } from './run-files.ts'
import { loadUpSettings, readSettings, type UpSettings } from './settings.ts'
import { type Started, startAll } from './start.ts'
import { createSupervisor, type Supervisor } from './supervisor.ts'

const startedAt = Date.now()

// A terminal that was closed can't be written to; that is no reason to leave children behind.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
const settings = readSettings(() => loadUpSettings(process.env))
process.exitCode = settings === null ? 2 : await up(settings)

/** The exit code: 0 after a clean stop, 1 if the start failed. */
async function up(settings: UpSettings): Promise<number> {
  const stopAsked = listenForSignals()
  let runFiles: RunFiles | null = null
  let supervisor: Supervisor | null = null
  let code = 0
  try {
    makePassableFolder(settings.dataDir)
    runFiles = await claimRun(settings.dataDir, say)
    supervisor = createSupervisor({ dataDir: settings.dataDir, runFiles, say, signal: stopAsked })
    const started = await startAll({ settings, supervisor, say, signal: stopAsked })
    runFiles.saveAddresses(started.addresses)
    announce(settings, started)
    if (!stopAsked.aborted) await new Promise((resolve) => stopAsked.addEventListener('abort', resolve, { once: true }))
  } catch (error) {
    if (!stopAsked.aborted) {
      code = 1
      console.error(`\n${error instanceof Error ? error.message : String(error)}`)
    }
  }
  await supervisor?.stop()
  runFiles?.release()
  if (supervisor !== null && code === 0) say('stopped; `npm start` carries on from here')
  return code
}

/** Aborted by the first signal that asks to stop; npm, the terminal and the launcher may each send their own. */
function listenForSignals(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) return
      say(`stopping (${name}) …`)
      controller.abort(new Error(`stopped by ${name}`))
    })
  }
  return controller.signal
}

function say(line: string): void {
  console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`)
}

function announce(settings: UpSettings, { addresses, keys, keysGenerated }: Started): void {
  const folder = relative(process.cwd(), settings.dataDir) || '.'
  const shownKeys = keysGenerated
    ? [`API key          ${keys.apiKey}`, `application key  ${keys.appKey}`, `                 shown once; kept in ${folder}/keys.json`]
    : [
        `keys             ${settings.givenKeys.apiKey === null ? `in ${folder}/keys.json` : 'as given in TOCSIN_API_KEY and TOCSIN_APP_KEY'}`,
      ]
  const lines = [
    `console and API  ${addresses.api}`,
    ...(addresses.temporalUi === null ? [] : [`Temporal Web UI  ${addresses.temporalUi}`]),
    `Temporal         ${addresses.temporal}`,
    ...shownKeys,
    `logs             ${folder}/logs`,
    'an incident      npm run demo   (in a second terminal)',
    'stop             Ctrl-C',
  ]
  console.log(`\nTocsin is running.\n\n${lines.map((line) => `  ${line}`).join('\n')}\n`)
}
