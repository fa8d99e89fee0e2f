/** What is done to a monitor: mute, unmute, resolve, ack, delete. Each for several at once; the first that fails ends it. Read next: command.ts. */
import type { Command } from 'commander'
import { z } from 'zod'
import { ask } from '../answers.ts'
import { parseTime, timeForms } from '../backtest/time.ts'
import { CommandError, exitCodes } from '../codes.ts'
import { act, type Given, type ServerOptions, serverOptions, withServer } from '../command.ts'
import type { HttpClient } from '../http.ts'
import { monitorIdOf } from '../ids.ts'
import { openServer } from '../server.ts'
import type { Terminal } from '../terminal.ts'
import { lengthMsOf } from '../times.ts'

const scopeOption = { scope: z.string().optional() }
const muteOptions = serverOptions.extend({ ...scopeOption, until: z.string().optional(), for: z.string().optional() })
const unmuteOptions = serverOptions.extend({ ...scopeOption, all: z.boolean().default(false) })
const resolveOptions = serverOptions.extend({ group: z.array(z.string()).optional() })
const ackOptions = resolveOptions.extend({ note: z.string().optional(), for: z.string().optional() })
const deleteOptions = serverOptions.extend({ yes: z.boolean().default(false), force: z.boolean().default(false) })

export function addActs(group: Command, terminal: Terminal): void {
  const mute = named(group, 'mute', 'nobody is told of it, for a time or until it is unmuted')
    .option('--scope <scope>', 'these groups only, as host:a')
    .option('--until <time>', timeForms)
    .option('--for <duration>', '30m, 2h, 1d')
  act(mute, terminal, muteOptions, (given) => {
    const { scope, until, for: length } = given.options
    const end = endOf(until, length)
    const body = { ...(scope === undefined ? {} : { scope }), ...(end === null ? {} : { end }) }
    return each(given, (server, id) => ask(server, anything, ['POST', `/api/v1/monitor/${id}/mute`], body), 'muted')
  })
  const unmute = named(group, 'unmute', 'ends a mute').option('--scope <scope>', 'of these groups').option('--all', 'of whatever scope')
  act(unmute, terminal, unmuteOptions, (given) => {
    const { scope, all } = given.options
    const body = all ? { all_scopes: true } : scope === undefined ? {} : { scope }
    return each(given, (server, id) => ask(server, anything, ['POST', `/api/v1/monitor/${id}/unmute`], body), 'unmuted')
  })
  const resolve = named(group, 'resolve', 'is OK now, and judged afresh at the next evaluation').option(
    '--group <group...>',
    'these groups only',
  )
  act(resolve, terminal, resolveOptions, (given) => {
    const { group: groups } = given.options
    const body = groups === undefined ? {} : { groups }
    return each(given, (server, id) => ask(server, anything, ['POST', `/api/v1/monitor/${id}/resolve`], body), 'resolved')
  })
  const ack = named(group, 'ack', 'somebody has taken it: it isn’t repeated')
    .option('--group <group...>', 'these groups only')
    .option('--note <text>', 'for the record')
    .option('--for <duration>', '30m, 2h: then it counts as not taken')
  act(ack, terminal, ackOptions, (given) => {
    const { group: groups, note, for: length } = given.options
    const end = endOf(undefined, length)
    const body = {
      ...(groups === undefined ? { group: '*' } : { groups }),
      ...(note === undefined ? {} : { note }),
      ...(end === null ? {} : { until: end }),
    }
    return each(given, (server, id) => ask(server, anything, ['POST', `/api/v2/monitor/${id}/ack`], body), 'acknowledged')
  })
  const unack = named(group, 'unack', 'nobody has taken it after all').option('--group <group...>', 'these groups only')
  act(unack, terminal, resolveOptions, (given) => {
    const { group: groups } = given.options
    const body = groups === undefined ? { group: '*' } : { groups }
    return each(given, (server, id) => ask(server, anything, ['POST', `/api/v2/monitor/${id}/unack`], body), 'no longer acknowledged')
  })
  const remove = named(group, 'delete', 'ends it; its history stays readable')
    .option('--yes', 'without asking')
    .option('--force', 'also where others name it')
  act(remove, terminal, deleteOptions, async (given) => {
    const { yes, force } = given.options
    if (!yes) await agreed(terminal, `Delete ${given.args.join(', ')}?`)
    return each(given, (server, id) => ask(server, anything, ['DELETE', `/api/v1/monitor/${id}${force ? '?force=true' : ''}`]), 'deleted')
  })
}

const anything = z.unknown()

function named(group: Command, name: string, description: string): Command {
  return withServer(group.command(name)).description(description).argument('<monitor...>', 'ids or keys')
}

async function each(
  { args, options, terminal }: Given<ServerOptions>,
  what: (server: HttpClient, id: number) => Promise<unknown>,
  done: string,
): Promise<number> {
  const server = openServer(options)
  const ids: number[] = []
  for (const monitor of args) ids.push(await monitorIdOf(server, monitor))
  const answers: unknown[] = []
  for (const id of ids) {
    answers.push(await what(server, id))
    if (!options.json) terminal.say(`monitor ${id} ${done}`)
  }
  if (options.json) terminal.say(JSON.stringify(answers, null, 2))
  return exitCodes.done
}

async function agreed({ confirm }: Terminal, question: string): Promise<void> {
  if (confirm === null) throw new CommandError('there is nobody to be asked: --yes does it without asking')
  if (!(await confirm(question))) throw new CommandError('nothing was changed', exitCodes.no)
}

/** Epoch seconds; null = no end. */
function endOf(until: string | undefined, length: string | undefined): number | null {
  if (until !== undefined && length !== undefined) throw new CommandError('expected --until or --for, not both')
  const now = Date.now()
  if (length !== undefined) return Math.ceil((now + lengthMsOf(length)) / 1_000)
  if (until === undefined) return null
  const end = parseTime(until, now)
  if (end === null || end <= now) throw new CommandError(`--until: expected ${timeForms}, in the future, not ${until}`)
  return Math.ceil(end / 1_000)
}
