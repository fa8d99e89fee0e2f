/** How many queries a Prometheus really sees when many monitors are due at once. Read next: adapters/datasources/polite/polite.ts. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { openSource } from '../../adapters/datasources/open.ts'
import { sourceBody } from '../../contract/source.ts'
import { utcStarts } from '../../core/monitor/spec.ts'
import type { FigureGroup } from './query.ts'

const monitors = 1_000
/** As teams write them: the same few expressions with thresholds of their own. */
const expressions = 50
const hosts = 100
/** What a small Prometheus takes for a query. */
const answerMs = 5
const slot = 1_700_000_000_000

export const asking: FigureGroup = {
  about: `Asking: ${monitors} PromQL monitors with ${expressions} expressions and thresholds of their own, due at the same slot, on one Prometheus that answers ${hosts} series after ${answerMs} ms, ten at a time.`,
  figures: [
    { key: 'sentQueries', label: `queries sent for ${monitors} monitors`, digits: 0, goal: { atMost: expressions } },
    { key: 'slotMs', label: 'until all had their values, ms', digits: 0 },
  ],
  measure: async (say) => {
    say(`asking for ${monitors} monitors at one slot`)
    const { url, close } = await serve()
    const opened = openSource({
      guard: null,
      metrics: uncounted,
      clock: Date.now,
      metricsOver: () => ({ types: [], query: async () => [] }),
    })(sourceBody.parse({ name: 'bench', kind: 'prometheus', config: { url } }))
    const startedAt = performance.now()
    const answers = await Promise.all(
      Array.from({ length: monitors }, (_, n) =>
        opened.source.query({ ...question, query: `max by (host) (load_${n % expressions}) > ${n}` }),
      ),
    )
    const slotMs = performance.now() - startedAt
    const { sent } = opened.condition()
    await opened.close()
    await close()
    if (answers.some(([reading]) => Object.keys(reading?.values ?? {}).length !== hosts)) throw new Error('some monitors have no values')
    return { sentQueries: sent, slotMs }
  },
}

const uncounted = { query: () => {}, shared: () => {}, circuit: () => {} }
const question = {
  type: 'promql alert',
  slots: [slot],
  delayMs: 0,
  calendar: utcStarts,
  requireFullWindow: false,
  groupsMax: 1_000,
  timeoutMs: 8_000,
}

async function serve(): Promise<Readonly<{ url: string; close: () => Promise<void> }>> {
  const result = Array.from({ length: hosts }, (_, n) => ({ metric: { host: `host-${n}` }, value: [slot / 1_000, String(n)] }))
  const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } })
  const server = createServer((req, res) => {
    req.resume()
    setTimeout(() => res.writeHead(200).end(body), answerMs)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
