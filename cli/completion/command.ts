/** `tocsin completion bash|zsh|fish`: a script for the shell, made of the commands as they are. Read next: scripts.ts. */
import type { Command } from 'commander'
import { z } from 'zod'
import { CommandError, exitCodes } from '../codes.ts'
import { act } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { bashScript, fishScript, type Node, zshScript } from './scripts.ts'

const scripts: Readonly<Record<string, (nodes: readonly Node[]) => string>> = { bash: bashScript, zsh: zshScript, fish: fishScript }

export function addCompletion(program: Command, terminal: Terminal): void {
  const command = program
    .command('completion')
    .description('what the shell needs to complete words')
    .argument('<shell>', 'bash, zsh or fish')
  act(command, terminal, z.object({}), async ({ args: [shell = ''] }) => {
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined
    if (script === undefined) throw new CommandError(`expected bash, zsh or fish, not ${shell}`)
    terminal.say(script(nodesOf(program, [])))
    return exitCodes.done
  })
}

/** Each command with what may follow it. */
function nodesOf(command: Command, path: readonly string[]): readonly Node[] {
  const options = command.options.flatMap(({ long, description }) =>
    long === null || long === undefined ? [] : { word: long, description },
  )
  const inner = command.commands.map((one) => ({ word: one.name(), description: one.description() }))
  return [{ path, commands: inner, options }, ...command.commands.flatMap((one) => nodesOf(one, [...path, one.name()]))]
}
