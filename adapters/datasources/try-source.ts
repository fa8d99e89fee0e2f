import { SourceError, type SourceQuery } from '../../activities/ports.ts'
import type { Source, SourceKind } from '../../contract/source.ts'
import { type OpenOptions, openSource } from './open.ts'

/** Something small that every source of a kind can answer. */
const questions: Readonly<Record<SourceKind, Pick<SourceQuery, 'type' | 'query'>>> = {
  prometheus: { type: 'promql alert', query: 'vector(1) > 0' },
  loki: { type: 'log alert', query: 'logs("*").rollup("count").last("1m") > 0' },
  postgres: { type: 'sql alert', query: 'select 1 as value; > 0' },
}

const calendar = { timezone: 'UTC', hourMinute: 0, dayMinute: 0, monthDay: 1 } as const

/** Whether a source answers, from this process. Never rejects. */
export async function trySource(
  options: OpenOptions,
  source: Source,
): Promise<Readonly<{ ok: boolean; detail: string; duration_ms: number }>> {
  const startedAt = performance.now()
  const elapsed = (): number => Math.round(performance.now() - startedAt)
  const opened = openSource(options)(source)
  try {
    const question = { ...questions[source.kind], calendar, slots: [options.clock()], delayMs: 0, requireFullWindow: false, groupsMax: 1 }
    await opened.source.query({ ...question, timeoutMs: source.config.limits.timeout_s * 1_000 })
    return { ok: true, detail: 'it answers', duration_ms: elapsed() }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return { ok: false, detail: `${error.code}: ${error.message}`, duration_ms: elapsed() }
  } finally {
    await opened.close()
  }
}
