/**
 * What the languages that are chains of calls have in common: each call once, spans of time, lists of tags and of keys.
 * Read next: calls.peggy; check-language.ts and event-language.ts, which use it.
 */
import type { Scope } from '../monitor/types.ts'
import { filterTermsMax, groupKeysMax, nameCharsMax } from './bounds.ts'
import type { Report } from './language.ts'
import type { Quoted, Span, SpanUnit } from './language-syntax.ts'
import { textOf } from './quoted.ts'

/** The call of each name; one that stands twice is reported. */
export function callsByName<Call extends Readonly<{ name: string; offset: number }>>(
  calls: readonly Call[],
  report: Report,
): <Name extends Call['name']>(name: Name) => Extract<Call, Readonly<{ name: Name }>> | null {
  calls.forEach(({ name, offset }, index) => {
    if (calls.findIndex((call) => call.name === name) < index) report(`.${name}() stands twice`, offset)
  })
  const named = <Name extends Call['name']>(name: Name) =>
    calls.find((call): call is Extract<Call, Readonly<{ name: Name }>> => call.name === name) ?? null
  return named
}

const unitsMs: Readonly<Record<SpanUnit, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  mo: 30 * 86_400_000,
}

export type SpanBounds = Readonly<{ minMs: number; maxMs: number; says: string }>

/** A minute is the finest that is evaluated; events are kept for a month at most. */
export const eventSpans: SpanBounds = { minMs: 60_000, maxMs: 31 * 86_400_000, says: '"1m" to "31d"' }

export function spanMs({ text, count, unit, offset }: Span, { minMs, maxMs, says }: SpanBounds, report: Report): number {
  const ms = count * unitsMs[unit]
  if (!(ms >= minMs && ms <= maxMs)) report(`${JSON.stringify(text)} is out of bounds: ${says}`, offset)
  return ms
}

/** `env:prod`, `!host:web-1`, `*`, each in quotes or several in one: all of `over` and none of `exclude` must hold. Lower case. */
export function scopeOf(over: readonly Quoted[], exclude: readonly Quoted[], report: Report): Scope {
  const wanted = over.flatMap((text) => termsOf(text, report))
  const unwanted = exclude.flatMap((text) => termsOf(text, report)).map((term) => ({ ...term, negated: !term.negated }))
  const terms = [...wanted, ...unwanted]
  if (terms.length > filterTermsMax) report(`at most ${filterTermsMax} tags`, exclude[0]?.offset ?? over[0]?.offset ?? 0)
  const of = [...terms.filter(({ negated }) => !negated), ...terms.filter(({ negated }) => negated)].map(
    ({ tag, negated }): Scope => (negated ? { kind: 'not', of: tag } : tag),
  )
  const [first, ...others] = of
  if (first === undefined) return { kind: 'all' }
  return others.length === 0 ? first : { kind: 'and', of }
}

type Term = Readonly<{ negated: boolean; tag: Scope }>

function termsOf(text: Quoted, report: Report): Term[] {
  return listOf(text).flatMap((part) => {
    if (part === '*') return []
    const negated = part.startsWith('!')
    const [, key = '', value = null] = /^([^:]*)(?::(.*))?$/s.exec(part.slice(negated ? 1 : 0).toLowerCase()) ?? []
    if (key === '' || value === '') report(`${JSON.stringify(part)} is no tag such as env:prod`, text.offset)
    if (part.length > nameCharsMax) report(`a tag has at most ${nameCharsMax} characters`, text.offset)
    return [{ negated, tag: { kind: 'tag', key, value: value === '*' ? null : value } }]
  })
}

/** Keys to group by, in quotes each or several in one. Attributes keep their case: they are looked up as they were sent. */
export function keysOf(texts: readonly Quoted[], report: Report): string[] {
  const keys: string[] = []
  for (const text of texts) {
    const parts = listOf(text).map((part) => (part.startsWith('@') ? part : part.toLowerCase()))
    if (parts.length === 0) report('a key to group by is missing', text.offset)
    for (const key of parts) {
      if (!isKey(key)) report(`${JSON.stringify(key)} is no key to group by`, text.offset)
      if (keys.includes(key)) report(`the group key ${key} stands twice`, text.offset)
      keys.push(key)
    }
  }
  if (keys.length > groupKeysMax) report(`at most ${groupKeysMax} keys to group by`, texts[0]?.offset ?? 0)
  return keys
}

function isKey(key: string): boolean {
  return key.length <= nameCharsMax && /^@?[^\s@{}()"!*]+$/.test(key)
}

export function listOf(text: Quoted): string[] {
  return textOf(text)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
