/**
 * `tocsin backtest MONITOR.json --from … --to …`: what a monitor would have done, and whom it would have told.
 * 0 = answered, 2 = the command line, the file or the definition is wrong, 3 = the server can't answer now. Stores nothing.
 * Read next: show.ts, docs/how-to/backtest.md.
 */
import { styleText } from 'node:util'
import { EnvironmentError, loadConfig } from '../../config.ts'
import { errorsOf, type HttpAnswer, type HttpClient, HttpUnreachable } from '../http.ts'
import { backtestAnswer } from './answer.ts'
import { type Asked, readArguments, usage } from './arguments.ts'
import { readMonitor } from './read.ts'
import { findServer } from './server.ts'
import { showBacktest } from './show.ts'
import type { Paint } from './strips.ts'

/** `columns`: of the terminal; null = it is none, and nothing is coloured. */
export type Terminal = Readonly<{ say: (line: string) => void; complain: (line: string) => void; columns: number | null }>

/** A pipe or a file has no width. */
const columnsDefault = 100

export async function backtestCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const asked = readArguments(args, Date.now())
  if (typeof asked === 'string') return fail(terminal, 2, `${asked}\n${usage}`)
  const subject = asked.file === null ? { monitor_id: asked.monitorId } : await monitorOf(asked.file)
  if (typeof subject === 'string') return fail(terminal, 2, subject)
  const server = serverOf(asked)
  if (typeof server === 'string') return fail(terminal, 2, server)
  const answer = await ask(server, { ...subject, from: new Date(asked.fromMs).toISOString(), to: new Date(asked.toMs).toISOString() })
  if (typeof answer === 'string') return fail(terminal, 3, answer)
  if (answer.status !== 200) return fail(terminal, answer.status === 400 || answer.status === 404 ? 2 : 3, errorsOf(answer))
  return show(answer, asked.json, terminal)
}

async function monitorOf(file: string): Promise<Readonly<{ monitor: object }> | string> {
  const read = await readMonitor(file)
  return read.ok ? { monitor: read.monitor } : read.error
}

function serverOf(asked: Asked): HttpClient | string {
  try {
    return findServer(asked, loadConfig())
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message
    throw error
  }
}

async function ask(server: HttpClient, body: object): Promise<HttpAnswer | string> {
  try {
    return await server.request('POST', '/api/v2/monitor/backtest', body)
  } catch (error) {
    if (error instanceof HttpUnreachable) return `${error.message}. Does \`npm start\` run?`
    throw error
  }
}

function show(answer: HttpAnswer, json: boolean, { say, complain, columns }: Terminal): number {
  if (json) {
    say(JSON.stringify(answer.body, null, 2))
    return 0
  }
  const parsed = backtestAnswer.safeParse(answer.body)
  if (!parsed.success) {
    complain('the server answers in another way than this version reads; --json shows its answer')
    return 3
  }
  for (const line of showBacktest(parsed.data, columns ?? columnsDefault, columns === null ? plain : coloured)) say(line)
  return 0
}

const plain: Paint = (_status, text) => text

/** NO_COLOR and the like are looked at by the function itself. */
const coloured: Paint = (status, text) => {
  const colours = { OK: 'green', Warn: 'yellow', Alert: 'red', 'No Data': 'gray', Unknown: 'magenta' } as const
  return styleText(colours[status], text)
}

function fail({ complain }: Terminal, code: number, what: string): number {
  complain(what)
  return code
}
