/**
 * From files to the server, as `apply` and every `import` do it: a plan that is shown, checked by the server, agreed to and carried out.
 * Read next: plan.ts, check.ts, execute.ts.
 */
import { CommandError, exitCodes } from '../codes.ts'
import type { HttpClient } from '../http.ts'
import type { Terminal } from '../terminal.ts'
import { checkPlan } from './check.ts'
import type { DesiredState } from './desired.ts'
import { type Done, execute } from './execute.ts'
import { isEmpty, planOf } from './plan.ts'
import { readPresent } from './present.ts'
import { doneJson, planJson, showPlan } from './show.ts'

export type CarryOutOptions = Readonly<{ json: boolean; prune: boolean; prefix: string; dryRun: boolean; yes: boolean }>

/** `more`: what a caller adds to the JSON. The exit code. */
export async function carryOut(
  desired: DesiredState,
  options: CarryOutOptions,
  server: HttpClient,
  terminal: Terminal,
  more: object = {},
): Promise<number> {
  const present = await readPresent(server, terminal)
  const plan = planOf(desired, present, { ...options, nowMs: Date.now() })
  const checked = plan.errors.length > 0 ? { errors: plan.errors, warnings: [] } : await checkPlan(plan, present, server, terminal)
  for (const warning of checked.warnings) terminal.complain(`warning: ${warning}`)
  if (checked.errors.length > 0) {
    if (options.json) terminal.say(JSON.stringify({ ...more, applied: false, errors: checked.errors }, null, 2))
    throw new CommandError([...checked.errors, 'nothing was changed'].join('\n'))
  }
  const told = { ...more, plan: planJson(plan), warnings: checked.warnings }
  if (!options.json) for (const line of showPlan(plan)) terminal.say(line)
  if (options.dryRun) {
    if (options.json) terminal.say(JSON.stringify({ ...told, applied: false }, null, 2))
    return exitCodes.done
  }
  if (!isEmpty(plan) && !options.yes && !(await agreed(terminal))) {
    terminal.complain('nothing was changed')
    return exitCodes.no
  }
  const done = await execute(plan, present, server, terminal)
  if (options.json) terminal.say(JSON.stringify({ ...told, applied: true, done: doneJson(done) }, null, 2))
  return ended(done, options.json, terminal)
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
