/** Which monitor is meant: an id, or the key under which a file keeps it. Read next: monitors/command.ts. */
import { z } from 'zod'
import { parseMonitorId } from '../contract/pages.ts'
import { ask } from './answers.ts'
import { CommandError } from './codes.ts'
import type { HttpClient } from './http.ts'

const keys = z.object({ monitors: z.array(z.object({ id: z.number(), key: z.string() })) })

/** Throws a CommandError that says which of them is no monitor. */
export async function monitorIdOf(server: HttpClient, text: string): Promise<number> {
  const id = parseMonitorId(text)
  if (id !== null) return id
  const found = (await keptMonitors(server)).find(({ key }) => key === text)
  if (found === undefined) throw new CommandError(`${text}: no monitor has this id, or is kept under this key`)
  return found.id
}

/** All monitors that files keep, with their keys. */
export async function keptMonitors(server: HttpClient): Promise<z.output<typeof keys>['monitors']> {
  return (await ask(server, keys, ['GET', '/api/v2/monitor/by-key'])).monitors
}
