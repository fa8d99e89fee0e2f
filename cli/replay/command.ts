/**
 * `tocsin replay`: would the workflows of this checkout do what histories say? Of files, or of what runs now in Temporal; so it says
 * whether a deployment is safe. Changes nothing. Read next: replay.ts, docs/how-to/inspect-and-reset.md.
 */
import { readFile } from 'node:fs/promises'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import type { z } from 'zod'
import { bundleWorkflows } from '../../workers/bundle.ts'
import { CommandError, exitCodes } from '../codes.ts'
import type { Given } from '../command.ts'
import { monitorIdOf } from '../ids.ts'
import { openServer } from '../server.ts'
import { findRuns, historyOf, newestRun, type Run } from '../temporal/histories.ts'
import { openHomeOf, openTemporal, type Temporal, temporalCells } from '../temporal/open.ts'
import type { replayOptions } from './options.ts'
import { type ReplayOutcome, replayFetched, replayHistory } from './replay.ts'

const codes = { replayed: exitCodes.done, diverged: exitCodes.no, unreadable: exitCodes.wrong } as const satisfies Record<
  ReplayOutcome['kind'],
  number
>

export type Replayed = Readonly<{ name: string; outcome: ReplayOutcome }>

export async function replayCommand(given: Given<z.output<typeof replayOptions>>): Promise<number> {
  const { args, options, terminal } = given
  if (options.all === args.length > 0) throw new CommandError('expected monitors (ids, keys), files of histories, or --all')
  // What goes wrong comes back as an outcome; the SDK would say it a second time.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } })
  const all: Replayed[] = []
  for await (const one of outcomes(given)) {
    all.push(one)
    terminal.progress(null)
    if (!options.json && (!options.all || one.outcome.kind !== 'replayed')) terminal.say(`${one.name}: ${sentenceOf(one.outcome)}`)
    terminal.progress(`${all.length} replayed`)
  }
  terminal.progress(null)
  const bad = all.filter(({ outcome }) => outcome.kind !== 'replayed').length
  if (options.json) terminal.say(JSON.stringify({ histories: all.length, not_replayed: bad, outcomes: all.map(jsonOf) }, null, 2))
  else if (options.all) terminal.say(`${all.length - bad} of ${all.length} histories replayed`)
  return Math.max(exitCodes.done, ...all.map(({ outcome }) => codes[outcome.kind]))
}

async function* outcomes({ args, options }: Given<z.output<typeof replayOptions>>): AsyncGenerator<Replayed> {
  const bundle = await bundleWorkflows()
  const files = args.filter((arg) => arg.endsWith('.json'))
  for (const file of files) {
    const json = await readJson(file)
    yield { name: file, outcome: 'error' in json ? { kind: 'unreadable', reason: json.error } : await replayHistory(bundle, json.value) }
  }
  if (options.all) {
    for (const cell of temporalCells()) {
      const running = (temporal: Temporal): Promise<readonly Run[]> => findRuns(temporal, "ExecutionStatus='Running'")
      yield* replayIn(bundle, await openTemporal(cell), running)
    }
    return
  }
  for (const monitor of args.filter((arg) => !arg.endsWith('.json'))) {
    // An id needs no API.
    const id = /^\d+$/.test(monitor) ? monitor : String(await monitorIdOf(openServer(options), monitor))
    const newest = async (temporal: Temporal): Promise<readonly Run[]> => {
      const run = await newestRun(temporal, `monitor-${id}`)
      if (run !== null) return [run]
      throw new CommandError(`monitor ${monitor} has no workflow in namespace ${temporal.cell.namespace} of ${temporal.cell.address}`)
    }
    yield* replayIn(bundle, await openHomeOf(`monitor-${id}`), newest)
  }
}

/** Closes it in any case. */
async function* replayIn(
  bundle: Parameters<typeof replayFetched>[0],
  temporal: Temporal,
  runsIn: (temporal: Temporal) => Promise<readonly Run[]>,
): AsyncGenerator<Replayed> {
  try {
    for (const run of await runsIn(temporal))
      yield { name: run.workflowId, outcome: await replayFetched(bundle, await historyOf(temporal, run)) }
  } finally {
    await temporal.close()
  }
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

function jsonOf({ name, outcome }: Replayed): object {
  return { name, ...outcome }
}
