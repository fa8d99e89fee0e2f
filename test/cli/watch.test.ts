/** What `tocsin monitors watch` asks for in each look, over the real API. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpClient, type HttpClient } from '../../cli/http.ts'
import { lookAtAll, lookAtThese, type Watched } from '../../cli/monitors/looks.ts'
import { type Api, keys, startApi } from '../api/harness.ts'

let api: Api
let server: HttpClient
let queries: (string | null)[] = []
beforeAll(async () => {
  api = await startApi()
  const client = createHttpClient({ baseUrl: api.url, ...keys })
  server = {
    ...client,
    request: (method, path, body) => {
      queries.push(new URL(path, api.url).searchParams.get('query'))
      return client.request(method, path, body)
    },
  }
})
afterAll(() => api.close())

async function monitor(name: string, status: string | null): Promise<number> {
  const { body } = await api.send('POST', '/api/v1/monitor', { type: 'query alert', name, query: 'avg(last_5m):avg:a{*} > 1', message: '' })
  if (status !== null) await become(body.id, status)
  return body.id
}

async function become(id: number, status: string): Promise<void> {
  await api.pool.query('update monitors set overall_state = $2, overall_state_modified = now() where id = $1', [id, status])
}

const statuses = (seen: readonly Watched[]): unknown => Object.fromEntries(seen.map(({ name, status }) => [name, status]))

test('all are looked at once, then what isn’t OK, what wasn’t, and what is new', async () => {
  await monitor('never', null)
  const [quiet, loud, gone] = [await monitor('quiet', 'OK'), await monitor('loud', 'Alert'), await monitor('gone', 'Warn')]
  const look = lookAtAll(server)
  const next = async (): Promise<unknown> => {
    queries = []
    return statuses(await look())
  }
  expect(await next()).toEqual({ never: 'No Data', quiet: 'OK', loud: 'Alert', gone: 'Warn' })
  expect(queries).toEqual([''])
  await become(quiet, 'No Data')
  expect(await next()).toEqual({ never: 'No Data', quiet: 'No Data', loud: 'Alert', gone: 'Warn' })
  expect(queries).toEqual([`-status:ok OR id:>${gone}`])
  await become(loud, 'OK')
  await api.send('DELETE', `/api/v1/monitor/${gone}`)
  const fresh = await monitor('fresh', 'OK')
  expect(await next()).toEqual({ never: 'No Data', quiet: 'No Data', loud: 'OK', fresh: 'OK' })
  expect(queries).toEqual([`-status:ok OR id:>${gone}`, `id:(${loud} OR ${gone})`])
  // What is OK and was is asked for no more.
  expect(await next()).toEqual({ never: 'No Data', quiet: 'No Data', loud: 'OK', fresh: 'OK' })
  expect(queries).toEqual([`-status:ok OR id:>${fresh}`])
  await api.send('DELETE', `/api/v1/monitor/${fresh}`)
  for (let n = 0; n < 56; n += 1) await look()
  // A whole look forgets what was deleted while it was OK.
  expect(await next()).toEqual({ never: 'No Data', quiet: 'No Data', loud: 'OK' })
  expect(queries).toEqual([''])
})

test('of monitors that are named these alone are asked for, a hundred at once', async () => {
  const id = await monitor('one', 'Warn')
  queries = []
  const ids = [id, ...Array.from({ length: 200 }, (_, n) => 500_000 + n)]
  expect(statuses(await lookAtThese(server, ids)())).toEqual({ one: 'Warn' })
  expect(queries).toHaveLength(3)
})
