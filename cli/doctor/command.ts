/** `tocsin doctor`: what is wrong with an installation, and what to do about it. Changes nothing. Read next: checks.ts. */
import type { Command } from 'commander'
import { CommandError, exitCodes } from '../codes.ts'
import { act, type Given, type ServerOptions, serverOptions, withServer } from '../command.ts'
import { HttpUnreachable } from '../http.ts'
import { countMonitors } from '../monitors/count.ts'
import { openServer } from '../server.ts'
import type { Terminal } from '../terminal.ts'
import { checkApi, checkEngine, type Finding, finding } from './checks.ts'

export function addDoctor(program: Command, terminal: Terminal): void {
  const command = withServer(program.command('doctor')).description(
    'looks for what is wrong with the installation; ends with 1 if there is anything',
  )
  act(command, terminal, serverOptions, doctor)
}

async function doctor({ options, terminal }: Given<ServerOptions>): Promise<number> {
  const findings = [...(await lookAtApi(options))]
  if (options.json) terminal.say(JSON.stringify({ ok: findings.every(({ ok }) => ok), findings }, null, 2))
  else for (const line of findings.flatMap(linesOf)) terminal.say(line)
  return findings.every(({ ok }) => ok) ? exitCodes.done : exitCodes.no
}

/** Temporal is looked at also where the API isn't there: then it may be why. */
async function lookAtApi(options: ServerOptions): Promise<readonly Finding[]> {
  const server = openServer(options)
  try {
    const api = await checkApi(server)
    if (api.some(({ ok, name }) => !ok && name !== 'clocks')) return [...api, ...(await lookAtTemporal(0))]
    const { total } = await countMonitors(server)
    return [...api, ...(await lookAtTemporal(total)), ...(await checkEngine(server))]
  } catch (error) {
    if (!(error instanceof HttpUnreachable)) throw error
    return [finding('API', false, error.message, 'npm start, or TOCSIN_URL says where it is'), ...(await lookAtTemporal(0))]
  }
}

async function lookAtTemporal(monitors: number): Promise<readonly Finding[]> {
  const { openTemporal } = await import('../temporal/open.ts')
  const { checkTemporal } = await import('./checks-temporal.ts')
  try {
    const temporal = await openTemporal()
    try {
      return [finding('Temporal', true, `answers at ${temporal.cell.address}`, ''), ...(await checkTemporal(temporal, monitors))]
    } finally {
      await temporal.close()
    }
  } catch (error) {
    if (error instanceof CommandError) return [finding('Temporal', false, error.message, 'npm start, or TEMPORAL_ADDRESS says where it is')]
    throw error
  }
}

function linesOf({ name, ok, detail, remedy }: Finding): string[] {
  return [`${ok ? 'ok  ' : 'BAD '} ${name}: ${detail}`, ...(remedy === null ? [] : [`      → ${remedy}`])]
}
