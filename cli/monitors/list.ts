/** `tocsin monitors list`. Read next: command.ts. */
import { z } from 'zod'
import { ask } from '../answers.ts'
import { exitCodes } from '../codes.ts'
import { type Given, serverOptions } from '../command.ts'
import type { HttpClient } from '../http.ts'
import { openServer } from '../server.ts'
import { sayList } from '../table.ts'

export const listOptions = serverOptions.extend({
  name: z.string().default(''),
  tag: z.array(z.string()).default([]),
  state: z.array(z.string()).default([]),
})

const monitorShape = z.looseObject({
  id: z.number(),
  name: z.string(),
  type: z.string(),
  overall_state: z.string(),
  tags: z.array(z.string()),
})
export type ListedMonitor = z.output<typeof monitorShape>

/** As large as the API gives them. */
const pageSize = 1_000

export async function listMonitors({ options, terminal }: Given<z.output<typeof listOptions>>): Promise<number> {
  const wanted = new Set(options.state.map((state) => state.toLowerCase()))
  const all = await findMonitors(openServer(options), { name: options.name, tags: options.tag })
  const found = all.filter((monitor) => wanted.size === 0 || wanted.has(monitor.overall_state.toLowerCase()))
  sayList(found, rowOf, options.json, terminal)
  return exitCodes.done
}

export async function findMonitors(
  server: HttpClient,
  filter: Readonly<{ name: string; tags: readonly string[] }>,
): Promise<ListedMonitor[]> {
  const all: ListedMonitor[] = []
  for (let last = 0; ; ) {
    const query = new URLSearchParams({ page_size: String(pageSize), id_offset: String(last) })
    if (filter.name !== '') query.set('name', filter.name)
    if (filter.tags.length > 0) query.set('monitor_tags', filter.tags.join(','))
    const page = await ask(server, z.array(monitorShape), ['GET', `/api/v1/monitor?${query}`])
    all.push(...page)
    if (page.length < pageSize) return all
    last = page.at(-1)?.id ?? last
  }
}

function rowOf({ id, overall_state: state, type, name }: ListedMonitor): string[] {
  return [String(id), state, type, name]
}
