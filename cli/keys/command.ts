/** `tocsin keys list|create|revoke`: API and application keys. Read next: docs/how-to/keys.md. */
import type { Command } from 'commander'
import { z } from 'zod'
import { ask } from '../answers.ts'
import { CommandError, exitCodes } from '../codes.ts'
import { act, serverOptions, withServer } from '../command.ts'
import type { HttpClient } from '../http.ts'
import { openServer } from '../server.ts'
import { sayList } from '../table.ts'
import type { Terminal } from '../terminal.ts'

const kinds = {
  api: { path: '/api/v2/api_keys', type: 'api_keys', roles: ['intake', 'viewer', 'editor', 'admin'] },
  application: { path: '/api/v2/application_keys', type: 'application_keys', roles: ['viewer', 'editor', 'admin'] },
} as const
type Kind = keyof typeof kinds
const kindNames: readonly Kind[] = ['api', 'application']

const key = z.object({
  id: z.string(),
  attributes: z.looseObject({
    name: z.string(),
    role: z.string(),
    last4: z.string().optional(),
    key: z.string().optional(),
    date_last_used: z.string().nullish(),
    last_used_at: z.string().nullish(),
  }),
})
const listShape = z.object({ data: z.array(key) })
const oneShape = z.object({ data: key })

const createOptions = serverOptions.extend({ kind: z.string(), role: z.string().optional() })

/** As many as there may be of a kind. */
const pageSize = 1_000

export function addKeys(program: Command, terminal: Terminal): void {
  const group = program.command('keys').description('who may ask, push and change')
  const list = withServer(group.command('list')).description('those that work, without the keys themselves')
  act(list, terminal, serverOptions, async ({ options }) => {
    const found = await allKeys(openServer(options))
    sayList(found, rowOf, options.json, terminal)
    return exitCodes.done
  })
  const create = withServer(group.command('create'))
    .description('makes one and shows it, this once')
    .argument('<name>', 'who or what it is for')
    .requiredOption('--kind <kind>', 'api (for what pushes, and to be let in) or application (who acts)')
    .option('--role <role>', 'intake (pushes only; api keys), viewer, editor or admin, which is the default')
  act(create, terminal, createOptions, async ({ args, options }) => {
    const kind = kindNames.find((name) => name === options.kind)
    if (kind === undefined) throw new CommandError('--kind: expected api or application')
    const { path, type, roles } = kinds[kind]
    if (options.role !== undefined && !roles.some((role) => role === options.role))
      throw new CommandError(`--role: expected ${roles.join(', ')}`)
    const attributes = { name: args[0], ...(options.role === undefined ? {} : { role: options.role }) }
    const { data } = await ask(openServer(options), oneShape, ['POST', path], { data: { type, attributes } })
    if (options.json) terminal.say(JSON.stringify(data, null, 2))
    else {
      terminal.say(data.attributes.key ?? '')
      terminal.complain(`${kind} key ${data.id} (${data.attributes.role}): it isn’t shown again`)
    }
    return exitCodes.done
  })
  const revoke = withServer(group.command('revoke')).description('they open nothing any more').argument('<id...>', 'ids')
  act(revoke, terminal, serverOptions, async ({ args, options }) => {
    const server = openServer(options)
    const found = await allKeys(server)
    for (const id of args) {
      const known = found.find((one) => one.id === id)
      if (known === undefined) throw new CommandError(`${id}: there is no such key: see \`tocsin keys list\``)
      await ask(server, z.unknown(), ['DELETE', `${kinds[known.kind].path}/${encodeURIComponent(id)}`])
    }
    terminal.say(options.json ? JSON.stringify({ revoked: args }) : `${args.length} revoked`)
    return exitCodes.done
  })
}

type Found = z.output<typeof key> & Readonly<{ kind: Kind }>

async function allKeys(server: HttpClient): Promise<Found[]> {
  const found: Found[] = []
  for (const kind of kindNames) {
    const { data } = await ask(server, listShape, ['GET', `${kinds[kind].path}?page[size]=${pageSize}`])
    found.push(...data.map((one) => ({ kind, ...one })))
  }
  return found
}

function rowOf({ id, kind, attributes }: Found): string[] {
  const used = attributes.date_last_used ?? attributes.last_used_at ?? 'never'
  return [id, kind, attributes.role, attributes.last4 === undefined ? '' : `…${attributes.last4}`, `used ${used}`, attributes.name]
}
