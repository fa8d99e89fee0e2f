/** `tocsin apply`, `diff`, `validate` and `export`: monitors, downtimes and receivers as files. Read next: carry-out.ts, export.ts, files.ts. */
import type { Command } from 'commander'
import { z } from 'zod'
import { variableOf } from '../../config.ts'
import { externalKeyCharsMax } from '../../contract/bounds.ts'
import { CommandError, exitCodes } from '../codes.ts'
import { act, type Given, serverOptions, withServer } from '../command.ts'
import { openServer } from '../server.ts'
import type { Terminal } from '../terminal.ts'
import { carryOut } from './carry-out.ts'
import { checkPlan } from './check.ts'
import type { DesiredState } from './desired.ts'
import { exportCommand, exportOptions } from './export.ts'
import { readDesired } from './files.ts'
import { isEmpty, planOf } from './plan.ts'
import { readPresent } from './present.ts'
import { planJson, showPlan } from './show.ts'

const prefix = z
  .string()
  .max(externalKeyCharsMax)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, 'expected letters, digits and . _ / - only')
  .or(z.literal(''))
  .default('')

const fileOptions = serverOptions.extend({ file: z.array(z.string()).default([]), prefix, prune: z.boolean().default(false) })
const applyOptions = fileOptions.extend({ dryRun: z.boolean().default(false), yes: z.boolean().default(false) })

export function addApply(program: Command, terminal: Terminal): void {
  addFileCommands(program, terminal)
  const validate = withFiles(program.command('validate')).description('checks files by the server, and stores nothing')
  act(validate, terminal, fileOptions, validateFiles)
  const exporting = withServer(program.command('export'))
    .description('all monitors, downtimes and receivers as the files that apply reads')
    .option('-o, --output <dir>', 'a folder, with a file for each monitor; without it everything goes to standard output')
    .option('--monitors-only', 'no downtimes and no receivers')
    .option('--format <format>', 'files (those that apply reads), or terraform: monitors.tf for Datadog’s provider')
  act(exporting, terminal, exportOptions, exportCommand)
}

/** `apply` and `diff`, which `tocsin monitors` has as well. */
export function addFileCommands(program: Command, terminal: Terminal): void {
  const apply = withFiles(program.command('apply'))
    .description('makes the server have what files say: shows a plan, asks, carries it out')
    .option('--prune', 'also deletes what is kept under a key that stands in no file')
    .option('--dry-run', 'shows the plan and ends')
    .option('--yes', 'carries the plan out without asking')
  act(apply, terminal, applyOptions, applyFiles)
  const diff = withFiles(program.command('diff'))
    .description('what apply would change; ends with 1 if there is anything')
    .option('--prune', 'also what it would delete')
  act(diff, terminal, fileOptions, diffFiles)
}

function withFiles(command: Command): Command {
  return withServer(command)
    .argument('[path...]', 'files or folders of YAML and JSON')
    .option('-f, --file <path...>', 'the same, as kubectl has it')
    .option('--prefix <text>', 'goes before each key; with --prune only such keys are looked at')
}

async function applyFiles({ args, options, terminal }: Given<z.output<typeof applyOptions>>): Promise<number> {
  return carryOut(await read(args, options), options, openServer(options), terminal)
}

async function diffFiles({ args, options, terminal }: Given<z.output<typeof fileOptions>>): Promise<number> {
  const server = openServer(options)
  const plan = planOf(await read(args, options), await readPresent(server, terminal), {
    ...options,
    nowMs: Date.now(),
    variables: variableOf,
  })
  if (plan.errors.length > 0) throw new CommandError(plan.errors.join('\n'))
  if (options.json) terminal.say(JSON.stringify(planJson(plan), null, 2))
  else for (const line of showPlan(plan)) terminal.say(line)
  return isEmpty(plan) ? exitCodes.done : exitCodes.no
}

async function validateFiles({ args, options, terminal }: Given<z.output<typeof fileOptions>>): Promise<number> {
  const server = openServer(options)
  const desired = await read(args, options)
  const present = await readPresent(server, terminal)
  const plan = planOf(desired, present, { ...options, nowMs: Date.now(), variables: variableOf })
  const said = await checkPlan(plan, present, server, terminal)
  const errors = [...plan.errors, ...said.errors]
  const count = desired.monitors.length + desired.downtimes.length + desired.receivers.length
  if (options.json) terminal.say(JSON.stringify({ valid: errors.length === 0, read: count, errors, warnings: said.warnings }, null, 2))
  for (const warning of said.warnings) terminal.complain(`warning: ${warning}`)
  if (errors.length > 0) throw new CommandError(errors.join('\n'))
  if (!options.json) terminal.say(`${count} read, all of them valid`)
  return exitCodes.done
}

async function read(args: readonly string[], options: z.output<typeof fileOptions>): Promise<DesiredState> {
  const paths = [...args, ...options.file]
  if (paths.length === 0) throw new CommandError('no files are given: tocsin apply -f DIR')
  return readDesired(paths, options.prefix)
}
