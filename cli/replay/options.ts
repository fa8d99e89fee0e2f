/** How `replay` is asked. What it does is loaded when it is asked for: Temporal's SDK takes its time. Read next: command.ts. */
import type { Command } from 'commander'
import { z } from 'zod'
import { act, serverOptions, withServer } from '../command.ts'
import type { Terminal } from '../terminal.ts'

export const replayOptions = serverOptions.extend({ all: z.boolean().default(false) })

export function addReplay(program: Command, terminal: Terminal): void {
  const replay = withServer(program.command('replay'))
    .description('would the workflows of this checkout do what histories say? Ends with 1 if not')
    .argument('[history...]', 'ids or keys of monitors that run, or files of `temporal workflow show --output json`')
    .option('--all', 'everything that runs in Temporal now: is a deployment safe?')
  act(replay, terminal, replayOptions, async (given) => {
    const { replayCommand } = await import('./command.ts')
    // The SDK's runtime would keep the process.
    return replayCommand(given).finally(() => setImmediate(() => process.exit()))
  })
}
