import { afterAll, describe } from 'vitest'
import { nameRule } from '../../adapters/datasources/prometheus/names.ts'
import { prometheusSeries } from '../../adapters/datasources/prometheus/series.ts'
import type { Judge } from '../support/judge.ts'
import { openHttpSource } from '../support/open-source.ts'
import { hasPrometheus, startPrometheus } from '../support/prometheus.ts'
import { seriesSourceConformance } from './series-source.ts'

let server: Promise<Judge> | null = null
afterAll(async () => (await server)?.close())

describe.runIf(hasPrometheus)('over HTTP', () => {
  seriesSourceConformance('Prometheus', async (world) => {
    // Only read: one for all.
    server ??= startPrometheus(world)
    const { url } = await server
    return prometheusSeries(openHttpSource({ kind: 'prometheus', config: { url } }), { names: nameRule('underscores'), scrapeMs: 15_000 })
  })
})
