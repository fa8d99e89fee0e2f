/** The language of service level objectives: text → node and back. Read next: slo.peggy. */
import { nameCharsMax } from './bounds.ts'
import { type SpanBounds, spanMs } from './calls.ts'
import { comparedOf, type LanguageResult, type Report, readLanguage } from './language.ts'
import type { SloSyntax } from './language-syntax.ts'
import { quoted, textOf } from './quoted.ts'
import * as grammar from './slo.generated.js'
import type { SloQuery } from './slo-nodes.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Objectives are set for a week to a quarter. */
const overBounds: SpanBounds = { minMs: dayMs, maxMs: 90 * dayMs, says: '"1d" to "90d"' }
/** A rate over less than an hour says little of a budget for weeks. */
const longBounds: SpanBounds = { minMs: hourMs, maxMs: 2 * dayMs, says: '"1h" to "48h"' }
/** It tells when burning has ended, so it is a part of the long one. */
const shortBounds: SpanBounds = { minMs: 60_000, maxMs: 2 * dayMs, says: '"1m" to "48h"' }

export function parseSlo(text: string): LanguageResult<SloQuery> {
  return readLanguage(grammar, text, build)
}

function build({ measure, slo, over, burn, ...compared }: SloSyntax, report: Report): SloQuery {
  const id = textOf(slo)
  if (id === '' || id.length > nameCharsMax) report(`the id of an objective has 1 to ${nameCharsMax} characters`, slo.offset)
  return {
    kind: 'slo',
    measure,
    slo: id,
    windowMs: spanMs(over, overBounds, report),
    windowText: over.text,
    burn: burn === null ? null : burnOf(burn, report),
    ...comparedOf(compared, report),
  }
}

function burnOf({ long, short }: NonNullable<SloSyntax['burn']>, report: Report): SloQuery['burn'] {
  const longMs = spanMs(long, longBounds, report)
  const shortMs = spanMs(short, shortBounds, report)
  if (shortMs >= longMs) report('the short window must be shorter than the long one', short.offset)
  return { longMs, longText: long.text, shortMs, shortText: short.text }
}

export function printSlo({ measure, slo, windowText, burn, comparator, threshold }: SloQuery): string {
  const windows = burn === null ? '' : `.long_window("${burn.longText}").short_window("${burn.shortText}")`
  return `${measure}(${quoted(slo)}).over("${windowText}")${windows} ${comparator} ${threshold}`
}
