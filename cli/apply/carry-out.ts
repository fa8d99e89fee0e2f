/**
 * From files to the server, as `apply` and every `import` do it: a plan that is shown, checked by the server, agreed to and carried out.
 * Read next: plan.ts, check.ts, execute.ts.
 */
import { variableOf } from '../../config.ts'
import { CommandError, exitCodes } from '../codes.ts'
import type { HttpClient } from '../http.ts'
import type { Terminal } from '../terminal.ts'
import { checkPlan } from './check.ts'
import type { DesiredState } from './desired.ts'
import { type Done, execute } from './execute.ts'
import { isEmpty, type Plan, planOf } from './plan.ts'
import { type PresentState, readPresent } from './present.ts'
import { doneJson, planJson, showPlan } from './show.ts'

export type CarryOutOptions = Readonly<{ json: boolean; prune: boolean; prefix: string; dryRun: boolean; yes: boolean; tolerant?: boolean }>

/**
 * `more`: what a caller adds to the JSON. `tolerant`: what the server refuses is left out and said, and the rest is done. The exit code.
 */
export async function carryOut(
  desired: DesiredState,
  options: CarryOutOptions,
  server: HttpClient,
  terminal: Terminal,
  more: object = {},
): Promise<number> {
  const present = await readPresent(server, terminal)
  const { plan, errors, warnings } = await checkedPlan(
    planOf(desired, present, { ...options, nowMs: Date.now(), variables: variableOf }),
    present,
    server,
    terminal,
  )
  const tell = (outcome: object): void => {
    if (options.json) terminal.say(JSON.stringify({ ...more, plan: planJson(plan), warnings, errors, ...outcome }, null, 2))
  }
  if (errors.length > 0 && options.tolerant !== true) {
    tell({ applied: false })
    throw new CommandError([...errors, 'nothing was changed'].join('\n'))
  }
  for (const error of errors) terminal.complain(`left out: ${error}`)
  if (!options.json) for (const line of showPlan(plan)) terminal.say(line)
  const code = errors.length > 0 ? exitCodes.no : exitCodes.done
  if (options.dryRun) {
    tell({ applied: false })
    return code
  }
  if (!isEmpty(plan) && !options.yes && !(await agreed(terminal))) {
    terminal.complain('nothing was changed')
    return exitCodes.no
  }
  const done = await execute(plan, present, server, terminal)
  tell({ applied: true, done: doneJson(done) })
  return Math.max(code, ended(done, options.json, terminal))
}

type CheckedPlan = Readonly<{ plan: Plan; errors: readonly string[]; warnings: readonly string[] }>

/** The plan without what the server refuses. */
async function checkedPlan(wanted: Plan, present: PresentState, server: HttpClient, terminal: Terminal): Promise<CheckedPlan> {
  const { errors, warnings, refused } = await checkPlan(wanted, present, server, terminal)
  for (const warning of warnings) terminal.complain(`warning: ${warning}`)
  const changes = wanted.changes.filter((change) => !refused.has(change))
  return { plan: { ...wanted, changes }, errors: [...wanted.errors, ...errors], warnings }
}

async function agreed({ confirm }: Terminal): Promise<boolean> {
  if (confirm === null) throw new CommandError('there is nobody to be asked: --yes carries the plan out, --dry-run only shows it')
  return confirm('Carry this out?')
}

function ended(done: readonly Done[], json: boolean, terminal: Terminal): number {
  const failed = done.filter(({ error }) => error !== null)
  for (const { change, error } of failed) terminal.complain(`${change.kind} ${change.key}: ${error}`)
  if (!json && done.length > 0) terminal.say(`${done.length - failed.length} of ${done.length} done`)
  return failed.length === 0 ? exitCodes.done : exitCodes.wrong
}
