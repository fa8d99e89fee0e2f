/** Downtimes that the server has and that aren't over. A file's key stands at the end of the message. Read next: plan-downtimes.ts. */
import { z } from 'zod'
import { ask } from '../answers.ts'
import type { HttpClient } from '../http.ts'
import type { Body } from './desired.ts'

/** `kept`: under a key of a file. `attributes.message` is without it. */
export type PresentDowntime = Readonly<{ id: string; key: string; kept: boolean; attributes: Body }>

const pageSize = 1_000
const shape = z.object({
  data: z.array(z.object({ id: z.string(), attributes: z.looseObject({ status: z.string(), message: z.string().nullable() }) })),
})

export async function readDowntimes(server: HttpClient): Promise<PresentDowntime[]> {
  const all: PresentDowntime[] = []
  for (let offset = 0; ; offset += pageSize) {
    const { data } = await ask(server, shape, ['GET', `/api/v2/downtime?page[offset]=${offset}&page[limit]=${pageSize}`])
    all.push(...data.filter(({ attributes }) => attributes.status !== 'canceled' && attributes.status !== 'ended').map(presentOf))
    if (data.length < pageSize) return all
  }
}

/** `message` with the key that it is found again by. */
export function markedMessage(message: string | null, key: string): string {
  return `${message === null || message === '' ? '' : `${message}\n\n`}(tocsin-key: ${key})`
}

function presentOf({ id, attributes }: z.output<typeof shape>['data'][number]): PresentDowntime {
  const [mark, key] = /\s*\(tocsin-key: ([^()\s]+)\)\s*$/.exec(attributes.message ?? '') ?? []
  if (mark === undefined || key === undefined) return { id, key: `downtime-${id}`, kept: false, attributes }
  const message = (attributes.message ?? '').slice(0, -mark.length)
  return { id, key, kept: true, attributes: { ...attributes, message: message === '' ? null : message } }
}
