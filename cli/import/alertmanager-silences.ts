/** Silences that hold or will, out of Alertmanager's API, as downtimes of all monitors. Only reads. Read next: alertmanager.ts. */
import { z } from 'zod'
import { printScope } from '../../core/query/scope.ts'
import { ask } from '../answers.ts'
import { createHttpClient } from '../http.ts'
import { allOf, matcherScope } from './alertmanager-matchers.ts'
import { type Converted, joined, nothing } from './converted.ts'

const silence = z.looseObject({
  id: z.string(),
  status: z.looseObject({ state: z.string() }),
  startsAt: z.string(),
  endsAt: z.string(),
  comment: z.string().default(''),
  createdBy: z.string().default(''),
  matchers: z.array(z.looseObject({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) })),
})

export async function fetchSilences(url: string, prefix: string): Promise<Converted> {
  const baseUrl = url.endsWith('/') ? url : `${url}/`
  const alertmanager = createHttpClient({ baseUrl, apiKey: null, appKey: null })
  const silences = await ask(alertmanager, z.array(silence), ['GET', 'api/v2/silences'])
  return joined(
    silences.filter(({ status }) => status.state !== 'expired').map((one) => convertSilence(one, `${url}: silence ${one.id}`, prefix)),
  )
}

function convertSilence(
  { id, status, startsAt, endsAt, comment, createdBy, matchers }: z.output<typeof silence>,
  place: string,
  prefix: string,
): Converted {
  const scopes = matchers.flatMap(({ name, value, isRegex, isEqual }) => {
    const scope = matcherScope({ label: name, sign: `${isEqual ? '' : '!'}${isRegex ? '=~' : '='}`, value })
    return scope === null ? [] : [scope]
  })
  if (scopes.length < matchers.length) return { ...nothing, leftOut: [{ place, text: 'its matchers can’t be said as a scope' }] }
  const scope = printScope(allOf(scopes))
  const schedule = { ...(status.state === 'pending' ? { start: startsAt } : {}), end: endsAt }
  const message = [comment, createdBy].filter((text) => text !== '').join(', by ')
  const body = { monitor_identifier: { monitor_tags: ['*'] }, scope, schedule, ...(message === '' ? {} : { message }) }
  return { ...nothing, downtimes: [{ key: `${prefix}silence-${id}`, place, body }] }
}
