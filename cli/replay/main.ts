/**
 * `npm run replay -- <history.json>…`: would the workflows of this checkout do what these histories say? Offline.
 * Exits with 0 if all of them would, with 1 if one would not, with 2 if a file can't be read.
 * Read next: replay.ts, docs/how-to/inspect-and-reset.md.
 */
import { readFile } from 'node:fs/promises'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { type ReplayOutcome, replayHistory } from './replay.ts'

const exitCodes = { replayed: 0, diverged: 1, unreadable: 2 } as const satisfies Record<ReplayOutcome['kind'], number>

// The SDK's runtime would keep the process.
process.exit(await main(process.argv.slice(2)))

async function main(files: readonly string[]): Promise<number> {
  if (files.length === 0 || files.some((file) => file.startsWith('-'))) {
    console.error('usage: npm run replay -- <history.json>…   (files of `temporal workflow show --output json`)')
    return 2
  }
  // What goes wrong comes back as an outcome; the SDK would say it a second time.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } })
  const workflowBundle = await bundleWorkflows()
  let code = 0
  for (const file of files) {
    const json = await readJson(file)
    const outcome: ReplayOutcome =
      'error' in json ? { kind: 'unreadable', reason: json.error } : await replayHistory(workflowBundle, json.value)
    console.log(`${file}: ${sentenceOf(outcome)}`)
    code = Math.max(code, exitCodes[outcome.kind])
  }
  return code
}

async function readJson(file: string): Promise<Readonly<{ value: unknown } | { error: string }>> {
  try {
    return { value: JSON.parse(await readFile(file, 'utf8')) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

function sentenceOf(outcome: ReplayOutcome): string {
  switch (outcome.kind) {
    case 'replayed':
      return `replayed, ${outcome.events} events`
    case 'diverged':
      return `NOT REPLAYED: this code would have done something else. ${outcome.reason}`
    case 'unreadable':
      return `not a workflow history: ${outcome.reason}`
  }
}
