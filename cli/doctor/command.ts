/** `tocsin doctor`: what is wrong with an installation, and what to do about it. Changes nothing. Read next: checks.ts. */
import type { Command } from 'commander'
import type { Cell } from '../../temporal.config.ts'
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
  const { temporalCells } = await import('../temporal/open.ts')
  const { checkRunning } = await import('./checks-temporal.ts')
  const cells = temporalCells()
  const looked = []
  for (const cell of cells) looked.push(await lookAtCell(cell, cells.length > 1))
  const running = looked.map(({ running: one }) => one)
  return [
    ...looked.flatMap(({ findings }) => findings),
    // Of a cell that doesn't answer nobody knows.
    ...(running.every((one) => one !== null)
      ? [
          checkRunning(
            running.reduce((sum, one) => sum + one, 0),
            monitors,
          ),
        ]
      : []),
  ]
}

type Looked = Readonly<{ findings: readonly Finding[]; running: number | null }>

/** `named`: there are several, and findings say which they are of. */
async function lookAtCell(cell: Cell, named: boolean): Promise<Looked> {
  const { openTemporal } = await import('../temporal/open.ts')
  const { checkTemporal } = await import('./checks-temporal.ts')
  const naming = (one: Finding): Finding => (named ? { ...one, name: `${cell.name}: ${one.name}` } : one)
  try {
    const temporal = await openTemporal(cell)
    try {
      const { findings, running } = await checkTemporal(temporal)
      return { findings: [finding('Temporal', true, `answers at ${cell.address}`, ''), ...findings].map(naming), running }
    } finally {
      await temporal.close()
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return {
      findings: [naming(finding('Temporal', false, error.message, 'npm start, or TEMPORAL_ADDRESS says where it is'))],
      running: null,
    }
  }
}

function linesOf({ name, ok, detail, remedy }: Finding): string[] {
  return [`${ok ? 'ok  ' : 'BAD '} ${name}: ${detail}`, ...(remedy === null ? [] : [`      → ${remedy}`])]
}
