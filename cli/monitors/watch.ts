/** `tocsin monitors watch`: a line for each change of an overall state, seen by looking again and again. Read next: looks.ts. */
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { exitCodes } from '../codes.ts'
import { type Given, serverOptions } from '../command.ts'
import { monitorIdOf } from '../ids.ts'
import { openServer } from '../server.ts'
import { shortTime } from '../table.ts'
import { lookAtAll, lookAtThese, type Watched } from './looks.ts'

export const watchOptions = serverOptions.extend({
  interval: z.coerce.number().min(0.1, 'expected seconds, 0.1 or more').max(3_600, 'expected seconds, at most 3600').default(5),
  until: z.string().optional(),
  timeout: z.coerce.number().min(1, 'expected seconds, 1 or more').optional(),
})

export async function watchMonitors({ args, options, terminal }: Given<z.output<typeof watchOptions>>): Promise<number> {
  const server = openServer(options)
  const ids = new Set<number>()
  for (const monitor of args) ids.add(await monitorIdOf(server, monitor))
  const until = options.until?.toLowerCase()
  const deadlineMs = options.timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + options.timeout * 1_000
  const before = new Map<number, string>()
  const look = ids.size === 0 ? lookAtAll(server) : lookAtThese(server, [...ids])
  for (;;) {
    const now = await look()
    for (const monitor of now) {
      const from = before.get(monitor.id)
      if (from !== monitor.status) terminal.say(lineOf(monitor, from ?? null, options.json))
      before.set(monitor.id, monitor.status)
    }
    if (until !== undefined && now.length > 0 && now.every(({ status }) => status.toLowerCase() === until)) return exitCodes.done
    if (Date.now() + options.interval * 1_000 > deadlineMs) return exitCodes.no
    await setTimeout(options.interval * 1_000)
  }
}

/** As JSON a line each, for programs that read as they come. */
function lineOf({ id, name, status: state }: Watched, from: string | null, json: boolean): string {
  const at = new Date().toISOString()
  if (json) return JSON.stringify({ at, id, name, from, to: state })
  return `${shortTime(at)}  ${id}  ${from === null ? state : `${from} → ${state}`}  ${name}`
}
