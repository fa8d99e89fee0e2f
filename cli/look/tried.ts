/** `tocsin sources list|test` and `tocsin receivers list|test`: what there is, and whether it works. Read next: docs/how-to/sources.md. */
import type { Command } from 'commander'
import { z } from 'zod'
import { ask } from '../answers.ts'
import { exitCodes } from '../codes.ts'
import { act, serverOptions, withServer } from '../command.ts'
import { openServer } from '../server.ts'
import { sayList } from '../table.ts'
import type { Terminal } from '../terminal.ts'

type Tried = Readonly<{ noun: 'sources' | 'receivers'; path: string; description: string; test: string }>

const kinds: readonly Tried[] = [
  { noun: 'sources', path: '/api/v2/source', description: 'where values come from', test: 'asks it something small' },
  { noun: 'receivers', path: '/api/v2/receivers', description: 'who is told', test: 'sends it a message that says it is a test' },
]

const named = z.looseObject({ name: z.string(), kind: z.string() })
const answer = z.looseObject({ ok: z.boolean() })
/** A source or a receiver that hangs is given up by the server before. */
const timeoutMs = 60_000

export function addTried(program: Command, terminal: Terminal): void {
  for (const { noun, path, description, test } of kinds) {
    const group = program.command(noun).description(description)
    const list = withServer(group.command('list')).description(`all ${noun}`)
    act(list, terminal, serverOptions, async ({ options }) => {
      const shape = z.looseObject({ [noun]: z.array(named) })
      const found = z.array(named).parse((await ask(openServer(options), shape, ['GET', path]))[noun])
      sayList(found, ({ name, kind }) => [name, kind], options.json, terminal)
      return exitCodes.done
    })
    const testing = withServer(group.command('test'))
      .description(`${test}; ends with 1 if it doesn’t work`)
      .argument('<name...>', 'by name')
    act(testing, terminal, serverOptions, async ({ args, options }) => {
      const server = openServer(options, timeoutMs)
      const outcomes: Readonly<Record<string, unknown> & { name: string; ok: boolean }>[] = []
      for (const name of args) {
        terminal.progress(`trying ${name} …`)
        const outcome = await ask(server, answer, ['POST', `${path}/${encodeURIComponent(name)}/test`])
        terminal.progress(null)
        outcomes.push({ ...outcome, name })
        if (!options.json) terminal.say(`${name}: ${sentenceOf(outcome)}`)
      }
      if (options.json) terminal.say(JSON.stringify(outcomes, null, 2))
      return outcomes.every(({ ok }) => ok) ? exitCodes.done : exitCodes.no
    })
  }
}

function sentenceOf({ ok, ...rest }: z.output<typeof answer>): string {
  const details = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined)
  const told = details.map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [ok ? 'works' : 'does not work', ...told].join(', ')
}
