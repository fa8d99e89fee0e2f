import { type HttpSource, httpSource, type Reply } from '../../adapters/datasources/http-source.ts'
import { polite } from '../../adapters/datasources/polite/polite.ts'
import { request } from '../../adapters/http/fetch.ts'
import { type Source, sourceBody } from '../../contract/source.ts'
import type { SourceMetrics } from '../../telemetry/source-metrics.ts'

export const silentSourceMetrics: SourceMetrics = { query: () => {}, shared: () => {}, circuit: () => {} }

export type OpenHttpSource = HttpSource & Readonly<{ sent: () => number }>

/** A source as the directory opens it, without a guard. */
export function openHttpSource(body: Readonly<{ kind: 'prometheus' | 'loki'; config: object; secrets?: object }>): OpenHttpSource {
  const source: Source = sourceBody.parse({ name: 'test', ...body })
  if (source.kind === 'postgres') throw new Error('not a source over HTTP')
  const asked = polite({
    name: 'test',
    limits: source.config.limits,
    metrics: silentSourceMetrics,
    clock: Date.now,
    weigh: (reply: Reply) => reply.body.length,
  })
  return { ...httpSource({ source, request, polite: asked }), sent: () => asked.condition().sent }
}
