/** `tocsin history MONITOR`: what became of a monitor, from PostgreSQL. Read next: docs/api.md, what became of it. */
import type { Command } from 'commander'
import { z } from 'zod'
import { ask } from '../answers.ts'
import { exitCodes } from '../codes.ts'
import { act, type Given, serverOptions, withServer } from '../command.ts'
import { monitorIdOf } from '../ids.ts'
import { openServer } from '../server.ts'
import { shortTime } from '../table.ts'
import type { Terminal } from '../terminal.ts'

const kinds = ['transitions', 'evaluations', 'deliveries', 'audit'] as const
type Kind = (typeof kinds)[number]

const historyOptions = serverOptions.extend({
  only: z.array(z.enum(kinds, `expected some of ${kinds.join(', ')}`)).default(['transitions', 'evaluations', 'deliveries']),
  limit: z.coerce.number().int().min(1).max(1_000, 'expected at most 1000').default(20),
})

const time = z.union([z.string(), z.number()]).nullish()
const nullable = z.union([z.string(), z.number()]).nullish()

/** What is shown; the whole is shown with --json. */
const shapes = {
  transitions: z
    .looseObject({
      at: time,
      group: z.string(),
      from: z.string(),
      to: z.string(),
      value: nullable,
      reason: z.string(),
      notify: z.looseObject({ send: z.boolean(), reason: z.string() }),
    })
    .transform(({ at, group, from, to, value, reason, notify }) => {
      const told = notify.send ? 'told' : `not told: ${notify.reason}`
      return { at, text: `${group}  ${from} → ${to}  ${value ?? '-'}  ${reason}  ${told}` }
    }),
  evaluations: z
    .looseObject({ at: time, outcome: z.string(), reason: nullable, min: nullable, max: nullable, groups: nullable })
    .transform(({ at, outcome, reason, min, max, groups }) => {
      const why = reason === null || reason === undefined ? '' : ` (${reason})`
      return { at, text: `${outcome}${why}  ${min ?? '-'} … ${max ?? '-'}  ${groups ?? 0} groups` }
    }),
  deliveries: z
    .looseObject({ created_at: time, receiver: z.string(), status: z.string(), title: nullable, last_detail: nullable })
    .transform(({ created_at: at, receiver, status, title, last_detail: detail }) => {
      return { at, text: `@${receiver}  ${status}  ${title ?? ''}  ${detail ?? ''}`.trimEnd() }
    }),
  audit: z
    .looseObject({ at: time, actor: nullable, action: z.string() })
    .transform(({ at, actor, action }) => ({ at, text: `${action}  ${actor ?? ''}`.trimEnd() })),
} as const

export function addHistory(program: Command, terminal: Terminal): void {
  const command = withServer(program.command('history'))
    .description('what became of a monitor: transitions, evaluations, deliveries, newest last')
    .argument('<monitor>', 'id or key')
    .option('--only <kind...>', kinds.join(', '))
    .option('--limit <count>', 'of each kind; 20')
  act(command, terminal, historyOptions, showHistory)
}

type Line = Readonly<{ at: string; text: string }>

async function showHistory({ args: [monitor = ''], options, terminal }: Given<z.output<typeof historyOptions>>): Promise<number> {
  const server = openServer(options)
  const id = await monitorIdOf(server, monitor)
  const found: Record<string, readonly unknown[]> = {}
  const lines: Line[] = []
  for (const kind of kinds.filter((one) => options.only.includes(one))) {
    const shape = z.looseObject({ [kind]: z.array(z.unknown()) })
    const page: Readonly<Record<string, unknown>> = await ask(server, shape, [
      'GET',
      `/api/v2/monitor/${id}/${kind}?limit=${options.limit}`,
    ])
    const entries = page[kind]
    found[kind] = Array.isArray(entries) ? entries : []
    lines.push(...found[kind].flatMap((entry) => lineOf(kind, entry) ?? []))
  }
  if (options.json) terminal.say(JSON.stringify({ id, ...found }, null, 2))
  else for (const { at, text } of lines.toSorted((one, other) => one.at.localeCompare(other.at))) terminal.say(`${at}  ${text}`)
  return exitCodes.done
}

/** null = this version can't read it. */
function lineOf(kind: Kind, entry: unknown): Line | null {
  const read = shapes[kind].safeParse(entry)
  return read.success ? line(read.data.at, kind, read.data.text) : null
}

function line(at: string | number | null | undefined, kind: Kind, text: string): Line {
  const names = { transitions: 'transition', evaluations: 'evaluation', deliveries: 'delivery  ', audit: 'audit     ' } as const
  return { at: shortTime(at), text: `${names[kind]}  ${text}` }
}
