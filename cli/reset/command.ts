/**
 * `tocsin reset MONITOR --to …`: a monitor back to an earlier point of its history, and on from there. Says first what that takes back,
 * and asks. Read next: ../temporal/resets.ts, docs/how-to/inspect-and-reset.md, which says what a reset does and what it can't.
 */
import type { Command } from 'commander'
import { z } from 'zod'
import { parseTime, timeForms } from '../backtest/time.ts'
import { CommandError, exitCodes } from '../codes.ts'
import { act, type Given, serverOptions, withServer } from '../command.ts'
import { monitorIdOf } from '../ids.ts'
import { openServer } from '../server.ts'
import { shortTime } from '../table.ts'
import type { Run } from '../temporal/histories.ts'
import type { Temporal } from '../temporal/open.ts'
import type { Point, Undone } from '../temporal/resets.ts'
import type { Terminal } from '../terminal.ts'

const resetOptions = serverOptions.extend({
  to: z.string().optional(),
  run: z.string().optional(),
  reason: z.string().default('tocsin reset'),
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
})
type ResetOptions = z.output<typeof resetOptions>

export function addReset(program: Command, terminal: Terminal): void {
  const command = withServer(program.command('reset'))
    .description('takes a monitor back to an earlier point of its history: after a worker with a bug')
    .argument('<monitor>', 'id or key')
    .option('--to <point>', `first or last (workflow task of the run), the number of an event, or ${timeForms}`)
    .option('--run <id>', 'an earlier run; without it the newest, or the one of that time')
    .option('--reason <text>', 'stands in the history')
    .option('--dry-run', 'says what would be taken back, and ends')
    .option('--yes', 'without asking')
  act(command, terminal, resetOptions, reset)
}

async function reset({ args: [monitor = ''], options, terminal }: Given<ResetOptions>): Promise<number> {
  const point = pointOf(options.to, Date.now())
  const id = /^\d+$/.test(monitor) ? Number(monitor) : await monitorIdOf(openServer(options), monitor)
  const { openHomeOf } = await import('../temporal/open.ts')
  const temporal = await openHomeOf(`monitor-${id}`)
  try {
    return await resetIn(temporal, id, point, options, terminal)
  } finally {
    await temporal.close()
  }
}

async function resetIn(temporal: Temporal, id: number, point: Point, options: ResetOptions, terminal: Terminal): Promise<number> {
  const { historyOf } = await import('../temporal/histories.ts')
  const { resetRun, undoneBy } = await import('../temporal/resets.ts')
  const run = await runFor(temporal, `monitor-${id}`, point, options.run ?? null)
  const history = await historyOf(temporal, run)
  const undone = undoneBy(history, point)
  if (undone === null)
    throw new CommandError(`--to: run ${run.runId} has no end of a workflow task there: temporal workflow show -w ${run.workflowId}`)
  if (!options.json) for (const line of sentencesOf(run, undone)) terminal.say(line)
  const told = { workflow: run.workflowId, run: run.runId, ...undone }
  if (options.dryRun) {
    if (options.json) terminal.say(JSON.stringify({ ...told, reset: false }, null, 2))
    return exitCodes.done
  }
  if (!options.yes) {
    if (terminal.confirm === null)
      throw new CommandError('there is nobody to be asked: --yes resets, --dry-run only says what it would take back')
    if (!(await terminal.confirm('Reset it?'))) return exitCodes.no
  }
  const newRun = await resetRun(temporal, run, history, undone, options.reason)
  terminal.say(options.json ? JSON.stringify({ ...told, reset: true, new_run: newRun }, null, 2) : `reset: it goes on as run ${newRun}`)
  return exitCodes.done
}

/** The run that is named, that of the time, or the newest. Throws a CommandError where there is none. */
async function runFor(temporal: Temporal, workflowId: string, point: Point, runId: string | null): Promise<Run> {
  const { newestRun, runsOf } = await import('../temporal/histories.ts')
  const newest = await newestRun(temporal, workflowId)
  if (newest === null)
    throw new CommandError(`${workflowId} has no workflow in namespace ${temporal.cell.namespace} of ${temporal.cell.address}`)
  if (runId === null && (point.kind !== 'time' || newest.startMs <= point.atMs)) return newest
  const runs = await runsOf(temporal, workflowId)
  const found = runs.findLast((run) => (runId === null ? point.kind === 'time' && run.startMs <= point.atMs : run.runId === runId))
  if (found === undefined)
    throw new CommandError(runId === null ? '--to: Temporal keeps no run of that time' : `--run: ${workflowId} has no run ${runId}`)
  return found
}

function pointOf(text: string | undefined, nowMs: number): Point {
  if (text === undefined) throw new CommandError('--to is missing: first, last, the number of an event, or a time')
  if (text === 'first' || text === 'last') return { kind: text }
  if (/^\d{1,8}$/.test(text)) return { kind: 'event', eventId: Number(text) }
  const atMs = parseTime(text, nowMs)
  if (atMs === null) throw new CommandError(`--to: expected first, last, the number of an event, or ${timeForms}, not ${text}`)
  return { kind: 'time', atMs }
}

function sentencesOf(run: Run, undone: Undone): string[] {
  const { eventId, atMs, events, evaluations, commits, notifications, messages, untilMs } = undone
  return [
    `${run.workflowId}, run ${run.runId}: back to event ${eventId} of ${shortTime(atMs)}; this takes back`,
    `  ${events} events until ${shortTime(untilMs)}: ${evaluations} evaluations, ${commits} commits, ${notifications} starts of notifications, ${messages} messages`,
    'Slots since then are judged again as of their own time. What is stored and told stays; signals and updates are applied again, now.',
  ]
}
