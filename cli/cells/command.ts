/** `tocsin cells list|move`: where monitors live, and how they go elsewhere. Read next: docs/how-to/run-on-several-machines.md. */
import type { Command } from 'commander'
import { z } from 'zod'
import { ask } from '../answers.ts'
import { CommandError, exitCodes } from '../codes.ts'
import { act, serverOptions, withServer } from '../command.ts'
import type { HttpClient } from '../http.ts'
import { openServer } from '../server.ts'
import { sayList } from '../table.ts'
import type { Terminal } from '../terminal.ts'

const cell = z.object({
  name: z.string(),
  configured: z.boolean(),
  shards: z.number(),
  unserved_shards: z.array(z.number()),
  monitors: z.number(),
})
const listShape = z.object({ data: z.array(cell) })
const moveShape = z.object({ moved: z.array(z.number()), waiting: z.array(z.number()), left: z.number() })
type Move = z.output<typeof moveShape>

const moveOptions = serverOptions.extend({ to: z.string(), from: z.string().optional() })

/** As many as the server takes at once. */
const batchMax = 100

export function addCells(program: Command, terminal: Terminal): void {
  const group = program.command('cells').description('Temporal clusters and namespaces, and the monitors in each')
  const list = withServer(group.command('list')).description('with their monitors, and shards that nobody serves')
  act(list, terminal, serverOptions, async ({ options }) => {
    const { data } = await ask(openServer(options), listShape, ['GET', '/api/v2/cells'])
    sayList(data, rowOf, options.json, terminal)
    return exitCodes.done
  })
  const move = withServer(group.command('move'))
    .description('monitors to another cell, with their state; may be run again at any time')
    .argument('[id...]', 'ids of monitors')
    .option('--from <cell>', 'all that live there')
    .requiredOption('--to <cell>', 'where they go')
  act(move, terminal, moveOptions, async ({ args, options }) => {
    const { from, to } = options
    if ((args.length === 0) === (from === undefined)) throw new CommandError('expected either ids or --from CELL')
    const server = openServer(options)
    const result = from === undefined ? await moveThese(server, args.map(idOf), to) : await moveAll(server, from, to, terminal)
    if (options.json) terminal.say(JSON.stringify(result))
    else
      terminal.say(
        `${result.moved.length} moved${result.waiting.length === 0 ? '' : `; the reconcilers finish ${result.waiting.length} of them within a minute`}`,
      )
    return exitCodes.done
  })
}

async function moveThese(server: HttpClient, ids: readonly number[], to: string): Promise<Move> {
  const done: Move[] = []
  for (let at = 0; at < ids.length; at += batchMax) {
    done.push(await ask(server, moveShape, ['POST', '/api/v2/cells/move'], { to, monitor_ids: ids.slice(at, at + batchMax) }))
  }
  return together(done)
}

async function moveAll(server: HttpClient, from: string, to: string, terminal: Terminal): Promise<Move> {
  const done: Move[] = []
  for (;;) {
    const batch = await ask(server, moveShape, ['POST', '/api/v2/cells/move'], { to, from, limit: batchMax })
    done.push(batch)
    terminal.progress(`${together(done).moved.length} moved, ${batch.left} left`)
    if (batch.moved.length === 0 || batch.left === 0) break
  }
  terminal.progress(null)
  return together(done)
}

const together = (moves: readonly Move[]): Move => ({
  moved: moves.flatMap(({ moved }) => moved),
  waiting: moves.flatMap(({ waiting }) => waiting),
  left: moves.at(-1)?.left ?? 0,
})

function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new CommandError(`${text}: expected the id of a monitor`)
  return Number(text)
}

function rowOf({ name, configured, shards, unserved_shards: unserved, monitors }: z.output<typeof cell>): string[] {
  const state = unserved.length === 0 ? 'served' : `nobody serves ${unserved.join(', ')}`
  return [name, `${monitors} monitors`, `${shards} shards`, configured ? state : 'not in TOCSIN_CELLS of the API']
}
