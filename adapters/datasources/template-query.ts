/** Answers the queries of rules' templates (`{{ query "up" }}`) by the source that the monitor itself asks. Never rejects. */

import { type SourceDirectory, SourceError } from '../../activities/ports.ts'
import type { AskTemplate } from '../../activities/rule-ports.ts'
import { parseGroupKey } from '../../core/monitor/group.ts'

/** Texts have room for few series. */
const seriesMax = 1_000
/** It only adorns a text. */
const timeoutMs = 2_000

export function templateQueries(find: SourceDirectory['find']): AskTemplate {
  return async (spec, query, slot) => {
    try {
      const found = await find(spec)
      if (!('source' in found)) return { failure: 'missing' in found ? found.missing : 'its source is asked elsewhere' }
      const { calendar, delayMs } = spec
      // In brackets, so that a comparison is a part of what is asked.
      const question = {
        type: spec.type,
        query: `(${query})`,
        slots: [slot],
        delayMs,
        calendar,
        requireFullWindow: false,
        groupsMax: seriesMax,
        timeoutMs,
      }
      const [reading] = await found.source.query(question)
      return { samples: Object.entries(reading?.values ?? {}).map(([group, value]) => ({ labels: parseGroupKey(group), value })) }
    } catch (error) {
      if (error instanceof SourceError) return { failure: `${error.code}: ${error.message}` }
      throw error
    }
  }
}
