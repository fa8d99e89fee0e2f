/** Words of a Prometheus-compatible source, by its label APIs. Labels come as they are called there. Read next: reply.ts, core/look/completion.ts. */
import { SourceError, type Words } from '../../../activities/ports.ts'
import { matchingWords, type WordsQuery } from '../../../core/look/completion.ts'
import type { HttpSource } from '../http-source.ts'

/** What the source is asked for at most, where it heeds that. */
const limitOfSource = 10_000

export function prometheusWords(http: HttpSource): (query: WordsQuery) => Promise<Words> {
  return async ({ of, name, key, text, limit, timeoutMs }) => {
    const narrowed = { ...matchOf(of === 'name' ? namesLike(text) : named(name)), limit: `${limitOfSource}` }
    const path = of === 'key' ? '/api/v1/labels' : `/api/v1/label/${encodeURIComponent(of === 'name' ? '__name__' : (key ?? ''))}/values`
    const words = listOf(await http.get(path, narrowed, timeoutMs))
    return matchingWords(of === 'key' ? words.filter((word) => word !== '__name__') : words, text, limit)
  }
}

function matchOf(selector: string | null): Record<string, string> {
  return selector === null ? {} : { 'match[]': selector }
}

function namesLike(text: string): string | null {
  return text === '' ? null : `{__name__=~${JSON.stringify(`(?i).*${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}.*`)}}`
}

function named(name: string | null): string | null {
  return name === null ? null : `{__name__=${JSON.stringify(name)}}`
}

/** `{"status": "success", "data": ["…"]}`; Loki answers without data where there is none. */
export function listOf(reply: unknown): string[] {
  const data: unknown = typeof reply === 'object' && reply !== null && 'data' in reply ? reply.data : []
  if (!Array.isArray(data)) throw new SourceError('bad-reply', 'this is no list of labels')
  return data.filter((word) => typeof word === 'string')
}
