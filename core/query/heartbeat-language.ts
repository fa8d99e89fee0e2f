/** The language of heartbeats: text → node and back. Read next: heartbeat.peggy. */
import { type SpanBounds, spanMs } from './calls.ts'
import * as grammar from './heartbeat.generated.js'
import { comparedOf, type LanguageResult, type Report, readLanguage } from './language.ts'
import type { HeartbeatSyntax } from './language-syntax.ts'
import type { HeartbeatQuery } from './our-nodes.ts'

/** Characters of a key at most: it stands in a URL. */
const keyCharsMax = 128
/** Pings are kept for about as long as this. */
const everyBounds: SpanBounds = { minMs: 1_000, maxMs: 31 * 86_400_000, says: '"1s" to "31d"' }
const graceBounds: SpanBounds = { ...everyBounds, minMs: 0, says: '"0s" to "31d"' }

export function parseHeartbeat(text: string): LanguageResult<HeartbeatQuery> {
  return readLanguage(grammar, text, build)
}

function build({ key, every, grace, missed }: HeartbeatSyntax, report: Report): HeartbeatQuery {
  if (key.text.length > keyCharsMax) report(`a key has at most ${keyCharsMax} characters`, key.offset)
  const everyMs = spanMs(every, everyBounds, report)
  return {
    kind: 'heartbeat',
    key: key.text,
    everyMs,
    everyText: every.text,
    graceMs: grace === null ? 0 : spanMs(grace, graceBounds, report),
    graceText: grace?.text ?? '0s',
    ...(missed === null ? { comparator: '>', threshold: 0 } : comparedOf(missed, report)),
  }
}

export function printHeartbeat({ key, everyText, graceMs, graceText, comparator, threshold }: HeartbeatQuery): string {
  const grace = graceMs === 0 ? '' : `.grace("${graceText}")`
  return `heartbeat("${key}").every("${everyText}")${grace}.missed() ${comparator} ${threshold}`
}
