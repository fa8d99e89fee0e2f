/**
 * Which type of monitor is written in which of the smaller languages: text → node and back. Metrics and formulas have their own
 * (metric-parse.ts, formula-parse.ts). Read next: parse.ts, language.ts.
 */
import { assertNever } from '../assert.ts'
import { parseCheck, printCheck } from './check-language.ts'
import { parseComposite, printComposite } from './composite-language.ts'
import { parseEvent, printEvent } from './event-language.ts'
import { eventSourcesOf } from './event-sources.ts'
import { parseHeartbeat, printHeartbeat } from './heartbeat-language.ts'
import type { LanguageResult } from './language.ts'
import type { OtherQuery } from './nodes.ts'
import { parseProbe, printProbe } from './probe-language.ts'
import { parseProcess, printProcess } from './process-language.ts'
import { parsePromql, printPromql } from './promql-language.ts'
import { parseSlo, printSlo } from './slo-language.ts'
import { parseSql, printSql } from './sql-language.ts'

/** null = no language here is that of the type. */
export function parseOther(type: string, text: string): LanguageResult<OtherQuery> | null {
  switch (type) {
    case 'service check':
      return parseCheck(text)
    case 'composite':
      return parseComposite(text)
    case 'slo alert':
      return parseSlo(text)
    case 'process alert':
      return parseProcess(text)
    case 'promql alert':
      return parsePromql(text)
    case 'sql alert':
      return parseSql(text)
    case 'http alert':
      return parseProbe(text)
    case 'heartbeat alert':
      return parseHeartbeat(text)
    default:
      return eventSourcesOf(type) === null ? null : parseEvent(type, text)
  }
}

export function printOther(query: OtherQuery): string {
  switch (query.kind) {
    case 'check':
      return printCheck(query)
    case 'event':
      return printEvent(query)
    case 'composite':
      return printComposite(query.of)
    case 'slo':
      return printSlo(query)
    case 'process':
      return printProcess(query)
    case 'promql':
      return printPromql(query)
    case 'sql':
      return printSql(query)
    case 'probe':
      return printProbe(query)
    case 'heartbeat':
      return printHeartbeat(query)
    default:
      return assertNever(query)
  }
}
