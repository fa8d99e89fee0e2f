/**
 * `tocsin monitors …`: look at monitors and act on them, by id or by key. Read next: list.ts, acts.ts, watch.ts.
 */
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { z } from 'zod'
import { ask } from '../answers.ts'
import { addFileCommands } from '../apply/command.ts'
import { exitCodes } from '../codes.ts'
import { act, serverOptions, withServer } from '../command.ts'
import { monitorIdOf } from '../ids.ts'
import { openServer } from '../server.ts'
import type { Terminal } from '../terminal.ts'
import { addActs } from './acts.ts'
import { listMonitors, listOptions } from './list.ts'
import { watchMonitors, watchOptions } from './watch.ts'

const getOptions = serverOptions.extend({ groups: z.boolean().default(false) })

export function addMonitors(program: Command, terminal: Terminal): void {
  const group = program.command('monitors').description('looks at monitors and acts on them, by id or by key')
  const list = withServer(group.command('list'))
    .description('all monitors with their states')
    .option('--name <text>', 'those whose names have this')
    .option('--tag <tag...>', 'those that have all of these tags')
    .option('--state <state...>', 'those in one of these states: OK, Warn, Alert, "No Data", Unknown')
  act(list, terminal, listOptions, listMonitors)
  const get = withServer(group.command('get'))
    .description('a monitor as the API has it')
    .argument('<monitor>', 'id or key')
    .option('--groups', 'with its groups')
  act(get, terminal, getOptions, async ({ args: [monitor = ''], options }) => {
    const server = openServer(options)
    const id = await monitorIdOf(server, monitor)
    const found = await ask(server, z.looseObject({}), ['GET', `/api/v1/monitor/${id}${options.groups ? '?group_states=all' : ''}`])
    terminal.say(options.json ? JSON.stringify(found, null, 2) : stringify(found, { lineWidth: 0 }).trimEnd())
    return exitCodes.done
  })
  addFileCommands(group, terminal)
  addActs(group, terminal)
  const watch = withServer(group.command('watch'))
    .description('says what changes, as it changes, until Ctrl-C')
    .argument('[monitor...]', 'ids or keys; all monitors, where none is named')
    .option('--interval <seconds>', 'between two looks; 5')
    .option('--until <state>', 'ends when all of them are in this state')
    .option('--timeout <seconds>', 'ends with 1 when that takes longer')
  act(watch, terminal, watchOptions, watchMonitors)
}
