/** Labels of Loki's streams, and their values. What an entry itself holds is known once it is read. Read next: core/look/completion.ts. */
import type { Words } from '../../../activities/ports.ts'
import { matchingWords, type WordsQuery } from '../../../core/look/completion.ts'
import type { HttpSource } from '../http-source.ts'
import { listOf } from '../prometheus/words.ts'

export function lokiWords(http: HttpSource, selector: string): (query: WordsQuery) => Promise<Words> {
  return async ({ of, key, text, limit, timeoutMs }) => {
    if (of === 'name') return { words: [], more: false }
    const path = of === 'key' ? '/loki/api/v1/labels' : `/loki/api/v1/label/${encodeURIComponent(key ?? '')}/values`
    return matchingWords(listOf(await http.get(path, { query: selector }, timeoutMs)), text, limit)
  }
}
