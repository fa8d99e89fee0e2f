/** `tocsin downtimes list|create|cancel`. Kept in files they are for `apply`. Read next: docs/how-to/downtimes.md. */
import type { Command } from 'commander'
import { z } from 'zod'
import { ask } from '../answers.ts'
import { timeForms } from '../backtest/time.ts'
import { CommandError, exitCodes } from '../codes.ts'
import { act, serverOptions, withServer } from '../command.ts'
import { monitorIdOf } from '../ids.ts'
import { openServer } from '../server.ts'
import { sayList } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { lengthMsOf, timeOf } from '../times.ts'

const downtime = z.looseObject({
  id: z.string(),
  attributes: z.looseObject({ status: z.string(), scope: z.string(), message: z.string().nullish(), monitor_identifier: z.unknown() }),
})
const listShape = z.object({ data: z.array(downtime) })
const oneShape = z.object({ data: downtime })

const listOptions = serverOptions.extend({ current: z.boolean().default(false) })
const createOptions = serverOptions.extend({
  monitor: z.string().optional(),
  tag: z.array(z.string()).optional(),
  scope: z.string().default('*'),
  start: z.string().optional(),
  end: z.string().optional(),
  for: z.string().optional(),
  message: z.string().optional(),
})

/** As large as the API gives them; who has more looks at them by --json and pages of their own. */
const pageSize = 1_000

export function addDowntimes(program: Command, terminal: Terminal): void {
  const group = program.command('downtimes').description('times in which nobody is told')
  const list = withServer(group.command('list')).description('all that aren’t over').option('--current', 'those that hold now')
  act(list, terminal, listOptions, async ({ options }) => {
    const path = `/api/v2/downtime?page[limit]=${pageSize}${options.current ? '&current_only=true' : ''}`
    const { data } = await ask(openServer(options), listShape, ['GET', path])
    sayList(data, rowOf, options.json, terminal)
    return exitCodes.done
  })
  const create = withServer(group.command('create'))
    .description('plans one that comes once; rules are for files')
    .option('--monitor <monitor>', 'of this one, by id or key')
    .option('--tag <tag...>', 'of those that have all of these tags; "*" is all')
    .option('--scope <scope>', 'of these groups only, as "env:prod AND NOT host:a"; default *')
    .option('--start <time>', `${timeForms}; now, where it is left out`)
    .option('--end <time>', 'the same; until it is canceled, where it is left out')
    .option('--for <duration>', 'instead of --end: 30m, 2h, 1d')
    .option('--message <text>', 'for people')
  act(create, terminal, createOptions, async ({ options }) => {
    const server = openServer(options)
    if ((options.monitor === undefined) === (options.tag === undefined)) throw new CommandError('expected --monitor or --tag')
    const identifier =
      options.monitor === undefined ? { monitor_tags: options.tag } : { monitor_id: await monitorIdOf(server, options.monitor) }
    const attributes = {
      scope: options.scope,
      monitor_identifier: identifier,
      message: options.message ?? null,
      schedule: scheduleOf(options, Date.now()),
    }
    const { data } = await ask(server, oneShape, ['POST', '/api/v2/downtime'], { data: { type: 'downtime', attributes } })
    terminal.say(options.json ? JSON.stringify(data, null, 2) : `downtime ${data.id} ${data.attributes.status}`)
    return exitCodes.done
  })
  const cancel = withServer(group.command('cancel')).description('ends them').argument('<id...>', 'ids')
  act(cancel, terminal, serverOptions, async ({ args, options }) => {
    const server = openServer(options)
    for (const id of args) await ask(server, z.unknown(), ['DELETE', `/api/v2/downtime/${encodeURIComponent(id)}`])
    terminal.say(options.json ? JSON.stringify({ canceled: args }) : `${args.length} canceled`)
    return exitCodes.done
  })
}

function rowOf({ id, attributes: { status, scope, monitor_identifier: identifier, message } }: z.output<typeof downtime>): string[] {
  return [id, status, scope, JSON.stringify(identifier), (message ?? '').split('\n')[0] ?? '']
}

function scheduleOf({ start, end, for: length }: z.output<typeof createOptions>, nowMs: number): object | null {
  if (end !== undefined && length !== undefined) throw new CommandError('expected --end or --for, not both')
  const startMs = start === undefined ? null : timeOf('--start', start, nowMs)
  const endMs = length === undefined ? (end === undefined ? null : timeOf('--end', end, nowMs)) : (startMs ?? nowMs) + lengthMsOf(length)
  if (startMs === null && endMs === null) return null
  return { ...(startMs === null ? {} : { start: iso(startMs) }), ...(endMs === null ? {} : { end: iso(endMs) }) }
}

const iso = (ms: number): string => new Date(ms).toISOString()
