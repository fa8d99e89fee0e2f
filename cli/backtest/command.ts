/**
 * `tocsin backtest MONITOR.json --from … --to …`: what a monitor would have done, and whom it would have told. Stores nothing.
 * Read next: show.ts, docs/how-to/backtest.md.
 */
import { styleText } from 'node:util'
import type { Command } from 'commander'
import { refusal } from '../answers.ts'
import { CommandError, exitCodes } from '../codes.ts'
import { act, withServer } from '../command.ts'
import type { HttpAnswer } from '../http.ts'
import { openServer } from '../server.ts'
import type { Terminal } from '../terminal.ts'
import { backtestAnswer } from './answer.ts'
import { backtestOptions, readArguments } from './arguments.ts'
import { readMonitor } from './read.ts'
import { showBacktest } from './show.ts'
import type { Paint } from './strips.ts'
import { timeForms } from './time.ts'

/** A pipe or a file has no width. */
const columnsDefault = 100
/** A backtest is given a minute by the server. */
const timeoutMs = 70_000

export function addBacktest(program: Command, terminal: Terminal): void {
  const command = withServer(program.command('backtest'))
    .description('what a monitor would have done over the past of its source, and whom it would have told')
    .argument('[file...]', 'a definition as the API takes it or gives it, JSON or YAML')
    .option('--monitor <id>', 'a monitor that the server has, instead of a file')
    .option('--from <time>', timeForms)
    .option('--to <time>', 'now, where it is left out')
  act(command, terminal, backtestOptions, async ({ args, options }) => {
    const asked = readArguments(args, options, Date.now())
    const subject = asked.file === null ? { monitor_id: asked.monitorId } : await monitorOf(asked.file)
    const body = { ...subject, from: new Date(asked.fromMs).toISOString(), to: new Date(asked.toMs).toISOString() }
    terminal.progress('computing …')
    const answer = await openServer(options, timeoutMs).request('POST', '/api/v2/monitor/backtest', body)
    terminal.progress(null)
    if (answer.status !== 200) throw refusal(answer)
    return show(answer, options.json, terminal)
  })
}

async function monitorOf(file: string): Promise<Readonly<{ monitor: object }>> {
  const read = await readMonitor(file)
  if (!read.ok) throw new CommandError(read.error)
  return { monitor: read.monitor }
}

function show(answer: HttpAnswer, json: boolean, { say, complain, columns }: Terminal): number {
  if (json) {
    say(JSON.stringify(answer.body, null, 2))
    return exitCodes.done
  }
  const parsed = backtestAnswer.safeParse(answer.body)
  if (!parsed.success) {
    complain('the server answers in another way than this version reads; --json shows its answer')
    return exitCodes.unavailable
  }
  for (const line of showBacktest(parsed.data, columns ?? columnsDefault, columns === null ? plain : coloured)) say(line)
  return exitCodes.done
}

const plain: Paint = (_status, text) => text

/** NO_COLOR and the like are looked at by the function itself. */
const coloured: Paint = (status, text) => {
  const colours = { OK: 'green', Warn: 'yellow', Alert: 'red', 'No Data': 'gray', Unknown: 'magenta' } as const
  return styleText(colours[status], text)
}
