/** The app in a process of its own, over the PostgreSQL in its first argument and monitors that run nowhere. Tells its address. */
import { once } from 'node:events'
import { createPool } from '../../adapters/postgres/pool.ts'
import { createApp } from '../../api/app.ts'
import type { MonitorControl } from '../../api/deps.ts'
import { httpServer } from '../../api/http-server.ts'

const nothing = async (): Promise<void> => {}
const absent = (): Promise<never> => Promise.reject(new Error('no monitor runs in this benchmark'))
const control: MonitorControl = {
  start: nothing,
  respecify: nothing,
  stop: nothing,
  pause: nothing,
  resume: nothing,
  wakeLane: nothing,
  resolve: absent,
  acknowledge: absent,
  evaluateNow: absent,
  backtest: absent,
  look: absent,
  state: absent,
}
const silent = (): void => {}

const app = createApp({
  pool: createPool(process.argv[2] ?? ''),
  control,
  temporalReachable: async () => true,
  log: { debug: silent, info: silent, warn: silent, error: (fields, event) => console.error(event, fields) },
  metrics: (_req, res) => {
    res.end()
  },
  observe: (_req, _res, next) => next(),
  clock: Date.now,
})
const server = httpServer(app).listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
process.send?.({ address: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}` })
